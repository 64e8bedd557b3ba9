"""Which of the shared weeks to use: the window proposed for the exchange, and why this one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from matcher.explanation import Explanation
from webapp.i18n import day
from webapp.matches.models import Match

USUAL_WEEKS = 8
"""Weeks an exchange usually takes, where neither side says."""
_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Window:
    """The weeks proposed: Mondays in a row, what stands on the page, and why."""

    weeks: tuple[date, ...]
    words: str
    why: str


def wanted(match: Match) -> int | None:
    """The weeks the longer-wishing side wants; None when neither says."""
    return max((match.course_a.weeks_wanted or 0, match.course_b.weeks_wanted or 0)) or None


def propose(match: Match, explanation: Explanation) -> Window | None:
    """Choose the weeks for an exchange; None when no week is shared.

    Of all runs of shared weeks as long as wished for, the one with the fewest first and last teaching weeks of
    either side is taken, and of those the earliest; when none is long enough, the longest run there is.
    """
    shared = sorted(explanation.shared_weeks)
    if not shared:
        return None
    wish = wanted(match)
    n_weeks = wish or USUAL_WEEKS
    edges = {
        week for weeks in (explanation.teaching_weeks_a, explanation.teaching_weeks_b) if weeks for week in _ends(weeks)
    }
    runs = runs_of(shared)
    candidates = [run[at : at + n_weeks] for run in runs for at in range(len(run) - n_weeks + 1)]
    # The first of the best: candidates stand in order of time.
    chosen = min(candidates, key=lambda weeks: len(edges & set(weeks))) if candidates else max(runs, key=len)
    words = ngettext(
        "Proposed for the exchange: %(num)d week, %(start)s to %(end)s.",
        "Proposed for the exchange: %(num)d weeks, %(start)s to %(end)s.",
        len(chosen),
        start=day(chosen[0]),
        end=day(chosen[-1] + timedelta(days=4)),
    )
    why = _why(wish, n_weeks, is_long_enough=bool(candidates), has_edges=bool(edges & set(chosen)))
    return Window(tuple(chosen), str(words), why)


def runs_of(weeks: Sequence[date]) -> list[list[date]]:
    """Cut Mondays in order into runs that follow each other week by week."""
    runs: list[list[date]] = []
    for week in weeks:
        if runs and week - runs[-1][-1] == _WEEK:
            runs[-1].append(week)
        else:
            runs.append([week])
    return runs


def _ends(weeks: Sequence[date]) -> tuple[date, date]:
    return min(weeks), max(weeks)


def _why(wish: int | None, n_weeks: int, *, is_long_enough: bool, has_edges: bool) -> str:
    if not is_long_enough and wish:
        return str(
            ngettext(
                "It is the longest run of shared weeks; wished for is %(num)d week.",
                "It is the longest run of shared weeks; wished for are %(num)d weeks.",
                n_weeks,
            )
        )
    if not is_long_enough:
        return str(_("It is the longest run of shared weeks; neither side says how many weeks it wants."))
    reason = (
        _("There was no room to leave out every first and last week of teaching, when classes have little time.")
        if has_edges
        else _("It leaves out the first and last week of teaching on either side, when classes have little time.")
    )
    length = (
        _("It is as long as the side with the longer wish wants.")
        if wish
        else _("Neither side says how many weeks it wants; eight are usual.")
    )
    return f"{length} {reason}"
