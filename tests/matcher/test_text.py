"""What texts say about two courses."""

import numpy as np
import pytest
from scipy import sparse

from matcher.course_texts import count_words, full_text
from matcher.embedders import HashedNgrams
from matcher.encoded import TITLE, WHOLE
from matcher.latent_terms import N_TERMS, term_weights, weighted_terms
from matcher.pairs import Pairs
from matcher.profile import CourseProfile
from matcher.text import NARROW_FIELDS, TextEncoder, prepare_similarity, similarity
from matcher.text_statistics import TextStatistics
from tests.matcher.making import make_profile
from tests.matcher.real_pairs import real_profiles

TOPICS = {
    "marketing": ("国際マーケティングと消費者行動", "Marketing international et comportement du consommateur"),
    "nursing": ("看護学：高齢者ケア", "Soins infirmiers aux personnes âgées"),
    "law": ("国際人権法", "Droit international des droits de l'homme"),
    "software": ("ソフトウェア工学の演習", "Projet de génie logiciel"),
    "tourism": ("持続可能な観光", "Tourisme durable"),
    "architecture": ("建築設計スタジオ", "Atelier de projet d'architecture"),
}


@pytest.fixture(scope="module")
def encoder() -> TextEncoder:
    return TextEncoder().fit(real_profiles())


def one_pair(row: int, column: int) -> Pairs:
    return Pairs.listed(np.array([row]), np.array([column]))


def course(title: str, **changes: object) -> CourseProfile:
    return make_profile(title=title, **changes)


def test_a_course_in_japanese_finds_its_counterpart_in_french() -> None:
    japanese = [course(title) for title, _ in TOPICS.values()]
    french = [course(title) for _, title in TOPICS.values()]
    encoder = TextEncoder().fit([*japanese, *french])
    table = similarity(encoder.transform(japanese), encoder.transform(french))
    assert table.argmax(axis=1).tolist() == list(range(len(TOPICS)))


def test_similarity_is_symmetric_and_counts_from_the_usual_pair(encoder: TextEncoder) -> None:
    encoded = encoder.transform(real_profiles())
    table = similarity(encoded, encoded)
    np.testing.assert_allclose(table, table.T, atol=1e-5)
    others = table[~np.eye(len(table), dtype=bool)]
    assert abs(others.mean()) < 0.05
    assert others.std() == pytest.approx(1, abs=0.05)


def test_a_pair_depends_on_its_two_profiles_and_the_fitted_statistics_only(encoder: TextEncoder) -> None:
    all_of_them = encoder.transform(real_profiles())
    alone = [encoder.transform([real_profiles()[at]]) for at in (3, 70)]
    among_many = prepare_similarity(all_of_them, all_of_them)(one_pair(3, 70))
    np.testing.assert_array_equal(prepare_similarity(*alone)(one_pair(0, 0)), among_many)
    assert similarity(all_of_them, all_of_them)[3, 70] == pytest.approx(among_many[0], abs=1e-5)


def test_the_order_of_the_catalogue_changes_nothing(encoder: TextEncoder) -> None:
    other_way = TextEncoder().fit(real_profiles()[::-1])
    pair = real_profiles()[:2]
    expected = similarity(encoder.transform(pair), encoder.transform(pair))
    np.testing.assert_array_equal(similarity(other_way.transform(pair), other_way.transform(pair)), expected)


def test_the_fitted_statistics_survive_being_stored(encoder: TextEncoder) -> None:
    restored = TextEncoder().use(TextStatistics.from_bytes(encoder.statistics_.to_bytes()))
    pair = real_profiles()[:2]
    np.testing.assert_array_equal(
        similarity(restored.transform(pair), restored.transform(pair)),
        similarity(encoder.transform(pair), encoder.transform(pair)),
    )
    assert restored.shared_terms(*[restored.transform([p]) for p in pair]) == encoder.shared_terms(
        *[encoder.transform([p]) for p in pair]
    )


def test_statistics_of_another_model_and_broken_ones_are_refused(encoder: TextEncoder) -> None:
    with pytest.raises(ValueError, match="do not serve hashed"):
        TextEncoder(HashedNgrams()).use(encoder.statistics_)
    with pytest.raises(ValueError, match="no stored text statistics"):
        TextStatistics.from_bytes(b"PK")


def test_a_catalogue_of_two_courses_gets_sane_similarities() -> None:
    nursing = [course("Nursing of the elderly"), course("Geriatric nursing care")]
    others = [course("Nursing of the elderly"), course("Naval architecture")]
    figures = []
    for pair in (nursing, others):
        encoded = TextEncoder().fit(pair).transform(pair)
        figures.append(similarity(encoded, encoded)[0, 1])
    assert figures[0] > 3
    assert figures[1] < 1


def test_an_all_purpose_text_is_not_everybodys_neighbour(encoder: TextEncoder) -> None:
    encoded = encoder.transform(real_profiles())
    nearest = np.argsort(similarity(encoded, encoded) - 99 * np.eye(len(encoded)), axis=1)[:, -10:]
    plain = encoded.vectors.dense @ encoded.vectors.dense.T
    uncorrected = np.argsort(plain - 99 * np.eye(len(encoded)), axis=1)[:, -10:]
    assert np.bincount(nearest.ravel()).max() < np.bincount(uncorrected.ravel()).max()


def test_ai_does_not_match_retail(encoder: TextEncoder) -> None:
    sides = encoder.transform([course("AI"), course("Retail"), course("Artificial intelligence and machine learning")])
    table = similarity(sides, sides)
    assert table[0, 2] > table[0, 1] + 1


def test_shared_terms_name_subjects_and_no_empty_words(encoder: TextEncoder) -> None:
    a = encoder.transform([course("Course on tourism", description="The students want sustainable tourism.")])
    b = encoder.transform([course("Sustainable tourism", description="The students of the course.")])
    terms = encoder.shared_terms(a, b)
    assert "tourism" in " ".join(terms)
    assert not {"the", "students", "course", "of"} & set(" ".join(terms).split())
    assert encoder.shared_terms(a, encoder.transform([course("Naval engineering")])) == []


def test_the_field_is_guessed_from_the_text(encoder: TextEncoder) -> None:
    encoded = encoder.transform([course("Nursing and midwifery"), course("Marketing and advertising")])
    guessed = [NARROW_FIELDS[place] for place in encoded.fields.argmax(axis=1)]
    assert guessed == ["091", "041"]
    np.testing.assert_allclose((encoded.fields**2).sum(axis=1), 1, atol=1e-5)


def test_the_fallback_guesses_no_field_and_still_compares() -> None:
    encoder = TextEncoder(HashedNgrams())
    assert encoder.is_fallback
    encoded = encoder.transform([course("Tourism marketing"), course("Marketing of tourism"), course("Botany")])
    assert not encoded.fields.any()
    table = similarity(encoded, encoded)
    assert table[0, 1] > table[0, 2] + 1


def test_no_profiles_encode_to_nothing(encoder: TextEncoder) -> None:
    nobody = encoder.transform([])
    assert similarity(nobody, encoder.transform(real_profiles()[:3])).shape == (0, 3)


def test_the_whole_text_holds_every_text_field_once() -> None:
    profile = course("Soil", discipline="Biology", outcomes=("Measure", "Report"), keywords=("humus",))
    assert full_text(profile) == "Soil. Biology. Measure. Report. humus"


def test_a_title_of_control_characters_is_encoded_all_the_same(encoder: TextEncoder) -> None:
    encoded = encoder.transform([course("\0"), course("\0 \0")])
    assert np.isfinite(similarity(encoded, encoded)).all()


def test_a_title_that_names_no_subject_gives_way_to_the_discipline(encoder: TextEncoder) -> None:
    described = {"description": "Care for older people at home and in hospital, and how families take part in it."}
    nameless = encoder.transform([course("Course 101", discipline="Nursing", **described)])
    named = encoder.transform([course("Nursing", **described)])
    half = nameless.vectors.dense.shape[1] // 2
    np.testing.assert_array_equal(nameless.vectors.dense[:, half:], named.vectors.dense[:, half:])
    assert not np.array_equal(nameless.vectors.dense[:, :half], named.vectors.dense[:, :half])


def test_a_bare_title_stands_for_the_whole_text_too_and_is_put_to_the_model_as_a_course(encoder: TextEncoder) -> None:
    bare, described = encoder.transform([course("Nursing"), course("Nursing", keywords=("care",))]).vectors.dense
    half = len(bare) // 2
    np.testing.assert_allclose(bare[:half] / np.sqrt(WHOLE), bare[half:] / np.sqrt(TITLE), atol=1e-6)
    assert not np.allclose(bare[half:], described[half:], atol=1e-3)


def test_latent_terms_mark_the_subject_more_than_the_language() -> None:
    japanese, french = ([course(pair[side]) for pair in TOPICS.values()] for side in (0, 1))
    terms = TextEncoder().fit([*japanese, *french]).transform([*japanese, *french]).vectors.terms
    shared = (terms @ terms.T).toarray()
    n = len(TOPICS)
    same_subject = np.diag(shared[:n, n:]).mean()
    same_language = shared[:n, :n][~np.eye(n, dtype=bool)].mean()
    assert same_subject > 1.5 * same_language
    np.testing.assert_allclose(np.diag(shared), 1, atol=1e-5)


@pytest.mark.parametrize(
    ("text", "n_words"),
    [
        ("Care for older people", 4),
        ("", 0),
        ("看護学：高齢者ケア", 4),
        ("AI と 社会の未来", 4),
        ("การพยาบาล ผู้สูงอายุ", 4),
        ("간호학 개론", 2),
    ],
)
def test_words_are_counted_in_scripts_without_spaces_too(text: str, n_words: int) -> None:
    assert count_words(text) == n_words


def test_a_term_that_every_text_holds_counts_nothing() -> None:
    rows = sparse.csr_array(np.array([[1.0, 2.0], [1.0, 0.0], [1.0, 0.0]] * 20))
    rows.resize((60, N_TERMS))
    weights = term_weights(sparse.csr_array((1, N_TERMS)), rows, np.array([""] * 60), 1, 1)
    assert weights[""][0] == 0
    weighted = weighted_terms(rows, [""] * 60, weights)
    assert weighted[[0]].toarray()[0, 0] == 0
