"""Indicators of how matches come about and what becomes of them; pure functions over rows."""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from statistics import fmean, median

from webapp.insights.facts import ENDED, Origin, Pair, Rows, Step
from webapp.insights.suppression import Status, column, of_base, share
from webapp.insights.tables import Cell, Figure, Kind, Row, base, count, parts, resting_on
from webapp.matches.lifecycle import Side, State

_DAY = timedelta(days=1)
TENTHS = 10


def funnel(rows: Rows) -> Figure:
    """From open courses to completed exchanges, with the days each step takes."""
    nothing = Cell(Kind.DAYS, None)
    lines = [Row("open", (count(len(rows.courses)), nothing, nothing))]
    for step in Step:
        n = sum(pair.step >= step for pair in rows.pairs)
        days = [] if step is Step.PROPOSED else _days(rows.pairs, step)
        timed = nothing if step is Step.PROPOSED else count(len(days))
        lines.append(Row(step.name.lower(), (count(n), resting_on(Kind.DAYS, median(days or [0]), len(days)), timed)))
    return Figure("funnel", ("number", "median_days", "timed"), tuple(lines), base(len(rows.pairs)))


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
    return parts("origin", [(one.value, counted[one]) for one in Origin], whole=len(rows.pairs))


def first_yes(rows: Rows) -> Figure:
    """Which side's lecturer said yes first, where a round proposed and both said yes."""
    asked = [pair for pair in rows.pairs if pair.origin is Origin.ROUND and pair.at[1] is not None]
    counted = Counter(pair.first_yes for pair in asked)
    sides = [("asia", counted[Side.A]), ("europe", counted[Side.B]), ("together", counted[None])]
    return parts("first-yes", sides, whole=len(asked))


def ended(rows: Rows) -> Figure:
    """Why matches fell through."""
    over = [pair for pair in rows.pairs if pair.state in ENDED]
    counted = Counter("expired" if pair.state is State.EXPIRED else pair.reason or "unsaid" for pair in over)
    ordered = sorted(counted.items(), key=lambda one: (-one[1], one[0]))
    return parts("ended", ordered, whole=len(over))


def calibration(rows: Rows) -> Figure:
    """Acceptance by tenths of the score: does a better score mean more acceptance?"""
    settled = [
        pair
        for pair in rows.pairs
        if pair.origin is Origin.ROUND and (pair.step >= Step.ACCEPTED or pair.state in ENDED)
    ]
    settled.sort(key=lambda pair: pair.score)
    n = len(settled)
    tenths = [settled[n * at // TENTHS : n * (at + 1) // TENTHS] for at in range(TENTHS)]
    yes = [sum(pair.step >= Step.ACCEPTED for pair in tenth) for tenth in tenths]
    whole = column(yes)[0]
    lines = []
    for at, (tenth, accepted) in enumerate(zip(tenths, yes, strict=True), 1):
        mean = fmean(pair.score for pair in tenth) if tenth else 0
        rate = accepted / len(tenth) if tenth else None
        states = (of_base(len(tenth)), share(accepted, len(tenth)), whole[at - 1])
        status = next((one for one in states if one is not Status.SHOWN), Status.SHOWN)
        lines.append(
            Row(
                f"tenth_{at}",
                (count(len(tenth)), resting_on(Kind.POINTS, 100 * mean, len(tenth)), Cell(Kind.SHARE, rate, status)),
            )
        )
    return Figure("calibration", ("answered", "mean_score", "acceptance"), tuple(lines), base(n))
