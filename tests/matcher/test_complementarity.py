"""Which fields partner with which: the counts, what a pair's value is made of, and what is said of it."""

import pickle

import numpy as np
import pytest

from matcher.complementarity import (
    BROAD_FIELDS,
    CLEARLY_PARTNERS,
    CONFIDENCE_OF_COUNTS,
    broad_field,
    broad_fields,
    count_partners,
    delivered_counts,
    lifts,
    partner_fields,
    prepare_complementarity,
)
from matcher.embedders import HashedNgrams
from matcher.pairs import Pairs
from matcher.profile import CourseProfile
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder
from matcher.vocabulary.isced import STANDARD_FIELDS
from tests.matcher.making import make_profile
from tests.matcher.real_pairs import real_pairs, real_profiles
from tools.count_field_partners import count

WORDS = TextEncoder(HashedNgrams())
SENTENCES = TextEncoder()
LIFTS = lifts(*delivered_counts())
SCIENCE, ENGINEERING, ARTS = "0533", "07", "021"
ESSAY = "Students read, write and discuss every week, in groups and alone, with guests from practice. " * 3
# Counts are delivered with two decimals; a new model or another way of guessing moves them more than this.
SAME_COUNT = 0.02


def compared(a: CourseProfile, b: CourseProfile, encoder: TextEncoder = WORDS) -> tuple[float, float]:
    value, confidence = prepare_complementarity(encoder.transform([a]), encoder.transform([b]))(Pairs.every(1, 1))
    return float(value[0, 0]), float(confidence[0, 0])


def lift(broad_a: str, broad_b: str) -> float:
    return float(LIFTS[BROAD_FIELDS.index(broad_a), BROAD_FIELDS.index(broad_b)])


def test_the_broad_fields_are_those_of_the_standard() -> None:
    assert tuple(code for code in STANDARD_FIELDS if len(code) == 2) == BROAD_FIELDS


@pytest.mark.parametrize(
    ("code", "broad"),
    [("06", "06"), ("061", "06"), ("0613", "06"), ("0688", "06"), ("99", None), ("9999", None), (None, None)],
)
def test_a_code_of_any_depth_belongs_to_one_broad_field(code: str | None, broad: str | None) -> None:
    assert broad_field(code) == broad


def test_a_declared_field_is_certain_and_another_is_guessed_from_the_text() -> None:
    declared, unknown, none = (make_profile(title="Marketing", isced_f=code) for code in ("0211", "9999", None))
    chances = broad_fields(SENTENCES.transform([declared, unknown, none]))
    assert chances[0].tolist() == [float(code == "02") for code in BROAD_FIELDS]
    np.testing.assert_array_equal(chances[1], chances[2])
    np.testing.assert_allclose(chances.sum(axis=1), 1, atol=1e-5)
    assert BROAD_FIELDS[int(chances[2].argmax())] == "04"


def test_partners_are_counted_beside_what_chance_would_give() -> None:
    # Fields 00, 01 and 04: two pairs across, one alike.
    chances = np.zeros((6, len(BROAD_FIELDS)), dtype=np.float32)
    chances[[0, 1, 2, 3, 4, 5], [0, 1, 1, 0, 4, 4]] = 1
    seen, expected = count_partners(chances, [(0, 1), (2, 3), (4, 5)])
    assert (seen[0, 1], seen[1, 0], seen[4, 4], seen[0, 0]) == (2, 2, 1, 0)
    # Each of the three makes up a third of all classes.
    np.testing.assert_allclose([expected[0, 1], expected[4, 4], expected[0, 4]], [2 / 3, 1 / 3, 2 / 3])
    assert np.triu(seen).sum() == pytest.approx(3)
    assert np.triu(expected).sum() == pytest.approx(3)


def test_fields_nobody_has_seen_are_judged_by_their_nearness() -> None:
    nothing = np.zeros((len(BROAD_FIELDS), len(BROAD_FIELDS)))
    table = lifts(nothing, nothing)
    assert set(np.diag(table)) == {1.7}
    assert set(table[~np.eye(len(table), dtype=bool)]) == {1.0}


def test_few_pairs_move_the_prior_little_and_many_much() -> None:
    once, often = (np.full((len(BROAD_FIELDS), len(BROAD_FIELDS)), n) for n in (1.0, 1000.0))
    assert lifts(2 * once, once)[0, 1] == pytest.approx(7 / 6)
    assert lifts(2 * often, often)[0, 1] == pytest.approx(2, abs=0.01)


def test_the_delivered_counts_are_those_of_the_published_pairs() -> None:
    delivered = delivered_counts()
    for its, counted in zip(delivered, count(), strict=True):
        np.testing.assert_allclose(its, counted, atol=SAME_COUNT)
        np.testing.assert_array_equal(its, its.T)
        assert np.triu(its).sum() == pytest.approx(len(real_pairs()), abs=0.2)


def test_the_value_is_a_half_where_fields_meet_as_often_as_by_chance() -> None:
    science, engineering, arts = (make_profile(isced_f=code) for code in (SCIENCE, ENGINEERING, ARTS))
    assert compared(science, engineering)[0] == pytest.approx(lift("05", "07") / (1 + lift("05", "07")))
    assert compared(science, engineering)[0] > 0.5 > compared(make_profile(isced_f="0311"), engineering)[0]
    assert compared(arts, arts)[0] == pytest.approx(lift("02", "02") / (1 + lift("02", "02")))


def test_nothing_is_said_where_a_side_has_no_field() -> None:
    assert compared(make_profile(), make_profile()) == (0, 0)
    assert compared(make_profile(isced_f="0613"), make_profile(isced_f="9999")) == (0, 0)


def test_a_guess_from_few_words_is_less_certain_and_none_is_sure() -> None:
    declared, long, short = make_profile(isced_f="0613"), make_profile(description=ESSAY), make_profile()
    confidences = [compared(declared, other, SENTENCES)[1] for other in (short, long, declared)]
    assert 0 < confidences[0] < confidences[1]
    assert confidences[1] == pytest.approx(CONFIDENCE_OF_COUNTS)
    assert confidences[2] == pytest.approx(CONFIDENCE_OF_COUNTS)


def test_real_courses_are_compared_alike_in_tables_lists_both_directions_and_copies() -> None:
    left, right = SENTENCES.transform(real_profiles()[:30]), SENTENCES.transform(real_profiles()[30:70])
    comparison, every = prepare_complementarity(left, right), Pairs.every(30, 40)
    value, confidence = comparison(every)
    assert value.dtype == confidence.dtype == np.float32
    assert np.ptp(value) > 0.05
    assert ((value > 0) & (value < 1) & (confidence > 0) & (confidence <= np.float32(CONFIDENCE_OF_COUNTS))).all()
    mirrored = prepare_complementarity(right, left)(Pairs.every(40, 30))
    np.testing.assert_allclose(value, mirrored.value.T, atol=1e-6)
    np.testing.assert_array_equal(confidence, mirrored.confidence.T)
    rows, columns = np.array([0, 29, 7]), np.array([39, 0, 7])
    listed = comparison(Pairs.listed(rows, columns))
    np.testing.assert_allclose(listed.value, value[rows, columns], atol=1e-6)
    np.testing.assert_array_equal(listed.confidence, confidence[rows, columns])
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(comparison))(every).value, value)


def said(a: CourseProfile, b: CourseProfile, encoder: TextEncoder = WORDS) -> list[tuple[str, dict[str, object]]]:
    reasons = CompatibilityScorer(encoder=encoder).explain(a, b).reasons
    return [(reason.code, dict(reason.params)) for reason in reasons if reason.criterion == "complementarity"]


def test_fields_that_often_work_together_are_named() -> None:
    assert lift("05", "07") > CLEARLY_PARTNERS
    science, engineering = make_profile(isced_f=SCIENCE), make_profile(isced_f=ENGINEERING)
    assert said(science, engineering) == [("complementarity_partners", {"field_a": "05", "field_b": "07"})]
    assert said(engineering, science) == [("complementarity_partners", {"field_a": "07", "field_b": "05"})]


def test_a_guessed_field_is_named_as_a_guess() -> None:
    physics = make_profile(title="Physics", description="Mechanics, heat and light: experiments, laws and their use.")
    found = said(make_profile(isced_f=ENGINEERING), physics, SENTENCES)
    assert found == [("complementarity_guessed_partners", {"field_a": "07", "field_b": "05"})]


@pytest.mark.parametrize("codes", [(SCIENCE, SCIENCE), (ARTS, ENGINEERING), (SCIENCE, None), (None, None)])
def test_like_fields_and_those_that_meet_seldom_are_passed_over(codes: tuple[str | None, str | None]) -> None:
    a, b = (WORDS.transform([make_profile(isced_f=code)]) for code in codes)
    assert partner_fields(a, b) is None
