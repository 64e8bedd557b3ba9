"""The same figures counted a second way: one replay of each match's events, then sums by hand."""

from collections import defaultdict
from itertools import pairwise
from statistics import median
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.matches import travel
from webapp.matches.models import Match, MatchEvent, PlanVersion
from webapp.profiles.models import CourseProfile

Told = dict[str, dict[str, list[float | None]]]
"""Figure to row to numbers."""

_BROAD = slice(0, 2)


def replay(match: Match) -> dict[str, Any]:
    """Walk through a match's events and note the first time of everything."""
    story: dict[str, Any] = {"reason": ""}
    said: dict[tuple[int, str], dict[str, Any]] = defaultdict(dict)
    for event in sorted(match.events, key=lambda event: event.id):
        action = event.action.value
        if action in ("accept", "approve"):
            answers = said[event.turn, action]
            answers[event.side.value] = event.at
            if len(answers) == 2 and action not in story:
                story[action] = event.at
                if action == "accept":
                    story["first"] = min(answers, key=answers.__getitem__)
        elif action in ("start", "complete"):
            story.setdefault(action, event.at)
        elif action in ("decline", "withdraw"):
            story["reason"] = event.reason
    return story


def half(day: Any) -> str:
    """The half-year of a day."""
    return f"{day:%Y}-{'1' if day.month < 7 else '2'}"


def recount(*, term: str = "", country: str = "", network: str = "") -> Told:
    """Count every figure of the network page over the whole database."""
    told: Told = defaultdict(dict)
    stories = []
    for match in db.session.scalars(sa.select(Match)).all():
        a, b = match.course_a, match.course_b
        day = max(a.starts_on, b.starts_on) if a.starts_on and b.starts_on else match.proposed_at.date()
        places = {a.institution.country, b.institution.country}
        networks = {*a.institution.networks, *b.institution.networks}
        if match.state.value == "taken_back":
            continue
        if (term and half(day) != term) or (country and country not in places) or (network and network not in networks):
            continue
        stories.append((match, replay(match)))
    courses = [
        course
        for course in db.session.scalars(sa.select(CourseProfile)).all()
        if (not term or half(course.starts_on or course.published_at) == term)
        and (not country or course.institution.country == country)
        and (not network or network in course.institution.networks)
    ]
    _flow(told, stories, len(courses))
    _partnerships(told, [pair for pair in stories if "accept" in pair[1]])
    _exchanges(told, [match for match, story in stories if "start" in story])
    return told


def _flow(told: Told, stories: list[tuple[Match, dict[str, Any]]], n_courses: int) -> None:
    told["funnel"]["open"] = [n_courses, None, None]
    told["funnel"]["proposed"] = [len(stories), None, None]
    before = None
    for row, action in (("accepted", "accept"), ("approved", "approve"), ("running", "start"),
                        ("completed", "complete")):  # fmt: skip
        waits = [
            (story[action] - (match.proposed_at if before is None else story[before])).total_seconds() / 86400
            for match, story in stories
            if action in story
        ]
        told["funnel"][row] = [len(waits), median(waits) if waits else None, len(waits)]
        before = action
    for match, story in stories:
        by = "round"
        if match.round_id is None:
            by = "asia" if match.invited_by_id == match.course_a.lecturer_id else "europe"
        _add(told["origin"], by)
        if by == "round" and "first" in story:
            _add(told["first-yes"], {"a": "asia", "b": "europe"}[story["first"]])
        if match.state.value in ("declined", "withdrawn", "fell_through", "expired"):
            _add(told["ended"], "expired" if match.state.value == "expired" else story["reason"])
    decided = sorted(
        (match.score, match.id, "accept" in story)
        for match, story in stories
        if match.round_id is not None and ("accept" in story or match.state.value in ("declined", "expired"))
    )
    # The finest cut without a group of which one to four said yes, or did not; tenths where there is none.
    for n in (10, 5, 3, 2, 10):
        cuts = [len(decided) * cut // n for cut in range(n + 1)]
        groups = [decided[first:last] for first, last in pairwise(cuts)]
        if all(sum(yes == wanted for *_, yes in group) not in (1, 2, 3, 4) for group in groups for wanted in (0, 1)):
            break
    for number, group in enumerate(groups, start=1):
        if group:
            told["calibration"][f"group_{number}_{n}"] = [
                len(group),
                sum(100 * score for score, _id, _yes in group) / len(group),
                sum(yes for _score, _id, yes in group) / len(group),
            ]


def _add(rows: dict[str, list[float | None]], key: str, column: int = 0, width: int = 1) -> None:
    row = rows.setdefault(key, [0] * width)
    row[column] = (row[column] or 0) + 1


def _partnerships(told: Told, stories: list[tuple[Match, dict[str, Any]]]) -> None:
    documents = {
        plan.match_id: plan.document
        for plan in db.session.scalars(sa.select(PlanVersion).order_by(PlanVersion.number)).all()
    }
    for match, _story in stories:
        leader = documents.get(match.id, {}).get("leader") or match.explanation.get("lead")
        _add(told["lead"], {"a": "asia", "b": "europe", "both": "both", None: "unsaid"}[leader])
        a, b = match.course_a, match.course_b
        _add(told["pairs"], f"{a.institution.country}+{b.institution.country}")
        for column, course in enumerate((a, b)):
            _add(told["countries"], course.institution.country)
            _add(told["fields"], (course.isced_f or "")[_BROAD], column, 2)
            _add(told["levels"], course.level or "", column, 2)
        for language in [one for one in a.exchange_languages if one in b.exchange_languages] or [""]:
            _add(told["languages"], language)
        for goal in {*a.sdgs, *b.sdgs}:
            _add(told["goals"], str(goal))
        if a.bandwidth == "low" or b.bandwidth == "low":
            _add(told["inclusion"], "low_bandwidth")
        if a.mode == "asynchronous" or b.mode == "asynchronous":
            _add(told["inclusion"], "asynchronous")
        if a.level == "tvet" or b.level == "tvet":
            _add(told["inclusion"], "beyond_university")
    for region, countries in (("asia", "VN JP ID MN"), ("europe", "PT FR GB MT")):
        served = [country for country in countries.split() if country in told["countries"]]
        told["coverage"][region] = [len(served)]


def _exchanges(told: Told, matches: list[Match]) -> None:
    for row, courses in (
        ("asia", [match.course_a for match in matches]),
        ("europe", [match.course_b for match in matches]),
    ):
        sizes = [course.students for course in courses if course.students is not None]
        told["students"][row] = [sum(sizes), round(sum(sizes) / len(sizes)) if sizes else None, len(sizes)]
    for row, column in (("low", 0), ("high", 1)):
        kilograms = 0.0
        for match in matches:
            ends = [travel.place_of(match.course_a.institution), travel.place_of(match.course_b.institution)]
            sizes = [n for n in (match.course_a.students, match.course_b.students) if n is not None]
            factor = travel.factors()["uk" if match.course_b.institution.country == "GB" else "elsewhere"][column]
            kilograms += 2 * travel.distance(*ends) * (min(sizes) if sizes else 1) * factor
        each = kilograms / len(matches) / 1000 if matches else 0
        told["climate"][row] = [travel.two_figures(kilograms / 1000), travel.two_figures(each)]


def n_events() -> int:
    """How many events there are, so that a test knows it counts something."""
    return db.session.scalar(sa.select(sa.func.count(MatchEvent.id))) or 0
