"""Why a pair is not proposed, in numbers: the prices it would have to beat, and what forcing it would cost.

The price of a pair is the sum of its two courses' prices (`matcher.prices`), and each of these is a chain of
differences of node potentials: the course itself, wanted by others or out of places; its institution and its
country, above their fair share or at their cap; and a place in the market. Forcing the pair is solving again
with the pair locked, so what it costs is exact too.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from matcher.balance import Counts, Floats
from matcher.flow import Edges, Side, inner_dial
from matcher.prices import NodePrices
from matcher.problem import Problem


@dataclass(frozen=True)
class PricePart:
    """What one course or group adds to the price of a pair, in units of W.

    ``side`` is "left", "right", or "market" for a place as such; ``level`` 0 for the course, 1 for the first
    group level and so on. ``given`` is its number of partnerships and ``share`` the fair number. ``imbalance``
    is what one more of them adds to imbalance, as the dial weighs it; the rest of ``price`` is what others
    would pay for the place, or what a minimum or a cap makes of it.
    """

    side: str
    level: int
    label: object
    price: float
    imbalance: float
    given: int
    share: float


@dataclass(frozen=True)
class Partner:
    """A partner that one of the two courses has now: its position on its side, and the pair's score."""

    position: int
    score: float


@dataclass(frozen=True)
class Forced:
    """What changes when the pair is made all the same and everything else is chosen again at its best.

    ``score_needed`` is the exact score from which the pair would be proposed by itself, never below the pair's
    price: ``numpy.inf`` when a minimum or a cap forbids it at any score. ``more_unmet`` counts partnerships
    below minimums that would be missing in addition, ``lost`` and ``gained`` are (n, 2) rows and columns.
    """

    quality_lost: float
    objective_lost: float
    score_needed: float
    more_unmet: int
    lost: Counts
    gained: Counts


@dataclass(frozen=True)
class WhyNot:
    """What stands between a pair and being proposed.

    Attributes
    ----------
    row, column : positions of the two courses
    is_stored : is the pair among the permitted ones
    is_proposed : is it chosen
    score : its score, stored or assumed; None when W does not store the pair and none was assumed
    price : the score it has to beat at least: the sum over `parts`
    parts : the left course and its groups, the market, the right course's groups and the course, in the
        order of flow; their prices add up to `price`
    partners_left, partners_right : partners of the left and of the right course now, best first
    forced : None when it is proposed already, has no score, or one of its courses has locked pairs in all its
        places
    quality : the sum of the scores of all pairs chosen now, to compare with what forcing this one costs
    """

    row: int
    column: int
    is_stored: bool
    is_proposed: bool
    score: float | None
    price: float
    parts: tuple[PricePart, ...]
    partners_left: tuple[Partner, ...]
    partners_right: tuple[Partner, ...]
    forced: Forced | None
    quality: float

    @property
    def gap(self) -> float | None:
        """What its score lacks to its price; not above 0 for a proposed pair, None without a score."""
        return None if self.score is None else self.price - self.score


def least_cost(score: float, price: float, balance: float, missing: float = 0.0) -> float:
    """What forcing a pair costs at least, in units of W: fit, or balance as the dial weighs it against fit.

    Every choice that holds the pair stays below the best one by what the pair's score lacks to its price: linear
    programming duality, so nothing is solved. What it costs exactly is `Forced.objective_lost`, divided by one less
    the dial, and no smaller.

    Parameters
    ----------
    score, price : of the pair, the price as the sum of both courses' prices
    balance : position of the dial
    missing : float >= 0
        How far the choice the prices belong to may be below the best one: 0 for a proven one, otherwise
        `matcher.optimality.Certificate` ``bound`` less ``objective``.

    Returns
    -------
    float >= 0
        0 where nothing is proven.
    """
    return max(price - score - max(missing, 0.0) / (1.0 - inner_dial(balance)), 0.0)


def explain_pair(
    problem: Problem, prices: NodePrices, chosen: Counts, balance: float, pair: tuple[int, int], score: float | None
) -> WhyNot:
    """Explain one pair of the caller's rows and columns, see `BalancedAssignment.why_not`.

    Parameters
    ----------
    chosen : indices of the chosen edges
    pair : row and column
    score : assumed instead of the stored one; None for the stored one
    """
    row, column = int(problem.rank_left[pair[0]]), int(problem.rank_right[pair[1]])
    edge = problem.find(row, column)
    own_score = score if score is not None or edge < 0 else float(problem.edges.weight[edge])
    is_proposed = edge >= 0 and bool(np.isin(edge, chosen))
    edges = problem.edges
    mine = chosen[edges.row[chosen] == row], chosen[edges.column[chosen] == column]
    parts = _parts(problem, prices, chosen, balance, row, column)
    return WhyNot(
        row=pair[0],
        column=pair[1],
        is_stored=edge >= 0,
        is_proposed=is_proposed,
        score=own_score,
        price=sum(part.price for part in parts),
        parts=parts,
        partners_left=_partners(problem.order_right[edges.column[mine[0]]], edges.weight[mine[0]].tolist()),
        partners_right=_partners(problem.order_left[edges.row[mine[1]]], edges.weight[mine[1]].tolist()),
        forced=None
        if is_proposed or own_score is None
        else _forced(problem, chosen, balance, row, column, edge, own_score),
        quality=problem.quality(chosen),
    )


def _partners(positions: Counts, scores: list[float]) -> tuple[Partner, ...]:
    found = [Partner(position, score) for position, score in zip(positions.tolist(), scores, strict=True)]
    return tuple(sorted(found, key=lambda one: (-one.score, one.position)))


def _parts(
    problem: Problem, prices: NodePrices, chosen: Counts, balance: float, row: int, column: int
) -> tuple[PricePart, ...]:
    edges = problem.edges
    left = _chain("left", problem.left, prices.left, 0.0, edges.row[chosen], balance, row)
    right = _chain("right", problem.right, prices.right, prices.place, edges.column[chosen], balance, column)
    n_places = float(min(side.caps[0].sum() for side in (problem.left, problem.right)))
    market = PricePart("market", 0, None, prices.place, 0.0, len(chosen), n_places)
    # The chain of the left side begins at the course, as one reads it; its label is the caller's position.
    left[0] = replace(left[0], label=int(problem.order_left[row]))
    right[0] = replace(right[0], label=int(problem.order_right[column]))
    return (*left, market, *reversed(right))


def _chain(
    name: str, side: Side, price: Floats, at_end: float, courses: Counts, balance: float, course: int
) -> list[PricePart]:
    """Parts of one side, the course first: each price is a node's less its parent's."""
    dial = inner_dial(balance)
    groups = [int(level.codes[course]) for level in side.levels]
    first = np.cumsum([0, *(len(level.offered) for level in side.levels)])
    nodes = [float(price[start + group]) for start, group in zip(first, groups, strict=False)]
    parts = []
    for depth, (level, group) in enumerate(zip(side.levels, groups, strict=True)):
        own, parent = nodes[depth], nodes[depth + 1] if depth + 1 < len(nodes) else at_end
        given, share = int(level.counts(courses)[group]), float(level.shares[group])
        rising = level.weight * ((given + 0.5) / share - 1.0) * dial / (1.0 - dial) if share else 0.0
        # Below a closed group everything is closed, and the group says so.
        difference = 0.0 if np.isinf(own) and np.isinf(parent) else own - parent
        parts.append(PricePart(name, depth, level.labels[group], difference, rising, given, share))
    return parts


def _forced(
    problem: Problem, chosen: Counts, balance: float, row: int, column: int, edge: int, score: float
) -> Forced | None:
    left, right = problem.left, problem.right
    if left.taken[0][row] >= left.caps[0][row] or right.taken[0][column] >= right.caps[0][column]:
        return None
    with_pair, locked = _holding(problem, row, column, edge, score)
    with_pair = with_pair.with_lock(locked)
    anew = with_pair.solve(balance)
    before, after = problem.pairs(chosen), with_pair.pairs(anew)
    keys = [pairs[:, 0] * problem.n_right + pairs[:, 1] for pairs in (before, after)]
    objective_lost = problem.objective(chosen, balance) - with_pair.objective(anew, balance)
    (unmet, over), (unmet_anew, over_anew) = _missed(problem, chosen), _missed(with_pair, anew)
    needed = score + objective_lost / (1.0 - inner_dial(balance))
    if unmet_anew != unmet or over_anew > over:
        # Minimums and caps come before scores: with fewer units missing the pair is needed at any score.
        needed = -np.inf if unmet_anew < unmet else np.inf
    return Forced(
        quality_lost=problem.quality(chosen) - with_pair.quality(anew),
        objective_lost=objective_lost,
        score_needed=needed,
        more_unmet=unmet_anew - unmet,
        lost=before[~np.isin(keys[0], keys[1])],
        gained=after[~np.isin(keys[1], keys[0])],
    )


def _holding(problem: Problem, row: int, column: int, edge: int, score: float) -> tuple[Problem, NDArray[np.bool_]]:
    """The market that permits the pair with this score, and the mask of its locked edges with the pair."""
    edges, locked = problem.edges, problem.locked.copy()
    if edge >= 0:
        weights = edges.weight.copy()
        weights[edge] = score
        locked[edge] = True
        return problem.with_weights(weights), locked
    start, stop = np.searchsorted(edges.row, [row, row + 1])
    at = start + int(np.searchsorted(edges.column[start:stop], column))
    values = (row, column, score, 0)
    inserted = Edges(*(np.insert(own, at, value) for own, value in zip(vars(edges).values(), values, strict=True)))
    return replace(problem, edges=inserted), np.insert(locked, at, True)


def _missed(problem: Problem, chosen: Counts) -> tuple[int, int]:
    """Partnerships below all minimums and above all caps of groups."""
    groups = problem.unmet_groups(chosen)
    missing = int(problem.unmet(chosen).sum()) + sum(one.missing for one in groups)
    return missing, sum(one.over for one in groups)
