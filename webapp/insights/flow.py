"""Indicators of how matches come about and what becomes of them; pure functions over rows."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from statistics import fmean, median

from webapp.insights.facts import ENDED, Origin, Pair, Rows, Step
from webapp.insights.suppression import Status, column, hidden, of_base, share
from webapp.insights.tables import Cell, Figure, Kind, Row, base, count, others, parts, resting_on
from webapp.insights.totals import totals
from webapp.matches.lifecycle import Side, State

_DAY = timedelta(days=1)
GROUPINGS = (10, 5, 3, 2)
"""Into how many groups the scores are cut, the finest first."""


def funnel(rows: Rows) -> Figure:
    """From open courses to completed exchanges, with the days each step takes; of a step not shown nothing is."""
    nothing = Cell(Kind.DAYS, None)
    reached = totals(rows)
    lines = [Row("open", (count(len(rows.courses)), nothing, nothing))]
    for step, cell in reached.items():
        if step is Step.PROPOSED:
            lines.append(Row("proposed", (cell, nothing, nothing)))
            continue
        days = _days(rows.pairs, step)
        n = int(cell.value or 0)
        timed = share(len(days), n) if cell.status is Status.SHOWN else hidden(len(days))
        waited = resting_on(Kind.DAYS, median(days or [0]), len(days))
        if cell.status is not Status.SHOWN and waited.status is Status.SHOWN:
            waited = waited._replace(status=timed)
        lines.append(Row(step.name.lower(), (cell, waited, count(len(days), timed))))
    return Figure("funnel", ("number", "median_days", "timed"), tuple(lines), reached[Step.PROPOSED])


def _days(pairs: Sequence[Pair], step: Step) -> list[float]:
    """Days from the step before to this one, of the matches of which both times are known."""
    found = []
    for pair in pairs:
        before, then = pair.at[step - 2], pair.at[step - 1]
        if before is not None and then is not None:
            found.append((then - before) / _DAY)
    return found


def origin(rows: Rows) -> Figure:
    """Who proposes: a round, a lecturer in Asia, a lecturer in Europe."""
    counted = Counter(pair.origin for pair in rows.pairs)
    return parts("origin", [(one.value, counted[one]) for one in Origin], totals(rows)[Step.PROPOSED])


def first_yes(rows: Rows) -> Figure:
    """Which side's lecturer said yes first, where a round proposed and both said yes."""
    held = [pair for pair in rows.pairs if pair.step >= Step.ACCEPTED]
    asked = [pair for pair in held if pair.origin is Origin.ROUND and pair.at[1] is not None]
    counted = Counter(pair.first_yes for pair in asked)
    sides = [("asia", counted[Side.A]), ("europe", counted[Side.B]), ("together", counted[None])]
    return parts("first-yes", sides, totals(rows)[Step.ACCEPTED], rest=len(held) - len(asked))


def ended(rows: Rows) -> Figure:
    """Why matches fell through."""
    over = [pair for pair in rows.pairs if pair.state in ENDED]
    counted = Counter("expired" if pair.state is State.EXPIRED else pair.reason or "unsaid" for pair in over)
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return parts("ended", ordered, base(len(over)))


def calibration(rows: Rows) -> Figure:
    """Acceptance by tenths of the score: does a better score mean more acceptance?

    Where a tenth has few that were accepted, or few that were not, fifths are tried, then thirds and halves; where
    none of these can be shown whole, such tenths join the others.
    """
    settled = [
        pair
        for pair in rows.pairs
        if pair.origin is Origin.ROUND and (pair.step >= Step.ACCEPTED or pair.state in ENDED)
    ]
    settled.sort(key=lambda pair: pair.score)
    for n_groups in GROUPINGS:
        groups = _cut(settled, n_groups)
        are_shown = _may_be_shown(groups)
        if all(are_shown):
            break
    else:
        groups = _cut(settled, GROUPINGS[0])
        are_shown = _may_be_shown(groups)
    named = [(f"group_{at}_{len(groups)}", group) for at, group in enumerate(groups, start=1)]
    lines = [_group(key, group, Status.SHOWN) for (key, group), shown in zip(named, are_shown, strict=True) if shown]
    folded = [group for group, shown in zip(groups, are_shown, strict=True) if not shown]
    if folded:
        pairs = [pair for group in folded for pair in group]
        states = (of_base(_accepted(pairs)), of_base(len(pairs) - _accepted(pairs)))
        lines.append(_group(others([len(group) for group in folded]), pairs, max(states, key=_is_hidden)))
    lines = [line for line in lines if line.cells[0].value]
    return Figure("calibration", ("answered", "mean_score", "acceptance"), tuple(lines), base(len(settled)))


def _cut(settled: Sequence[Pair], n_groups: int) -> list[Sequence[Pair]]:
    n = len(settled)
    return [settled[n * at // n_groups : n * (at + 1) // n_groups] for at in range(n_groups)]


def _may_be_shown(groups: Sequence[Sequence[Pair]]) -> list[bool]:
    yes = [_accepted(group) for group in groups]
    no = [len(group) - accepted for group, accepted in zip(groups, yes, strict=True)]
    return [a is b is Status.SHOWN for a, b in zip(column(yes), column(no), strict=True)]


def _is_hidden(status: Status) -> bool:
    return status is not Status.SHOWN


def _accepted(pairs: Sequence[Pair]) -> int:
    return sum(pair.step >= Step.ACCEPTED for pair in pairs)


def _group(key: str, pairs: Sequence[Pair], status: Status) -> Row:
    n = len(pairs)
    mean = fmean(pair.score for pair in pairs) if pairs else 0.0
    rate = _accepted(pairs) / n if n else None
    return Row(key, (count(n), resting_on(Kind.POINTS, 100 * mean, n), Cell(Kind.SHARE, rate, status)))
