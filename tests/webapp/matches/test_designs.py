"""Designs, phases and their reasons: what suits hours, ways of working and connections."""

from datetime import date
from typing import Any

import pytest
from flask import Flask

from tests.webapp.matches.conftest import Scene
from tests.webapp.matches.samples import explanation, weeks
from webapp.matches import designs, wording
from webapp.matches.designs import Means

LIVE = "A live session every week"
FRAME = "Live at the beginning and the end, own time between"
OWN_TIME = "Mixed teams, each in their own time"
RELAY = "A relay between the two classes"


def means(
    hours: float | None = 2.0, *modes: str, is_assumed: bool = False, is_thin: bool = False
) -> tuple[designs.Design, ...]:
    return designs.designs(Means(hours, is_assumed, frozenset(modes), is_thin))


@pytest.mark.parametrize(
    ("suggested", "names"),
    [
        ((2.0, "synchronous"), [LIVE, FRAME, OWN_TIME]),
        ((2.0, "mixed"), [FRAME, LIVE, OWN_TIME]),
        ((2.0, "synchronous", "mixed"), [FRAME, LIVE, OWN_TIME]),
        ((2.0,), [FRAME, LIVE, OWN_TIME]),
        ((0.5, "synchronous"), [FRAME, OWN_TIME]),
        ((0.0, "synchronous"), [OWN_TIME, RELAY]),
        ((4.0, "asynchronous"), [OWN_TIME, RELAY]),
        ((4.0, "asynchronous", "synchronous"), [FRAME, OWN_TIME]),
        ((None,), [FRAME, OWN_TIME]),
        ((None, "asynchronous"), [OWN_TIME, RELAY]),
    ],
)
def test_designs_follow_hours_and_ways_of_working(context: Flask, suggested: tuple[Any, ...], names: list[str]) -> None:
    found = means(*suggested)
    assert [design.name for design in found] == names
    assert all(design.why and design.how for design in found)


def test_a_thin_connection_puts_own_time_first_and_keeps_calls_short(context: Flask) -> None:
    found = means(4.0, "synchronous", is_thin=True)
    assert [design.name for design in found] == [OWN_TIME, FRAME]
    assert found[0].why.startswith("One side has little bandwidth: texts")
    assert "two or three short calls" in found[1].why


def test_assumed_hours_are_said_to_be_assumed(context: Flask) -> None:
    assert means(2.0, "synchronous", is_assumed=True)[0].why.endswith("check them first.")
    assert "assumed" not in means(2.0, "synchronous")[0].why


@pytest.mark.parametrize("n_weeks", range(1, 21))
def test_phases_use_every_week_once(context: Flask, n_weeks: int) -> None:
    plan = designs.phases(n_weeks, weeks(date(2027, 3, 1), n_weeks))
    assert plan[0].weeks.startswith("Week")
    assert "1 Mar 2027" in plan[0].weeks
    assert f"Week {n_weeks}:" in plan[-1].weeks
    assert len(plan) == {1: 1, 2: 2, 3: 3}.get(n_weeks, 4)


def test_eight_weeks_are_divided_two_four_one_one(context: Flask) -> None:
    assert [(phase.weeks, phase.name) for phase in designs.phases(8)] == [
        ("Weeks 1 to 2", "Getting to know each other"),
        ("Weeks 3 to 6", "Joint task"),
        ("Week 7", "Presentation"),
        ("Week 8", "Looking back"),
    ]
    dated = designs.phases(8, weeks(date(2027, 3, 1), 8))
    assert dated[1].weeks == "Weeks 3 to 6 (4 weeks): Mon, 15 Mar 2027 to Fri, 9 Apr 2027"


def test_a_plan_reads_the_courses_and_the_proposed_weeks(scene: Scene) -> None:
    a, b = scene.match.course_a, scene.match.course_b
    a.students, b.students, a.weeks_wanted, a.mode, b.mode = 24, 10, 5, "synchronous", "synchronous"
    plan = designs.suggest(scene.match, wording.read(explanation()))
    assert [design.name for design in plan.designs] == [LIVE, FRAME, OWN_TIME]
    assert plan.designs[0].why == "In every proposed week both classes share at least 4 live hours."
    assert (plan.n_weeks, len(plan.phases)) == (5, 4)
    assert plan.phases[0].weeks == "Week 1: Mon, 15 Mar 2027 to Fri, 19 Mar 2027"
    assert plan.teams.words.startswith("6 mixed teams")


def test_a_thin_profile_still_gets_a_plan(scene: Scene) -> None:
    plan = designs.suggest(scene.match, wording.read({}))
    assert [design.name for design in plan.designs] == [FRAME, OWN_TIME]
    assert plan.n_weeks == 8
    assert plan.phases[0].weeks == "Weeks 1 to 2"
    assert "once both class sizes are known" in plan.teams.words
    assert plan.tools[0].startswith("At least one side names no tools")


def test_hours_count_in_the_proposed_weeks_only(scene: Scene) -> None:
    stored = explanation()
    for week in stored["live_hours"][-1:]:
        week |= {"hours": 0.0, "windows": []}
    scene.match.course_a.weeks_wanted = 4
    plan = designs.suggest(scene.match, wording.read(stored))
    assert [design.name for design in plan.designs] == [FRAME, LIVE, OWN_TIME]
