"""Exchange designs that suit two courses: rules over hours, ways of working and connections, each with its reason.

The four phases follow what practice has found: people get to know each other before they work, and look back after.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from matcher.explanation import Explanation
from matcher.profile import Bandwidth, Mode
from webapp.i18n import day
from webapp.matches import teams, window
from webapp.matches.models import Match
from webapp.matches.wording import decimal
from webapp.profiles.models import CourseProfile

ENOUGH_HOURS = 1.0
"""Live hours a week that make a weekly session."""
MOST_DESIGNS = 3


@dataclass(frozen=True)
class Design:
    """One way to work together: its name, why it suits these two, how it goes; ``is_live`` when it needs calls."""

    name: str
    why: str
    how: str
    is_live: bool


@dataclass(frozen=True)
class Phase:
    """A part of the plan: which weeks, what it is called, what happens."""

    weeks: str
    name: str
    what: str


@dataclass(frozen=True)
class Plan:
    """Everything suggested for an exchange of two courses."""

    designs: tuple[Design, ...]
    teams: teams.Teams
    phases: tuple[Phase, ...]
    n_weeks: int
    tools: tuple[str, ...]


@dataclass(frozen=True)
class Means:
    """What the rules look at.

    Parameters
    ----------
    hours
        The fewest live hours of a proposed week; None when unknown.
    is_assumed
        Whether they rest on an assumed working day.
    modes
        Ways of working stated by either side.
    is_thin
        Whether a side has little bandwidth.
    """

    hours: float | None
    is_assumed: bool
    modes: frozenset[str]
    is_thin: bool


def suggest(match: Match, explanation: Explanation) -> Plan:
    """Suggest designs, teams, weeks and tools for a match.

    Parameters
    ----------
    match
        Whose courses are read as they are now.
    explanation
        Weeks and live hours as the round saw them.
    """
    proposed = window.propose(match, explanation)
    weeks = proposed.weeks if proposed else ()
    n_weeks = len(weeks) or window.wanted(match) or window.USUAL_WEEKS
    chosen = designs(means_of(match.course_a, match.course_b, explanation, weeks))
    return Plan(
        designs=chosen,
        teams=teams.of(match.course_a, match.course_b),
        phases=phases(n_weeks, weeks),
        n_weeks=n_weeks,
        tools=teams.tool_words(match.course_a, match.course_b, needs_meeting=any(it.is_live for it in chosen)),
    )


def means_of(a: CourseProfile, b: CourseProfile, explanation: Explanation, weeks: Sequence[date]) -> Means:
    """Gather what the rules look at; hours are those of the proposed weeks."""
    live = [week for week in explanation.live_hours if week.week in weeks]
    return Means(
        hours=min((week.hours for week in live), default=None),
        is_assumed=any(week.assumed for week in live),
        modes=frozenset(mode for mode in (a.mode, b.mode) if mode),
        is_thin=Bandwidth.LOW.value in (a.bandwidth, b.bandwidth),
    )


def designs(means: Means) -> tuple[Design, ...]:
    """Choose two or three designs, the most suitable first.

    Live sessions need an hour every week, no class that works in its own time only, and connections that
    carry them; a live frame needs at most some hour; working in one's own time always goes.
    """
    is_own_time = means.modes == {Mode.ASYNCHRONOUS.value}
    if is_own_time or means.hours == 0:
        return (_own_time(means, is_first=True), _relay())
    can_meet_weekly = (
        means.hours is not None
        and means.hours >= ENOUGH_HOURS
        and Mode.ASYNCHRONOUS.value not in means.modes
        and not means.is_thin
    )
    if not can_meet_weekly:
        frame, own_time = _frame(means), _own_time(means, is_first=means.is_thin)
        return (own_time, frame) if means.is_thin else (frame, own_time)
    both_live = means.modes == {Mode.SYNCHRONOUS.value}
    first = (_live(means), _frame(means)) if both_live else (_frame(means), _live(means))
    return (*first, _own_time(means, is_first=False))[:MOST_DESIGNS]


def _live(means: Means) -> Design:
    why = _("In every proposed week both classes share at least %(n)s live hours.", n=decimal(means.hours or 0))
    assumed = _("Lesson times are assumed in part, so check them first.") if means.is_assumed else ""
    return Design(
        str(_("A live session every week")),
        f"{why} {assumed}".strip(),
        str(
            _(
                "Meet once a week: a short opening by one of the lecturers, then work in the mixed teams. Between the"
                " sessions each team does one small task in its own time."
            )
        ),
        is_live=True,
    )


def _frame(means: Means) -> Design:
    if means.hours is None:
        why = _("Live hours are not known yet: two fixed meetings are easier to find than one every week.")
    elif means.is_thin:
        why = _("One side has little bandwidth: two or three short calls, by voice where video fails, are enough.")
    elif Mode.ASYNCHRONOUS.value in means.modes:
        why = _("One class works in its own time: few meetings, fixed early, are what it can still join.")
    elif means.hours < ENOUGH_HOURS:
        why = _("Some weeks share less than one live hour, which is enough for a few meetings and no more.")
    else:
        why = _("There are live hours, and students can still arrange most of the work as their own days allow.")
    return Design(
        str(_("Live at the beginning and the end, own time between")),
        str(why),
        str(
            _(
                "Open with a live meeting of both classes and close with the presentations. In between the mixed"
                " teams work when it suits them, and write down each week what they did and what comes next."
            )
        ),
        is_live=True,
    )


def _own_time(means: Means, *, is_first: bool) -> Design:
    if means.modes == {Mode.ASYNCHRONOUS.value}:
        why = _("Both classes work in their own time, so no meeting hours are needed.")
    elif means.hours == 0:
        why = _("The two classes share no live hour.")
    elif means.is_thin and is_first:
        why = _("One side has little bandwidth: texts, pictures and short recordings reach everybody.")
    else:
        why = _("It needs no common hour and goes on when a lesson is moved or a connection fails.")
    return Design(
        str(_("Mixed teams, each in their own time")),
        str(why),
        str(
            _(
                "Each team has a place for texts and short recordings, one task a week, and a day by which everyone"
                " has answered. Lecturers answer there too, so that nobody waits in vain."
            )
        ),
        is_live=False,
    )


def _relay() -> Design:
    return Design(
        str(_("A relay between the two classes")),
        str(_("Where no hour is common, the difference of clocks helps: one class works while the other sleeps.")),
        str(
            _(
                "One class begins a piece of work and hands it over with a short recording; the other goes on with it"
                " and hands it back. After each turn both write what they would have done in another way and why."
            )
        ),
        is_live=False,
    )


def phases(n_weeks: int, weeks: Sequence[date] = ()) -> tuple[Phase, ...]:
    """Divide weeks into getting to know each other, the joint task, the presentation and looking back.

    Parameters
    ----------
    n_weeks
        How many, at least one.
    weeks
        Their Mondays, where they are known.
    """
    know = str(_("Getting to know each other"))
    know_what = str(
        _("Students introduce themselves and where they live, and agree in their teams on how and when to write.")
    )
    task = str(_("Joint task"))
    task_what = str(_("Each team works on one question that neither side can answer alone."))
    show = str(_("Presentation"))
    show_what = str(_("Teams show their results to both classes and answer questions."))
    back = str(_("Looking back"))
    back_what = str(
        _("Everyone writes what they learnt about the subject, about the others and about working together.")
    )
    parts: list[tuple[int, str, str]]
    if n_weeks == 1:
        whole = str(_("All in one week"))
        parts = [(1, whole, str(_("A first meeting, one small task for the teams, and a short look back together.")))]
    elif n_weeks == 2:
        parts = [
            (1, str(_("Getting to know each other, and the task")), f"{know_what} {task_what}"),
            (1, str(_("Presentation and looking back")), f"{show_what} {back_what}"),
        ]
    elif n_weeks == 3:
        parts = [
            (1, know, know_what),
            (1, task, task_what),
            (1, str(_("Presentation and looking back")), f"{show_what} {back_what}"),
        ]
    else:
        first = 2 if n_weeks >= 8 else 1
        parts = [
            (first, know, know_what),
            (n_weeks - first - 2, task, task_what),
            (1, show, show_what),
            (1, back, back_what),
        ]
    placed, at = [], 1
    for length, name, what in parts:
        placed.append(Phase(_weeks_words(at, length, weeks), name, what))
        at += length
    return tuple(placed)


def _weeks_words(first: int, length: int, weeks: Sequence[date]) -> str:
    last = first + length - 1
    if not weeks:
        return str(
            _("Week %(n)d", n=first) if length == 1 else _("Weeks %(first)d to %(last)d", first=first, last=last)
        )
    start, end = day(weeks[first - 1]), day(weeks[last - 1] + timedelta(days=4))
    if length == 1:
        return str(_("Week %(n)d: %(start)s to %(end)s", n=first, start=start, end=end))
    return str(
        ngettext(
            "Weeks %(first)d to %(last)d (%(num)d week): %(start)s to %(end)s",
            "Weeks %(first)d to %(last)d (%(num)d weeks): %(start)s to %(end)s",
            length,
            first=first,
            last=last,
            start=start,
            end=end,
        )
    )
