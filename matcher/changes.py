"""Small changes a lecturer could make to a course, each with what it costs them, to see whether it would bring a
partner.

Costs are in steps of trouble, an ordering of ours and no measurement: a week more of teaching is one step, so is a
level of language asked for or a wish given up; another way of working, an hour more or another language is two or
three. Nothing is changed that would be untrue of the class: its subject, its size, its hours are never moved.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from itertools import combinations
from typing import Any

from matcher.fields import Mode, Slot, Wishes
from matcher.profile import CourseProfile, Region
from matcher.reasons import JsonValue
from matcher.vocabulary.cefr import CEFR_LEVELS
from matcher.vocabulary.tools import tool_id

MOST_WEEKS = 4
"""Weeks a course could begin earlier or end later."""
MOST_STEPS = 2
"""Steps on the CEFR scale by which the level asked for could move."""
MOST_OFFERED = 5
"""Languages and tools of the other side that are tried."""
MOST_TOGETHER = 4
"""Cost up to which two changes are tried together."""
MOST_LEVEL = "B2"
"""Highest level of a language that is added, and the one where the other side states none: nobody learns to be a
native speaker for a partner's sake."""

# Hours of the day at which the two regions meet: late in Asia, early in Europe.
_MEETING = {Region.ASIA: (time(16), time(17, 30)), Region.EUROPE: (time(8), time(9, 30))}
_WORKING_DAYS = range(5)


@dataclass(frozen=True)
class Step:
    """One thing that is changed.

    Parameters
    ----------
    code : str
        ``ends_later``, ``starts_earlier``, ``mode``, ``language_level``, ``language_added``, ``tool_added``,
        ``must_have_dropped``, ``wishes_dropped`` or ``hours_added``.
    params : Mapping
        JSON values that say exactly what: ``weeks`` and the new date ``on``, ``mode``, ``language`` and ``level``
        (and ``before``), ``tool``, ``topic``, ``weekday`` with ``start`` and ``end``.
    """

    code: str
    params: Mapping[str, JsonValue] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Change:
    """A course as it would be after one step or two.

    Parameters
    ----------
    steps : tuple of Step
    cost : int
        Steps of trouble, see the module.
    profile : CourseProfile
        The course as it would be, with the same id.
    """

    steps: tuple[Step, ...]
    cost: int
    profile: CourseProfile = field(repr=False)

    @property
    def order(self) -> tuple[Any, ...]:
        """By what changes are sorted: the least trouble first, one step before two."""
        return (self.cost, len(self.steps), [(step.code, sorted(step.params.items(), key=str)) for step in self.steps])


def single_changes(course: CourseProfile, others: Sequence[CourseProfile], earliest: date | None) -> list[Change]:
    """Give every change of one step, the least trouble first.

    Parameters
    ----------
    others
        The courses of the other side: what they speak and use is what could be added.
    earliest
        No course can begin before this day; None where any day will do.
    """
    found = [
        *_dates(course, earliest),
        *_ways_of_working(course),
        *_languages(course, others),
        *_tools(course, others),
        *_wishes(course),
        *_hours(course),
    ]
    return sorted(found, key=lambda change: change.order)


def double_changes(singles: Sequence[Change]) -> list[Change]:
    """Give every two steps of different kinds that together cost no more than `MOST_TOGETHER`."""
    found = []
    for one, other in combinations(singles, 2):
        steps = (*one.steps, *other.steps)
        kinds = {_KIND.get(step.code, step.code) for step in steps}
        cost = one.cost + other.cost
        if cost <= MOST_TOGETHER and len(kinds) == len(steps):
            found.append(Change(steps, cost, _both(one.profile, other)))
    return sorted(found, key=lambda change: change.order)


_KIND = {"language_added": "language_level"}
# What each kind of step writes; two steps of different kinds never write the same.
_WRITES = {
    "ends_later": "ends_on",
    "starts_earlier": "starts_on",
    "mode": "mode",
    "language_level": "exchange_languages",
    "language_added": "exchange_languages",
    "tool_added": "tools",
    "hours_added": "slots",
}


def _both(first: CourseProfile, second: Change) -> CourseProfile:
    (step,) = second.steps
    if step.code in _WRITES:
        name = _WRITES[step.code]
        return replace(first, **{name: getattr(second.profile, name)})
    wishes = first.wishes
    if step.code == "must_have_dropped":
        return replace(first, wishes=replace(wishes, must_have_topic=None))
    return replace(first, wishes=Wishes(must_have_topic=wishes.must_have_topic))


def _dates(course: CourseProfile, earliest: date | None) -> Iterator[Change]:
    if course.starts_on is None or course.ends_on is None:
        return
    for weeks in range(1, MOST_WEEKS + 1):
        last = course.ends_on + timedelta(weeks=weeks)
        step = Step("ends_later", {"weeks": weeks, "on": last.isoformat()})
        yield Change((step,), weeks, replace(course, ends_on=last))
        first = course.starts_on - timedelta(weeks=weeks)
        if earliest is None or first >= earliest:
            step = Step("starts_earlier", {"weeks": weeks, "on": first.isoformat()})
            yield Change((step,), weeks, replace(course, starts_on=first))


def _ways_of_working(course: CourseProfile) -> Iterator[Change]:
    costs = {Mode.SYNCHRONOUS: {Mode.MIXED: 2, Mode.ASYNCHRONOUS: 3}, Mode.MIXED: {Mode.ASYNCHRONOUS: 2}}
    for mode, cost in costs.get(course.mode, {}).items() if course.mode else ():
        yield Change((Step("mode", {"mode": mode.value}),), cost, replace(course, mode=mode))


def _languages(course: CourseProfile, others: Sequence[CourseProfile]) -> Iterator[Change]:
    own = dict(course.exchange_languages)
    for tag, level in sorted(own.items()):
        if level is None:
            continue
        at = CEFR_LEVELS.index(level)
        for steps in range(1, MOST_STEPS + 1):
            for to in (at - steps, at + steps):
                if 0 <= to < len(CEFR_LEVELS):
                    asked = CEFR_LEVELS[to]
                    step = Step("language_level", {"language": tag, "before": level, "level": asked})
                    yield Change((step,), steps, replace(course, exchange_languages={**own, tag: asked}))
    if not own:
        return
    levels: dict[str, Counter[str]] = {}
    for other in others:
        for tag, level in other.exchange_languages.items():
            levels.setdefault(tag, Counter())[min(level or MOST_LEVEL, MOST_LEVEL)] += 1
    offered = Counter({tag: its.total() for tag, its in levels.items() if tag not in own})
    for tag in _most_frequent(offered):
        level = _most_frequent(levels[tag])[0]
        step = Step("language_added", {"language": tag, "level": level})
        yield Change((step,), 3, replace(course, exchange_languages={**own, tag: level}))


def _tools(course: CourseProfile, others: Sequence[CourseProfile]) -> Iterator[Change]:
    if not course.tools:
        return
    known = {tool_id(tool) for tool in (*course.tools, *course.blocked_tools)}
    offered = Counter(tool_id(tool) for other in others for tool in other.tools)
    for tool in _most_frequent(Counter({tool: n for tool, n in offered.items() if tool not in known})):
        yield Change((Step("tool_added", {"tool": tool}),), 1, replace(course, tools=(*course.tools, tool)))


def _wishes(course: CourseProfile) -> Iterator[Change]:
    wishes = course.wishes
    if wishes.must_have_topic:
        step = Step("must_have_dropped", {"topic": wishes.must_have_topic})
        yield Change((step,), 1, replace(course, wishes=replace(wishes, must_have_topic=None)))
    without = Wishes(must_have_topic=wishes.must_have_topic)
    if without != wishes:
        yield Change((Step("wishes_dropped"),), 1, replace(course, wishes=without))


def _hours(course: CourseProfile) -> Iterator[Change]:
    if course.time_zone is None or course.region is None or not course.slots:
        return
    start, end = _MEETING[course.region]
    for weekday in _WORKING_DAYS:
        slot = Slot(weekday, start, end)
        if not any(its.weekday == weekday and its.start < end and start < its.end for its in course.slots):
            step = Step("hours_added", {"weekday": weekday, "start": f"{start:%H:%M}", "end": f"{end:%H:%M}"})
            yield Change((step,), 2, replace(course, slots=(*course.slots, slot)))


def _most_frequent(counted: Mapping[str, int]) -> list[str]:
    ordered: Iterable[str] = sorted(counted, key=lambda key: (-counted[key], key))
    return list(ordered)[:MOST_OFFERED]
