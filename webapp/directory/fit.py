"""How well open courses fit one course: the matcher's own scores and hard rules, position by position."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from matcher.encoded import EncodedProfiles
from matcher.explanation import Explanation
from matcher.pairs import Bools, Ints, Pairs
from matcher.profile import Region
from matcher.rules import PairRules, RuleSettings, prepare_rules
from matcher.scorer import PairScorer
from webapp.directory.entries import Entry
from webapp.directory.facets import is_dated, weeks_row
from webapp.directory.snapshot import Snapshot, new_scorer, similarity_to, taken

MOST_COMPARED = 600
"""Courses compared with one that no prepared scorer holds: those nearest in what they are about."""

TOO_FEW_WEEKS, SAME_REGION, NO_REGION = "too_few_shared_weeks", "same_region", "no_region"
_LIVE_HOURS = "live_hours"
# The criterion counts two hours a week as enough.
_HOURS_OF_VALUE = 2.0

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Fit:
    """What one course sees of all open courses, arrays of shape (n,) over a snapshot.

    Parameters
    ----------
    score, confidence : ndarray of float
        0..1; NaN where it was not worth computing: a rule forbids the pair, or it was not compared.
    hours : ndarray of float
        Live hours shared in a usual week, at most 2; NaN where unknown.
    weeks : ndarray of int
        Teaching weeks shared; -1 where a date is unknown.
    broken : dict of code to ndarray of bool
        Which courses which hard rule forbids.
    is_compared : ndarray of bool
        Courses looked at; all of them for a course in the prepared scorer.
    """

    score: Floats
    confidence: Floats
    hours: Floats
    weeks: Ints
    broken: dict[str, Bools]
    is_compared: Bools

    @property
    def is_possible(self) -> Bools:
        """Which courses were compared and no rule forbids."""
        possible = self.is_compared.copy()
        for forbidden in self.broken.values():
            possible &= ~forbidden
        return possible


@dataclass(frozen=True)
class Mine:
    """The course of the person who searches.

    Parameters
    ----------
    entry : Entry
    encoded : EncodedProfiles
        The same course, alone.
    """

    entry: Entry
    encoded: EncodedProfiles


def fit_of(mine: Mine, snapshot: Snapshot, settings: RuleSettings) -> Fit:
    """Compare a course with all open courses of the other region."""
    n, table = len(snapshot), snapshot.table
    profile = mine.entry.profile
    regions = table.facets["region"]
    inside = regions.has_any({region.value for region in Region})
    same = regions.has_any({profile.region.value} if profile.region else ())
    outside: Bools = ~inside if profile.region else np.ones(n, dtype=bool)
    weeks = shared_weeks(mine.entry, snapshot)
    short: Bools = (weeks >= 0) & (weeks < settings.min_shared_weeks)
    broken: dict[str, Bools] = {NO_REGION: outside, SAME_REGION: same & ~outside, TOO_FEW_WEEKS: short.copy()}
    score, confidence, hours = (np.full(n, np.nan) for _ in range(3))
    found = Fit(score, confidence, hours, weeks, broken, np.ones(n, dtype=bool))
    worth = snapshot.is_open & ~outside & ~same & ~short
    own_row = snapshot.prepared.row_of.get((mine.entry.course_id, mine.entry.version))
    late = worth & (snapshot.prepared_row < 0) if own_row is not None else worth
    if own_row is not None:
        at = np.flatnonzero(worth & (snapshot.prepared_row >= 0))
        prepared = snapshot.prepared
        _compare(found, at, prepared.scorer, prepared.rules, own_row, snapshot.prepared_row[at])
    at = np.flatnonzero(late)
    if len(at) > MOST_COMPARED:
        near = similarity_to(mine.encoded, snapshot.encoded)[at]
        best = np.lexsort((table.ids[at], -near))[:MOST_COMPARED]
        found.is_compared[np.delete(at, best)] = False
        at = np.sort(at[best])
    if len(at):
        others = taken(snapshot.encoded, at)
        rules = prepare_rules(mine.encoded.profiles, others.profiles, settings)
        _compare(found, at, new_scorer(mine.encoded, others, snapshot.encoder), rules, 0, np.arange(len(at)))
    return found


def _compare(found: Fit, at: Ints, scorer: PairScorer, rules: PairRules, row: int, columns: Ints) -> None:
    """Write what a scorer and rules say of one row into a fit."""
    if not len(at):
        return
    pairs = Pairs.table(np.array([row]), columns)
    scored = scorer.score(pairs)
    found.score[at], found.confidence[at] = scored.score[0], scored.confidence[0]
    found.hours[at] = scored.values[scored.criteria.index(_LIVE_HOURS), 0] * _HOURS_OF_VALUE
    for code, forbidden in rules.forbidden(pairs).items():
        of_code = found.broken.setdefault(code, np.zeros(len(found.score), dtype=bool))
        of_code[at] |= np.broadcast_to(forbidden, pairs.shape)[0]


def shared_weeks(mine: Entry, snapshot: Snapshot, *, later: int = 0) -> Ints:
    """Count the teaching weeks every open course shares with one; -1 where a date is unknown.

    Parameters
    ----------
    later
        Weeks by which the one's term is moved, before the count; negative for earlier.
    """
    own = np.roll(weeks_row(mine.profile, snapshot.table.first_monday), later)
    if later > 0:
        own[:later] = 0
    elif later < 0:
        own[later:] = 0
    counts: Ints = (snapshot.table.weeks @ own).astype(np.int64)
    if not is_dated(mine.profile):
        counts[:] = -1
    counts[~snapshot.table.dated] = -1
    return counts


def with_history(fit: Fit, snapshot: Snapshot, tried: Collection[int], taken_places: Mapping[int, int]) -> Fit:
    """Add what no version of a course tells: pairs that were matched before, and courses without a free place.

    Parameters
    ----------
    tried
        Courses (ids) this one was ever proposed to.
    taken_places
        Places in use by open matches, by course id; none for those missing.
    """
    ids = snapshot.table.ids
    # Places by id in a row, so that a course finds its own by arithmetic.
    in_use = np.zeros(int(max(ids.max(initial=0), *taken_places, 0)) + 1, dtype=np.int64)
    in_use[list(taken_places)] = list(taken_places.values())
    tried_before = np.isin(ids, list(tried))
    history = {"already_tried": tried_before, "no_capacity": in_use[ids] >= snapshot.table.places}
    return replace(fit, broken={**fit.broken, **history})


def explain(mine: Mine, at: Sequence[int], snapshot: Snapshot) -> list[Explanation]:
    """Explain pairs of one's own course with courses at some positions, the Asian course first, as rounds do."""
    if not at:
        return []
    others = taken(snapshot.encoded, np.array(at, dtype=np.int64))
    if mine.entry.profile.region is Region.EUROPE:
        scorer = new_scorer(others, mine.encoded, snapshot.encoder)
        return [scorer.explain(row, 0) for row in range(len(at))]
    scorer = new_scorer(mine.encoded, others, snapshot.encoder)
    return [scorer.explain(0, column) for column in range(len(at))]


def other_dates(mine: Entry, snapshot: Snapshot, fit: Fit, minimum: int) -> tuple[int, int] | None:
    """Find the shift of a term, of up to four weeks, that opens the most courses.

    Returns
    -------
    tuple of int, or None
        Weeks (negative for earlier) and how many courses no rule would then forbid; None when no shift opens any.
    """
    history = [its for code, its in fit.broken.items() if code in ("already_tried", "no_capacity")]
    elsewhere = ~(fit.broken[SAME_REGION] | fit.broken[NO_REGION]) & snapshot.is_open
    blocked = fit.broken[TOO_FEW_WEEKS] & elsewhere & ~np.any([np.zeros(len(snapshot), dtype=bool), *history], axis=0)
    opened = []
    for by in (1, -1, 2, -2, 3, -3, 4, -4):
        counts = shared_weeks(mine, snapshot, later=by)
        opened.append((blocked & (counts >= minimum), by))
    mask, by = max(opened, key=lambda one: (int(one[0].sum()), -abs(one[1]), one[1]))
    at = np.flatnonzero(mask)[:MOST_COMPARED]
    if not len(at):
        return None
    others = [snapshot.entries[row].profile for row in at.tolist()]
    rules = prepare_rules([mine.profile], others, RuleSettings(min_shared_weeks=0))
    n_open = int(rules.permitted(Pairs.every(1, len(others))).sum())
    return (by, n_open) if n_open else None
