"""What holds of every pair, whatever the two profiles say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.embedders import HashedNgrams
from matcher.explanation import Explanation, Share
from matcher.pairs import Pairs
from matcher.profile import CourseProfile, Level
from matcher.scorer import BASELINE, DEFAULT_WEIGHTS, CompatibilityScorer
from matcher.text import TextEncoder
from matcher.text_statistics import TextStatistics
from tests.matcher.making import make_profile
from tests.matcher.real_pairs import real_profiles
from tests.matcher.test_criteria_pairs import rich_profiles

FITTED = CompatibilityScorer(encoder=TextEncoder(HashedNgrams())).fit(real_profiles())
STORED = FITTED.encoder.statistics_.to_bytes()
RESTORED = CompatibilityScorer(encoder=TextEncoder(HashedNgrams()).use(TextStatistics.from_bytes(STORED)))
# A sum of shares in another order may differ in its last bits.
TO_THE_LAST_BITS = 1e-12
# Products of whole tables of pairs in single precision, rounded to six digits.
IN_TABLES = 1e-5

courses = st.lists(rich_profiles(), min_size=1, max_size=5)


@settings(max_examples=20, deadline=None)
@given(courses, courses, st.data())
def test_a_score_in_any_company_is_the_score_alone_by_statistics_stored_and_restored(
    left: list[CourseProfile], right: list[CourseProfile], data: st.DataObject
) -> None:
    row, column = data.draw(st.integers(0, len(left) - 1)), data.draw(st.integers(0, len(right) - 1))
    alone = FITTED.explain(left[row], right[column])
    assert FITTED.pairs(left, right).explain(row, column) == alone
    in_company = RESTORED.pairs([*left, *real_profiles()[:3]], [*right, *left])
    assert in_company.explain(row, column) == alone
    every = Pairs.every(len(left) + 3, len(right) + len(left))
    assert in_company.score(every).score[row, column] == pytest.approx(alone.score, abs=IN_TABLES)
    assert in_company.quick(every)[row, column] == pytest.approx(alone.score, abs=IN_TABLES)


@settings(max_examples=25, deadline=None)
@given(rich_profiles(), rich_profiles())
def test_a_pair_is_the_same_from_both_sides(a: CourseProfile, b: CourseProfile) -> None:
    one, other = FITTED.explain(a, b), FITTED.explain(b, a)
    assert one.score == pytest.approx(other.score, abs=IN_TABLES)
    assert one.confidence == pytest.approx(other.confidence, abs=IN_TABLES)
    for mine, yours in zip(one.shares, other.shares, strict=True):
        assert (mine.value is None) == (yours.value is None)
        assert mine.value is None or mine.value == pytest.approx(yours.value, abs=IN_TABLES)
        assert mine.share == pytest.approx(yours.share, abs=IN_TABLES)
    assert (one.shared_weeks, one.live_hours) == (other.shared_weeks, other.live_hours)
    assert (one.teaching_weeks_a, one.teaching_weeks_b) == (other.teaching_weeks_b, other.teaching_weeks_a)


@settings(max_examples=25, deadline=None)
@given(rich_profiles(), rich_profiles(), st.lists(st.integers(0, 20), min_size=len(DEFAULT_WEIGHTS)))
def test_shares_add_up_to_the_score_whatever_the_weights(a: CourseProfile, b: CourseProfile, drawn: list[int]) -> None:
    weights = dict(zip(DEFAULT_WEIGHTS, map(float, drawn), strict=False)) | {"level": 1.0}
    explained = CompatibilityScorer(weights, FITTED.encoder).explain(a, b)
    assert sum(share.share for share in explained.shares) == pytest.approx(explained.score, abs=TO_THE_LAST_BITS)
    assert sum(share.weight for share in explained.shares) == pytest.approx(1, abs=TO_THE_LAST_BITS)
    known = [share.value for share in explained.shares if share.value is not None and share.weight > 0]
    # What is missing scores an average of what is known and the baseline, so the score cannot leave their range.
    assert min([*known, BASELINE]) - 1e-9 <= explained.score <= max([*known, BASELINE]) + 1e-9


# Fields of a profile, and the criteria that know nothing without any of them.
ONLY_SOURCES: list[tuple[tuple[str, ...], tuple[str, ...]]] = [
    (("level",), ("level",)),
    (("students",), ("class_size",)),
    # That both work at their own time fits without any hours.
    (("starts_on", "mode"), ("calendar", "live_hours")),
    (("ends_on", "mode"), ("calendar", "live_hours")),
    (("time_zone", "mode"), ("live_hours",)),
    (("tools", "bandwidth", "mode"), ("technology",)),
    (("sdgs", "skills"), ("goals",)),
    (("wishes",), ("wishes",)),
    # The fallback encoder guesses no field from the text.
    (("isced_f",), ("field",)),
]
EMPTY = make_profile()


def blanked(profile: CourseProfile, names: tuple[str, ...]) -> CourseProfile:
    return replace(profile, **{name: getattr(EMPTY, name) for name in names})


def share(explained: Explanation, criterion: str) -> Share:
    return next(one for one in explained.shares if one.criterion == criterion)


@pytest.mark.parametrize(("names", "criteria"), ONLY_SOURCES)
@settings(max_examples=5, deadline=None)
@given(a=rich_profiles(), b=rich_profiles())
def test_two_empty_fields_are_never_agreement(
    a: CourseProfile, b: CourseProfile, names: tuple[str, ...], criteria: tuple[str, ...]
) -> None:
    neither = FITTED.explain(blanked(a, names), blanked(b, names))
    one_side = FITTED.explain(blanked(a, names), b)
    for criterion in criteria:
        its = share(neither, criterion)
        assert (its.value, its.confidence) == (None, 0)
        # Wishes of one side can be judged without any of the other.
        if criterion != "wishes":
            assert share(one_side, criterion).confidence == 0
    # All criteria that are missing add the same part of their weights: none of them speaks for the pair.
    parts = [its.share / its.weight for its in neither.shares if its.value is None]
    assert parts == pytest.approx([parts[0]] * len(parts), abs=1e-9)
    assert not [reason for reason in neither.reasons if reason.kind == "fits" and reason.criterion in criteria]


# A break is part of the term and not an unknown; work at one's own time makes live hours moot.
NO_UNKNOWNS = {"breaks", "mode"}
OPTIONAL = sorted(
    EMPTY.__dataclass_fields__.keys() - {"id", "institution", "country", "title", "capacity", *NO_UNKNOWNS}
)


@settings(max_examples=25, deadline=None)
@given(rich_profiles(), rich_profiles(), st.sampled_from(OPTIONAL))
def test_saying_less_never_makes_a_pair_more_certain(a: CourseProfile, b: CourseProfile, name: str) -> None:
    both = FITTED.explain(a, b)
    for less in ((blanked(a, (name,)), b), (a, blanked(b, (name,))), (blanked(a, (name,)), blanked(b, (name,)))):
        assert FITTED.explain(*less).confidence <= both.confidence + TO_THE_LAST_BITS, name


AGREEING: dict[str, dict[str, Any]] = {
    "level": {"level": Level.BACHELOR},
    "class_size": {"students": 20},
    "goals": {"sdgs": (4, 13), "skills": ("U1",)},
    "field": {"isced_f": "0913"},
}


@settings(max_examples=25, deadline=None)
@given(rich_profiles(), rich_profiles(), st.sampled_from(sorted(AGREEING)))
def test_silence_never_scores_above_agreement(a: CourseProfile, b: CourseProfile, criterion: str) -> None:
    # Only criteria of which each reads fields of its own.
    scorer = CompatibilityScorer({**dict.fromkeys(AGREEING, 1.0), "topic": 2.0, "calendar": 1.0}, FITTED.encoder)
    names = tuple(AGREEING[criterion])
    silent = scorer.explain(blanked(a, names), blanked(b, names))
    agreed = scorer.explain(replace(a, **AGREEING[criterion]), replace(b, **AGREEING[criterion]))
    assert share(agreed, criterion).value == 1
    assert silent.score < agreed.score
    assert silent.confidence < agreed.confidence
