"""Markets small enough to try every set of pairs, and what brute force finds on them."""

from dataclasses import dataclass

import numpy as np
import scipy.sparse as sp
from hypothesis import strategies as st

from matcher.assignment import BalancedAssignment
from matcher.balance import level_weights
from matcher.limits import Limits

DIAL = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)


@dataclass(frozen=True)
class Half:
    """One side: places, groups from fine to coarse, guaranteed minimums, one mapping of limits a level."""

    capacity: np.ndarray
    groups: list[list[str]]
    minimum: np.ndarray
    limits: list[dict[str, Limits]]


@dataclass(frozen=True)
class Market:
    W: sp.csr_array
    left: Half
    right: Half

    def fit(self, balance=0.5, W=None, locked=None, forbidden=None, **options):
        return BalancedAssignment(balance, **options).fit(
            self.W if W is None else W,
            self.left.capacity,
            self.right.capacity,
            self.left.groups,
            self.right.groups,
            self.left.minimum,
            self.right.minimum,
            locked=locked,
            forbidden=forbidden,
            limits_left=self.left.limits,
            limits_right=self.right.limits,
        )


@st.composite
def halves(draw, n, with_limits):
    capacity = draw(st.lists(st.integers(0, 3), min_size=n, max_size=n))
    fine = draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
    coarse_of = draw(st.lists(st.integers(0, 1), min_size=3, max_size=3))
    groups = [[f"i{f}" for f in fine], [f"c{coarse_of[f]}" for f in fine]][: draw(st.integers(0, 2))]
    minimum, limits = [0] * n, [{} for _ in groups]
    if with_limits:
        minimum = draw(st.lists(st.sampled_from([0, 0, 1, 2]), min_size=n, max_size=n))
        for own, labels in zip(limits, groups, strict=True):
            for label in sorted(set(labels)):
                least = draw(st.sampled_from([0, 0, 1, 2]))
                room = draw(st.sampled_from([None, 0, 1]))
                own[label] = Limits(least, None if room is None else least + room)
    return Half(np.array(capacity), groups, np.array(minimum), limits)


@st.composite
def markets(draw, with_limits=False, max_pairs=9):
    n_left, n_right = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    cells = [(i, j) for i in range(n_left) for j in range(n_right)]
    permitted = draw(st.lists(st.sampled_from(cells), min_size=1, max_size=max_pairs, unique=True))
    scores = draw(st.lists(st.integers(-50, 100), min_size=len(permitted), max_size=len(permitted)))
    rows, columns = zip(*permitted, strict=True)
    W = sp.csr_array((np.array(scores) / 100, (rows, columns)), shape=(n_left, n_right))
    return Market(W, draw(halves(n_left, with_limits)), draw(halves(n_right, with_limits)))


@dataclass(frozen=True)
class Outcomes:
    """Every set of pairs that keeps capacities and caps: ``made`` (n_sets, n_pairs) and what each is worth."""

    made: np.ndarray
    quality: np.ndarray
    imbalance: np.ndarray
    unmet: np.ndarray
    n_first: np.ndarray

    def best(self, balance, first_bonus=0.0):
        """The greatest objective among the sets that miss the fewest units of minimums."""
        value = (1 - balance) * (self.quality + first_bonus * self.n_first) - balance * self.imbalance
        return value[self.unmet == self.unmet.min()].max()


def every_outcome(market, theta=1.0, locked=()):
    """Brute force; with ``locked`` cells only sets that hold them, and caps bind only what is not locked."""
    coo = market.W.tocoo()
    made = (np.arange(2**coo.nnz)[:, None] >> np.arange(coo.nnz)) & 1 == 1
    is_locked = np.array([cell in locked for cell in zip(coo.row.tolist(), coo.col.tolist(), strict=True)], dtype=bool)
    made = made[made[:, is_locked].all(axis=1)]
    n_places = min(market.left.capacity.sum(), market.right.capacity.sum())
    keeps, imbalance = np.ones(len(made), dtype=bool), np.zeros(len(made))
    unmet, n_first = np.zeros(len(made), dtype=int), np.zeros(len(made), dtype=int)
    for half, courses in ((market.left, coo.row), (market.right, coo.col)):
        own_levels = [list(range(len(half.capacity))), *half.groups]
        for depth, (weight, labels) in enumerate(zip(level_weights(len(half.groups)), own_levels, strict=True)):
            powers = {}
            for name in labels:
                offered = sum(half.capacity[c] for c, label in enumerate(labels) if label == name)
                powers[name] = (float(offered) ** theta if offered else 0.0, offered)
            for name, (power, offered) in powers.items():
                inside = np.array([labels[c] == name for c in courses])
                count, n_locked = made[:, inside].sum(axis=1), is_locked[inside].sum()
                asked = half.limits[depth - 1].get(name, Limits()) if depth else Limits(int(half.minimum[name]))
                cap = offered if asked.cap is None else asked.cap
                keeps &= count <= max(cap, n_locked)
                unmet += np.maximum(asked.minimum - count, 0)
                n_first += (count > 0) & (depth == 0)
                share = n_places * power / sum(p for p, _ in powers.values()) if power else 0.0
                if share:
                    imbalance += weight * (count - share) ** 2 / (2 * share)
    return Outcomes(made[keeps], made[keeps] @ coo.data, imbalance[keeps], unmet[keeps], n_first[keeps])
