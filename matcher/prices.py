"""Node prices of a solved assignment: the least score with which a pair that was not looked at could matter.

In the residual network of an optimal flow no arc may be worth taking: with potentials p, every arc u -> v of
cost c has c + p(u) - p(v) >= 0. Shortest distances from a start that is zero everywhere have this property
(Bellman and Ford). A pair that is missing from the network, a -> b of cost -(1 - dial) * w, can then improve
the flow only if (1 - dial) * w > p(a) - p(b): linear programming duality, as in column generation. Minimums,
caps and locked pairs are inside the network, so they are inside the prices.

Potentials that satisfy this are not unique. Nodes that hang loose are moved afterwards, the left ones up and
the right ones down as far as their arcs allow, which makes prices higher and fewer pairs suspicious.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from matcher.balance import Counts, Floats
from matcher.flow import SINK, SOURCE, Costs, Network, UnitArcs

# No arc: added to any potential it stays larger than every distance, and within 64 bits.
_NONE = np.int64(2**61)
_CLOSED = np.int64(2**60)
# Moving loose nodes: each round passes all levels once.
_LOOSENING_ROUNDS = 8
# Below this share of changed edges it is faster to pick them than to pass all.
_FEW = 0.2


@dataclass(frozen=True)
class NodePrices:
    """Potentials in units of W, ``numpy.inf`` for what is closed.

    ``left`` and ``right`` hold the courses' prices, then those of each coarser group, by node: what it costs to
    bring one more partnership to that node from the source, or from it to the sink. ``place`` (>= 0) is the
    price of a place in the whole market, included in ``right``.
    """

    left: Floats
    right: Floats
    place: float


@dataclass(frozen=True)
class _Residual:
    """Costs of one more unit (``on``) and of giving one back (``back``) for each group, _NONE where there is no
    such unit."""

    arcs: UnitArcs
    nodes: slice
    on: Counts
    back: Counts


def node_prices(network: Network, costs: Costs, chosen: NDArray[np.intp]) -> NodePrices:
    """Prices of an optimal choice of the network's free edges.

    Parameters
    ----------
    chosen : indices of the edges, as `matcher.flow.solve` gives them
    """
    edges = network.edges
    left = _residual(network.left, costs.left, edges.row[chosen])
    right = _residual(network.right, costs.right, edges.column[chosen])
    search = _Search(network, costs, chosen, left, right)
    search.relax()
    search.loosen()
    unit = costs.scale * (1.0 - costs.dial)

    def real(values: Counts) -> Floats:
        return np.where(values >= _CLOSED // 2, np.inf, values / unit)

    p = search.p
    return NodePrices(
        real(p[left.nodes] - p[SOURCE]), real(p[SOURCE] - p[right.nodes]), float(p[SOURCE] - p[SINK]) / unit
    )


def _residual(arcs: UnitArcs, cost: Counts, courses: Counts) -> _Residual:
    used = np.zeros(arcs.n_groups, dtype=np.int64)
    used[arcs.levels[0]] = np.bincount(courses, minlength=arcs.levels[0].stop)
    for level in arcs.levels[:-1]:
        np.add.at(used, arcs.parent[level] - arcs.first_node, used[level])
    padded = np.append(cost, _NONE)
    on = np.where(used < np.diff(arcs.first), padded[arcs.first[:-1] + used], _NONE)
    back = np.where(used > 0, -padded[arcs.first[:-1] + used - 1], _NONE)
    return _Residual(arcs, slice(arcs.first_node, arcs.first_node + arcs.n_groups), on, back)


class _Search:
    """Potentials ``p`` of all nodes, in integer units of cost."""

    def __init__(
        self, network: Network, costs: Costs, chosen: NDArray[np.intp], left: _Residual, right: _Residual
    ) -> None:
        self.left, self.right = left, right
        self.p: Counts = np.zeros(network.n_nodes, dtype=np.int64)
        self.has_idle = len(chosen) < network.n_units
        edges = network.edges
        self.row, self.column = network.left.first_node + edges.row, network.right.first_node + edges.column
        self.cost = costs.pairs.copy()
        self.made_row, self.made_column, self.made_cost = self.row[chosen], self.column[chosen], self.cost[chosen]
        self.cost[chosen] = _NONE
        n_rows = left.arcs.levels[0].stop
        self.first_edge = np.searchsorted(edges.row, np.arange(n_rows + 1))
        self.rows = slice(network.left.first_node, network.left.first_node + n_rows)

    def relax(self) -> None:
        """Lower potentials until every residual arc is satisfied; each sweep follows the direction of flow."""
        p = self.p
        seen = np.full(self.rows.stop - self.rows.start, _NONE)
        while True:
            before = p.copy()
            p[SINK] = min(p[SINK], p[SOURCE])
            _from_parents(p, self.left.arcs, self.left.on)
            self._along_pairs(seen)
            _to_parents(p, self.right.arcs, self.right.on)
            if self.has_idle:
                p[SOURCE] = min(p[SOURCE], p[SINK])
            _from_parents(p, self.right.arcs, self.right.back)
            np.minimum.at(p, self.made_row, p[self.made_column] - self.made_cost)
            _to_parents(p, self.left.arcs, self.left.back)
            if np.array_equal(before, p):
                return

    def _along_pairs(self, seen: Counts) -> None:
        """Relax the pairs of the rows whose potential has changed since ``seen``, which is kept up to date."""
        changed = np.flatnonzero(self.p[self.rows] < seen)
        seen[changed] = self.p[self.rows][changed]
        n_edges = (self.first_edge[1:] - self.first_edge[:-1])[changed]
        if n_edges.sum() > _FEW * len(self.cost):
            np.minimum.at(self.p, self.column, self.p[self.row] + self.cost)
            return
        begins = np.repeat(self.first_edge[changed] - (np.cumsum(n_edges) - n_edges), n_edges)
        at = begins + np.arange(len(begins))
        np.minimum.at(self.p, self.column[at], self.p[self.row[at]] + self.cost[at])

    def loosen(self) -> None:
        """Raise left nodes to their least incoming arc, lower right nodes to their greatest outgoing one."""
        for _ in range(_LOOSENING_ROUNDS):
            before = self.p.copy()
            self._raise_left()
            self._lower_right()
            if np.array_equal(before, self.p):
                return

    def _raise_left(self) -> None:
        p, arcs = self.p, self.left.arcs
        limit = np.full(len(p), _NONE)
        np.minimum.at(limit, arcs.parent, p[self.left.nodes] + self.left.back)
        np.minimum.at(limit, self.made_row, p[self.made_column] - self.made_cost)
        at_source = min(limit[SOURCE], p[SINK]) if self.has_idle else limit[SOURCE]
        if at_source < _CLOSED:
            p[SOURCE] = max(p[SOURCE], at_source)
        for level in reversed(arcs.levels):
            nodes = slice(arcs.first_node + level.start, arcs.first_node + level.stop)
            incoming = np.minimum(limit[nodes], p[arcs.parent[level]] + self.left.on[level])
            p[nodes] = np.maximum(p[nodes], np.minimum(incoming, _CLOSED))

    def _lower_right(self) -> None:
        p, arcs = self.p, self.right.arcs
        limit = np.full(len(p), -_NONE)
        np.maximum.at(limit, arcs.parent, p[self.right.nodes] - self.right.back)
        np.maximum.at(limit, self.made_column, p[self.made_row] + self.made_cost)
        at_sink = max(limit[SINK], p[SOURCE]) if self.has_idle else limit[SINK]
        if at_sink > -_CLOSED:
            p[SINK] = min(p[SINK], at_sink)
        for level in reversed(arcs.levels):
            nodes = slice(arcs.first_node + level.start, arcs.first_node + level.stop)
            outgoing = np.maximum(limit[nodes], p[arcs.parent[level]] - self.right.on[level])
            p[nodes] = np.minimum(p[nodes], np.maximum(outgoing, -_CLOSED))


def _from_parents(p: Counts, arcs: UnitArcs, cost: Counts) -> None:
    """Relax the arcs from every group's parent to the group, coarse levels first."""
    for level in reversed(arcs.levels):
        nodes = slice(arcs.first_node + level.start, arcs.first_node + level.stop)
        np.minimum(p[nodes], p[arcs.parent[level]] + cost[level], out=p[nodes])


def _to_parents(p: Counts, arcs: UnitArcs, cost: Counts) -> None:
    """Relax the arcs from every group to its parent, fine levels first."""
    for level in arcs.levels:
        nodes = slice(arcs.first_node + level.start, arcs.first_node + level.stop)
        np.minimum.at(p, arcs.parent[level], p[nodes] + cost[level])
