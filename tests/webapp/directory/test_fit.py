"""The fit of a course is the matcher's own, however it was computed."""

from dataclasses import replace
from datetime import UTC, date, datetime

import numpy as np
import pytest

from matcher.profile import CourseProfile
from matcher.rules import RuleSettings, check
from matcher.scorer import CompatibilityScorer
from tests.webapp.directory.conftest import Town
from webapp.directory.answers import Desk
from webapp.directory.fit import Fit, Mine, explain, fit_of, other_dates, with_history
from webapp.directory.snapshot import Snapshot
from webapp.profiles import queries as profiles

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
SETTINGS = RuleSettings()


def mine(town: Town, name: str) -> tuple[Mine, Snapshot]:
    """A course of the town as its owner compares it, and the index."""
    snapshot = town.snapshot()
    desk: Desk = town.app.extensions["directory"]
    with town.app.app_context():
        course = profiles.course(town.ids[name])
        assert course is not None
        found = desk.mine(course, snapshot, NOW.date())
    assert found is not None
    return found, snapshot


def others(fit: Fit, snapshot: Snapshot) -> list[tuple[int, CourseProfile]]:
    """Positions that were scored, with their profiles."""
    return [(at, snapshot.entries[at].profile) for at in np.flatnonzero(~np.isnan(fit.score)).tolist()]


@pytest.mark.parametrize("name", ["water", "draft", "tourism"])
def test_scores_are_those_of_the_matcher(town: Town, name: str) -> None:
    own, snapshot = mine(town, name)
    fit = fit_of(own, snapshot, SETTINGS)
    scorer = CompatibilityScorer(encoder=snapshot.encoder)
    assert others(fit, snapshot)
    for at, profile in others(fit, snapshot):
        told = scorer.explain(own.entry.profile, profile)
        assert fit.score[at] == pytest.approx(told.score, abs=1e-5)
        assert fit.confidence[at] == pytest.approx(told.confidence, abs=1e-5)
        (explained,) = explain(own, [at], snapshot)
        assert explained.score == pytest.approx(told.score, abs=1e-5)


@pytest.mark.parametrize("name", ["water", "draft", "rivers"])
def test_what_is_possible_is_what_no_rule_forbids(town: Town, name: str) -> None:
    own, snapshot = mine(town, name)
    fit = fit_of(own, snapshot, SETTINGS)
    for at, entry in enumerate(snapshot.entries):
        assert bool(fit.is_possible[at]) == (not check(own.entry.profile, entry.profile, SETTINGS))


def test_a_course_that_came_late_scores_as_one_that_was_prepared(town: Town) -> None:
    own, snapshot = mine(town, "water")
    late = replace(snapshot, prepared_row=np.full(len(snapshot), -1, dtype=np.int64))
    unprepared = replace(snapshot, prepared=replace(snapshot.prepared, row_of={}))
    first = fit_of(own, snapshot, SETTINGS)
    for other in (fit_of(own, late, SETTINGS), fit_of(own, unprepared, SETTINGS)):
        assert np.allclose(first.score, other.score, atol=1e-5, equal_nan=True)
        assert first.is_possible.tolist() == other.is_possible.tolist()


def test_more_than_can_be_compared_leaves_the_nearest(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    own, snapshot = mine(town, "draft")
    monkeypatch.setattr("webapp.directory.fit.MOST_COMPARED", 1)
    fit = fit_of(own, snapshot, SETTINGS)
    ((_, nearest),) = others(fit, snapshot)
    assert nearest.id == str(town.ids["rivers"])
    assert not fit.is_compared[[entry.course_id == town.ids["tourism"] for entry in snapshot.entries]].any()


def test_courses_tried_before_or_without_a_place_are_not_possible(town: Town) -> None:
    own, snapshot = mine(town, "water")
    ids = town.ids
    fit = with_history(fit_of(own, snapshot, SETTINGS), snapshot, [ids["rivers"]], {ids["tourism"]: 1, 10**6: 1})
    assert not fit.is_possible.any()
    fit = with_history(fit_of(own, snapshot, SETTINGS), snapshot, [], {ids["tourism"]: 0})
    assert int(fit.is_possible.sum()) == 2


def test_other_dates_that_would_open_a_course_are_found(town: Town) -> None:
    own, snapshot = mine(town, "water")
    # The harbour course begins on 6 September: with a term until 3 September, five weeks later would be needed.
    term = replace(own.entry.profile, starts_on=date(2027, 6, 14), ends_on=date(2027, 9, 17))
    moved = Mine(replace(own.entry, course_id=0, profile=term), own.encoded)
    fit = with_history(fit_of(moved, snapshot, SETTINGS), snapshot, [], {})
    assert not fit.is_possible.any()
    assert other_dates(moved.entry, snapshot, fit, SETTINGS.min_shared_weeks) == (2, 1)
    tried = with_history(fit, snapshot, [town.ids["autumn"]], {})
    assert other_dates(moved.entry, snapshot, tried, SETTINGS.min_shared_weeks) is None


def test_a_course_outside_both_regions_sees_nobody(town: Town) -> None:
    own, snapshot = mine(town, "water")
    abroad = Mine(replace(own.entry, profile=replace(own.entry.profile, country="US")), own.encoded)
    fit = fit_of(abroad, snapshot, SETTINGS)
    assert fit.broken["no_region"].all()
    assert not fit.is_possible.any()
