"""Who leads: within one of half at every level, whatever the market, whatever the order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.lead_follow import split_leads


@st.composite
def partnerships(draw):
    """Pairs of up to 12 courses a side, several a course, and nested institutions and countries."""
    n_left, n_right = draw(st.integers(1, 12)), draw(st.integers(1, 12))
    cells = st.tuples(st.integers(0, n_left - 1), st.integers(0, n_right - 1))
    pairs = draw(st.lists(cells, unique=True, max_size=40))
    sides = []
    for n in (n_left, n_right):
        institution = draw(st.lists(st.integers(0, 4), min_size=n, max_size=n))
        sides.append([[f"i{i}" for i in institution], [f"c{i // 2}" for i in institution]])
    return np.array(pairs, dtype=int).reshape(-1, 2), *sides


def ids(n, side):
    return [f"{side} {i:02}" for i in range(n)]


def worst_difference(pairs, leads, groups_left, groups_right):
    signed = np.where(leads, 1, -1)
    worst = abs(signed.sum())
    for courses, groups in ((pairs[:, 0], groups_left), (pairs[:, 1], groups_right)):
        for labels in [list(range(len(groups[0]))), *groups]:
            own = np.array([labels[c] for c in courses])
            worst = max([worst, *(abs(signed[own == name].sum()) for name in set(labels))])
    return worst


@settings(max_examples=60, deadline=None)
@given(partnerships())
def test_every_course_group_and_region_leads_in_half_of_its_partnerships(made):
    pairs, left, right = made
    leads = split_leads(pairs, left, right, ids(len(left[0]), "a"), ids(len(right[0]), "b"))
    assert leads.shape == (len(pairs),)
    assert worst_difference(pairs, leads, left, right) <= 1


@settings(max_examples=30, deadline=None)
@given(partnerships(), st.randoms(use_true_random=False))
def test_the_order_of_courses_and_of_pairs_never_changes_who_leads(made, random):
    pairs, left, right = made
    names = ids(len(left[0]), "a"), ids(len(right[0]), "b")

    def leading(p, q, pairs):
        """Lead by ids with left courses in the order p and right courses in the order q."""
        at = np.stack([np.argsort(p)[pairs[:, 0]], np.argsort(q)[pairs[:, 1]]], axis=1)
        leads = split_leads(
            at,
            [[labels[i] for i in p] for labels in left],
            [[labels[j] for j in q] for labels in right],
            [names[0][i] for i in p],
            [names[1][j] for j in q],
        )
        return {(*pair, lead) for pair, lead in zip(map(tuple, pairs.tolist()), leads.tolist(), strict=True)}

    p, q, order = (list(range(n)) for n in (len(names[0]), len(names[1]), len(pairs)))
    straight = leading(p, q, pairs)
    for one in (p, q, order):
        random.shuffle(one)
    assert leading(p, q, pairs[order]) == straight


def test_groups_that_are_not_nested_are_refused():
    with pytest.raises(ValueError, match="nested"):
        split_leads([(0, 0), (1, 0)], [["i", "i"], ["c1", "c2"]], [["i"], ["c"]], ["a", "b"], ["c"])


def test_nobody_leads_without_partnerships_and_each_side_leads_the_odd_one_now_and_then():
    assert split_leads([], [["i"]], [["j"]], ["a"], ["b"]).shape == (0,)
    alone = [split_leads([(0, 0)], [["i"]], [["j"]], [f"a{i}"], ["b"])[0] for i in range(20)]
    assert 0 < sum(alone) < 20
