"""What holds of every criterion and rule, whatever the courses: tables, lists, both directions, copies."""

import pickle
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import kinds
from matcher.criteria import CRITERIA
from matcher.criterion import Compared, Criterion
from matcher.embedders import HashedNgrams
from matcher.fields import FieldWish
from matcher.pairs import Pairs
from matcher.profile import CourseProfile, Wishes
from matcher.rules import RuleSettings, prepare_rules
from matcher.text import TextEncoder
from tests.matcher.making import profiles, some

ENCODER = TextEncoder(HashedNgrams())
# The last bits of a product in single precision depend on the size of the matrices.
CLOSE = 2e-6
RULES = RuleSettings(tried=frozenset({frozenset("ab"), frozenset("ac"), frozenset("dh")}))


@st.composite
def rich_profiles(draw: st.DrawFn) -> CourseProfile:
    """Profiles with the fields that only criteria read."""
    made = draw(profiles())
    wishes = Wishes(
        regions=draw(some("asia", "europe")),
        countries=draw(some("JP", "FR")),
        disciplines=draw(some("Economics", "film", "?!", "nursing")),
        must_have_topic=made.wishes.must_have_topic,
        field=draw(st.sampled_from((None, *FieldWish))),
    )
    return replace(
        made,
        isced_f=draw(st.sampled_from((None, "06", "061", "0613", "0715", "0913", "9999"))),
        students=draw(st.sampled_from((None, 1, 20, 300))),
        weeks_wanted=draw(st.sampled_from((None, 2, 6, 12))),
        sdgs=tuple(draw(st.lists(st.integers(1, 17), max_size=3, unique=True))),
        skills=draw(some("U1", "U2", "patience")),
        wishes=wishes,
    )


some_profiles = st.lists(rich_profiles(), min_size=1, max_size=4)


def whole_table(criterion: Criterion, left: Sequence[CourseProfile], right: Sequence[CourseProfile]) -> Compared:
    pairs = Pairs.every(len(left), len(right))
    found = criterion.prepare(ENCODER.transform(left), ENCODER.transform(right))(pairs)
    return Compared(*(np.broadcast_to(its, pairs.shape) for its in found))


@settings(max_examples=40, deadline=None)
@given(some_profiles, some_profiles)
def test_criteria_are_symmetric_within_bounds_and_silent_about_the_unknown(
    left: list[CourseProfile], right: list[CourseProfile]
) -> None:
    for criterion in CRITERIA:
        value, confidence = whole_table(criterion, left, right)
        mirrored = whole_table(criterion, right, left)
        np.testing.assert_allclose(value, mirrored.value.T, atol=CLOSE, err_msg=criterion.name)
        np.testing.assert_allclose(confidence, mirrored.confidence.T, atol=CLOSE, err_msg=criterion.name)
        for its in (value, confidence):
            assert its.dtype == np.float32, criterion.name
            assert ((its >= 0) & (its <= 1)).all(), criterion.name
        assert (value[confidence == 0] == 0).all(), criterion.name


@settings(max_examples=40, deadline=None)
@given(some_profiles, some_profiles, st.randoms(use_true_random=False))
def test_a_list_of_pairs_is_judged_as_the_table(
    left: list[CourseProfile], right: list[CourseProfile], chance: st.DataObject
) -> None:
    places = [(i, j) for i in range(len(left)) for j in range(len(right))]
    rows, columns = np.array(chance.choices(places, k=7)).T
    pairs = Pairs.listed(rows, columns)
    for criterion in CRITERIA:
        table = whole_table(criterion, left, right)
        listed = criterion.prepare(ENCODER.transform(left), ENCODER.transform(right))(pairs)
        for whole, its in zip(table, listed, strict=True):
            np.testing.assert_allclose(
                np.broadcast_to(its, pairs.shape), whole[rows, columns], atol=CLOSE, err_msg=criterion.name
            )
    rules = prepare_rules(left, right, RULES)
    every = Pairs.every(len(left), len(right))
    np.testing.assert_array_equal(rules.permitted(pairs), rules.permitted(every)[rows, columns])
    for code, forbidden in rules.forbidden(every).items():
        np.testing.assert_array_equal(rules.forbidden(pairs)[code], forbidden[rows, columns], err_msg=code)


@settings(max_examples=40, deadline=None)
@given(some_profiles, some_profiles)
def test_many_courses_of_few_kinds_are_judged_as_each_alone(
    left: list[CourseProfile], right: list[CourseProfile]
) -> None:
    # Repeated courses are of few kinds, which are looked up in tables; courses alone are not.
    for criterion in CRITERIA:
        repeated = whole_table(criterion, left * kinds.LEAST_USES, right)
        alone = whole_table(criterion, left[:1], right[-1:])
        for many, one in zip(repeated, alone, strict=True):
            np.testing.assert_allclose(many[:: len(left), -1], one[0, 0], atol=CLOSE, err_msg=criterion.name)
    every = Pairs.every(len(left) * kinds.LEAST_USES, len(right))
    many = prepare_rules(left * kinds.LEAST_USES, right, RULES).permitted(every)
    assert (many[:: len(left), -1] == prepare_rules(left[:1], right[-1:], RULES).permitted(Pairs.every(1, 1))).all()


@settings(max_examples=20, deadline=None)
@given(some_profiles)
def test_comparisons_and_rules_travel_to_other_processes(made: list[CourseProfile]) -> None:
    encoded, every = ENCODER.transform(made), Pairs.every(len(made), len(made))
    for criterion in CRITERIA:
        comparison = criterion.prepare(encoded, encoded)
        for here, there in zip(comparison(every), pickle.loads(pickle.dumps(comparison))(every), strict=True):
            np.testing.assert_array_equal(here, there, err_msg=criterion.name)
    rules = prepare_rules(made, made, RULES)
    np.testing.assert_array_equal(rules.permitted(every), pickle.loads(pickle.dumps(rules)).permitted(every))


@pytest.mark.parametrize("n_items", [3, 300])
def test_items_in_common_are_counted_in_full_and_in_sparse_matrices(n_items: int) -> None:
    left = [range(n_items), [0, 0, 1], [], ["only here"]]
    right = [range(n_items), [1], [], ["only there"]]
    held = kinds.Holdings.of(left, right)
    assert held.is_sparse == (n_items > 256)
    expected = np.array([[n_items, 1, 0, 0], [2, 1, 0, 0], [0, 0, 0, 0], [0, 0, 0, 0]])
    np.testing.assert_array_equal(held.count(Pairs.every(4, 4)), expected)
    rows, columns = np.array([0, 1, 2, 3]), np.array([0, 1, 0, 3])
    np.testing.assert_array_equal(held.count(Pairs.listed(rows, columns)), expected[rows, columns])


def test_tables_of_kinds_are_filled_block_by_block() -> None:
    n = 3000
    left, right = list(range(1000)) * 3, list(range(2000)) * 2
    by_kind = kinds.ByKind.prepare(left, right, lambda *_: _difference)
    assert by_kind.tables is not None
    pairs = Pairs.listed(np.array([0, n - 1, 1001]), np.array([3999, 0, 5]))
    np.testing.assert_array_equal(by_kind(pairs)[0], [-1999, 999, -4])


def _difference(pairs: Pairs) -> tuple[np.ndarray]:
    return (pairs.rows - pairs.columns,)
