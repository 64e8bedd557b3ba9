"""How well a ranking finds partnerships that really took place.

Every profile named as a partner is a query; it ranks all profiles that the rules permit it. Its rank is that
of its best-ranked partner. A partner that the rules forbid is not found: reciprocal rank 0, no hit. Equal
scores share the mean of the ranks they take up, so that a ranking that says nothing earns nothing.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from os import PathLike
from typing import TypeAlias

import numpy as np

from matcher.criterion import Floats
from matcher.metrics import Rank, hit_rate, mean_reciprocal_rank, median_rank
from matcher.pairs import Pairs
from matcher.profile import CourseProfile
from matcher.rules import RuleSettings, permitted
from matcher.scorer import CompatibilityScorer

_ROWS_AT_ONCE = 100

# Similarities or scores of all pairs of one list of profiles, (n, n).
Ranking: TypeAlias = Callable[[Sequence[CourseProfile]], Floats]


class PairsError(ValueError):
    """A list of pairs that cannot be read or does not belong to the profiles; one problem a line."""


@dataclass(frozen=True)
class Evaluation:
    """Figures over `n` queries; `median_rank` is None when most partners were not found."""

    n: int
    mrr: float
    hit_at_1: float
    hit_at_5: float
    hit_at_10: float
    median_rank: float | None

    def to_dict(self) -> dict[str, float | None]:
        """Return the figures as JSON values, shares rounded to four digits."""
        return {name: round(value, 4) if isinstance(value, float) else value for name, value in asdict(self).items()}


def read_pairs(path: str | PathLike[str]) -> list[tuple[str, str]]:
    """Read pairs of profile ids from a CSV file with the columns a and b; other columns are ignored.

    Raises
    ------
    PairsError
        If a column is missing, a value is empty, or the file is not in UTF-8.
    OSError
        If the file cannot be opened.
    """
    try:
        with open(path, encoding="utf-8-sig", newline="") as stream:
            reader = csv.DictReader(stream)
            missing = sorted({"a", "b"} - set(reader.fieldnames or ()))
            if missing:
                raise PairsError(f"line 1: column {' and '.join(missing)} missing; the columns a and b are needed")
            rows = [(reader.line_num, (row["a"] or "").strip(), (row["b"] or "").strip()) for row in reader]
    except UnicodeDecodeError:
        raise PairsError("the file is not in UTF-8") from None
    problems = [f"line {number}: a and b must both be given" for number, a, b in rows if not a or not b]
    if problems:
        raise PairsError("\n".join(problems))
    return [(a, b) for _, a, b in rows]


def evaluate(
    profiles: Sequence[CourseProfile],
    pairs: Iterable[tuple[str, str]],
    settings: RuleSettings | None = None,
    scorer: CompatibilityScorer | None = None,
) -> Evaluation:
    """Measure how the scorer ranks known partners.

    Parameters
    ----------
    profiles : sequence of CourseProfile
        All of them are candidates, whether named in a pair or not.
    pairs : iterable of (str, str)
        Ids of partners; several partners of one profile are several pairs.
    settings : RuleSettings, optional
        Which candidates are permitted; `RuleSettings(opposite_regions=False)` for all other institutions'.
    scorer : CompatibilityScorer, optional
        A new one by default; it is fitted on the profiles, whose partners it never sees.

    Raises
    ------
    PairsError
        If a pair names an unknown profile or the same one twice, or there is no pair.
    """
    scorer = CompatibilityScorer() if scorer is None else scorer

    return summarise(list(ranks_of_partners(profiles, pairs, ranking_of(scorer), settings).values()))


def ranking_of(scorer: CompatibilityScorer) -> Ranking:
    """Return the ranking by a scorer, fitted to the profiles it ranks."""

    def scores(profiles: Sequence[CourseProfile]) -> Floats:
        pairs = scorer.fit(profiles).pairs(profiles, profiles)
        n = len(profiles)
        table = np.empty((n, n))
        for rows in np.array_split(np.arange(n), n // _ROWS_AT_ONCE + 1):
            table[rows] = pairs.score(Pairs.table(rows, np.arange(n))).score
        return table

    return scores


def summarise(ranks: Sequence[Rank]) -> Evaluation:
    """Return the figures for the ranks of all queries."""
    return Evaluation(
        n=len(ranks),
        mrr=mean_reciprocal_rank(ranks),
        hit_at_1=hit_rate(ranks, 1),
        hit_at_5=hit_rate(ranks, 5),
        hit_at_10=hit_rate(ranks, 10),
        median_rank=median_rank(ranks),
    )


def ranks_of_partners(
    profiles: Sequence[CourseProfile],
    pairs: Iterable[tuple[str, str]],
    ranking: Ranking,
    settings: RuleSettings | None = None,
) -> dict[str, Rank]:
    """Return the rank of the best-ranked partner of every profile named in the pairs, by id in order.

    Raises
    ------
    PairsError
        See `evaluate`.
    """
    ordered = sorted(profiles, key=lambda profile: profile.id)
    partners = _partners([profile.id for profile in ordered], pairs)
    allowed = permitted(ordered, ordered, settings)
    np.fill_diagonal(allowed, False)
    scores = np.where(allowed, ranking(ordered), -np.inf)
    ranks: dict[str, Rank] = {}
    for query, known in sorted(partners.items()):
        found = [at for at in known if allowed[query, at]]
        if not found:
            ranks[ordered[query].id] = None
            continue
        row = scores[query, allowed[query]]
        best = scores[query, found].max()
        ranks[ordered[query].id] = float(1 + (row > best).sum() + ((row == best).sum() - 1) / 2)
    return ranks


def _partners(ids: Sequence[str], pairs: Iterable[tuple[str, str]]) -> dict[int, set[int]]:
    place = {its_id: at for at, its_id in enumerate(ids)}
    partners: dict[int, set[int]] = {}
    problems = []
    for number, (a, b) in enumerate(pairs, start=1):
        unknown = [its_id for its_id in (a, b) if its_id not in place]
        if unknown or a == b:
            what = f"no profile has the id {' or '.join(unknown)}" if unknown else f"{a} is paired with itself"
            problems.append(f"pair {number}: {what}")
            continue
        partners.setdefault(place[a], set()).add(place[b])
        partners.setdefault(place[b], set()).add(place[a])
    if problems:
        raise PairsError("\n".join(problems))
    if not partners:
        raise PairsError("there is no pair to evaluate by")
    return partners
