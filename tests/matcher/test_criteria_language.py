"""The criterion of languages and the languages read off a course's words."""

import pytest

from matcher.criteria_language import common_levels, learnt_languages, prepare_languages
from matcher.embedders import HashedNgrams
from matcher.languages import UNKNOWN
from matcher.pairs import Pairs
from matcher.profile import CourseProfile
from matcher.text import TextEncoder
from matcher.vocabulary.taught_languages import MENTIONED, NAMED_AS_SUBJECT, PRACTISED, taught_languages
from tests.matcher.making import make_profile

ENCODER = TextEncoder(HashedNgrams())

JAPANESE_IN_PARIS = make_profile(title="Japanese, intermediate", native_languages=("fr",))
FRENCH_IN_TOKYO = make_profile(title="French conversation", native_languages=("ja",))
NURSES_IN_TOKYO = make_profile(title="Nursing", native_languages=("ja",))
NURSES_IN_PARIS = make_profile(title="Nursing", native_languages=("fr",))
ENGLISH_IN_TOKYO = make_profile(title="Business English", native_languages=("ja",))
ENGLISH_IN_PARIS = make_profile(title="English course", native_languages=("fr",))
ENGLISH_TEACHERS = make_profile(title="Teaching English as a foreign language", native_languages=("en",))


def compared(a: CourseProfile, b: CourseProfile) -> tuple[float, float]:
    found = prepare_languages(ENCODER.transform([a]), ENCODER.transform([b]))(Pairs.every(1, 1))
    return float(found.value[0, 0]), float(found.confidence[0, 0])


def value(a: CourseProfile, b: CourseProfile) -> float:
    return compared(a, b)[0]


def common_level(a: CourseProfile, b: CourseProfile) -> float:
    (found,) = common_levels([a], [b])(Pairs.every(1, 1))
    return float(found[0, 0])


def test_cases_come_in_the_order_in_which_real_partners_show_them() -> None:
    in_order = [
        value(JAPANESE_IN_PARIS, FRENCH_IN_TOKYO),
        value(ENGLISH_IN_PARIS, ENGLISH_TEACHERS),
        value(ENGLISH_IN_PARIS, ENGLISH_IN_TOKYO),
        value(NURSES_IN_PARIS, NURSES_IN_TOKYO),
        value(JAPANESE_IN_PARIS, NURSES_IN_TOKYO),
        value(ENGLISH_IN_PARIS, NURSES_IN_TOKYO),
        value(ENGLISH_IN_TOKYO, make_profile(title="Spanish course", native_languages=("fr",))),
    ]
    assert in_order == sorted(in_order, reverse=True)
    assert len(set(in_order)) == len(in_order)
    assert in_order[0] == 1


def test_learning_ones_own_neighbours_language_is_no_tandem_with_fellow_learners() -> None:
    also_japanese = make_profile(title="Japanese course", native_languages=("en",))
    assert value(JAPANESE_IN_PARIS, also_japanese) < value(JAPANESE_IN_PARIS, FRENCH_IN_TOKYO)


def test_unknown_mother_tongues_weigh_neither_for_nor_strongly_against() -> None:
    unknown = make_profile(title="Nursing")
    worth, confidence = compared(JAPANESE_IN_PARIS, unknown)
    assert value(JAPANESE_IN_PARIS, NURSES_IN_PARIS) < worth < value(JAPANESE_IN_PARIS, NURSES_IN_TOKYO)
    assert confidence == 0.5


def test_what_is_declared_is_not_read_off_the_words() -> None:
    declared = make_profile(title="Japanese course", learning_languages=("fr",))
    assert learnt_languages(declared) == {"fr": NAMED_AS_SUBJECT}


@pytest.mark.parametrize(
    ("levels", "expected"),
    [
        (("B2", "B2"), 1.0),
        (("C1", "B2"), 0.85),
        (("B1", "B1"), 0.85),
        (("B1", "C1"), 0.55),
        ((None, "C1"), 0.8),
        ((None, None), 0.8),
    ],
)
def test_a_common_language_fits_by_its_levels(levels: tuple[str | None, str | None], expected: float) -> None:
    a, b = (make_profile(exchange_languages={"en": level}) for level in levels)
    assert common_level(a, b) == pytest.approx(expected)


def test_the_best_common_language_counts() -> None:
    a = make_profile(exchange_languages={"en": "B1", "fr": "C1"})
    b = make_profile(exchange_languages={"en": "B1", "fr": "C1", "de": "C2"})
    assert common_level(a, b) == 1
    assert common_level(a, make_profile(exchange_languages={"de": None})) == 0
    assert common_level(a, make_profile()) == UNKNOWN


def test_with_no_language_class_the_common_language_decides() -> None:
    fluent = [make_profile(title="Nursing", exchange_languages={"en": "C1"}) for _ in range(2)]
    assert value(*fluent) == 1


@pytest.mark.parametrize(
    ("heading", "text", "expected"),
    [
        ("Japanese as a foreign language", "", {"ja": NAMED_AS_SUBJECT}),
        ("Japanese pop culture", "", {"ja": MENTIONED}),
        ("Marketing", "Learners of Korean who meet online", {"ko": PRACTISED}),
        ("Marketing", "University students in Korea and a German company", {}),
        ("Preparing for IELTS", "", {"en": NAMED_AS_SUBJECT}),
        ("日本語初級", "", {"ja": NAMED_AS_SUBJECT}),
        ("Anglais des affaires", "", {"en": MENTIONED}),
        ("Tiếng Anh", "", {"en": NAMED_AS_SUBJECT}),
        ("Italian language", "improve their French", {"it": NAMED_AS_SUBJECT, "fr": PRACTISED}),
        ("Quantum computing", "", {}),
    ],
)
def test_taught_languages_are_read_off_the_words(heading: str, text: str, expected: dict[str, float]) -> None:
    assert taught_languages(heading, text) == expected
