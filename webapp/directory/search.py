"""A search over the index: masks, counts and the order of what is found, without a look at the database."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt

from matcher.criteria import TOPIC_EVERYTHING, TOPIC_NOTHING
from matcher.pairs import Bools, FloatArray, Ints
from webapp.directory.filters import LEAST_HOURS, LEAST_WEEKS, Order, Wanted
from webapp.directory.fit import Fit
from webapp.directory.snapshot import Snapshot

PER_PAGE = 20
# Similarity in deviations from the usual pair from which a course is about what is looked for, whatever its words;
# what all words found are worth in it; and the share of the words that is a find whatever the meaning. Chosen by
# looking at what some thirty searches in three languages find among the courses of the demonstration.
NEAR_ENOUGH, WORTH_OF_WORDS, ALL_WORDS = 2.25, 2.0, 0.99
# What shared words add to the nearness of meaning, which is 0..1; a title that holds them all comes before all else.
WORDS_COUNT, TITLE_COUNTS = 0.6, 2.0


@dataclass(frozen=True)
class Relevance:
    """How much courses have to do with some words, arrays of shape (n,).

    Parameters
    ----------
    value : ndarray of float
    is_found : ndarray of bool
        Which are near enough to be shown.
    """

    value: FloatArray
    is_found: Bools

    @classmethod
    def of(cls, deviations: FloatArray, share: FloatArray, in_title: Bools) -> "Relevance":
        """Put nearness of meaning and shared words together."""
        meaning = np.clip((deviations - TOPIC_NOTHING) / (TOPIC_EVERYTHING - TOPIC_NOTHING), 0, 1)
        value = (meaning + WORDS_COUNT * share + TITLE_COUNTS * in_title).astype(np.float32)
        is_near = deviations + WORTH_OF_WORDS * share >= NEAR_ENOUGH
        return cls(value, is_near | (share >= ALL_WORDS) | in_title)


@dataclass(frozen=True)
class Found:
    """What a search found.

    Parameters
    ----------
    order : Order
        How it is sorted.
    positions : ndarray of int
        Courses of the page asked for, as positions in the snapshot.
    n, page, pages : int
    counts : Mapping of facet to Mapping of value to int
        How many courses each value would show, were nothing of its own facet chosen.
    drop : tuple of (str, int)
        When nothing was found: filters whose loss alone would show something, and how many; the most first.
    n_ruled_out : int
        Courses that a hard rule keeps from the chosen course and that are hidden for it.
    """

    order: Order
    positions: Ints
    n: int
    page: int
    pages: int
    counts: Mapping[str, Mapping[str, int]]
    drop: tuple[tuple[str, int], ...]
    n_ruled_out: int


def search(
    wanted: Wanted, snapshot: Snapshot, today: date, not_of: int, fit: Fit | None, relevance: Relevance | None
) -> Found:
    """Search.

    Parameters
    ----------
    wanted : Wanted
    snapshot : Snapshot
    today : date
        Courses whose term ended before are over.
    not_of : int
        Person (id) whose own courses are left away.
    fit : Fit, optional
        What the chosen course sees.
    relevance : Relevance, optional
        Of the words looked for, where there are any.
    """
    table = snapshot.table
    everything = snapshot.is_open & (table.ends >= today.toordinal()) & (table.lecturers != not_of)
    masks: dict[str, Bools] = {}
    if relevance is not None:
        masks["q"] = relevance.is_found
    for name, values in wanted.chosen.items():
        masks[name] = table.facets[name].has_any(values)
    if fit is not None and wanted.weeks:
        masks["weeks"] = fit.weeks >= wanted.weeks
    if fit is not None and wanted.hours:
        masks["hours"] = at_least(fit.hours, float(wanted.hours))
    if fit is not None and not wanted.all_courses:
        masks["possible"] = fit.is_possible
    shown = _all(everything, masks)
    order = order_of(wanted, has_course=fit is not None)
    sorted_positions = _sorted(np.flatnonzero(shown), order, snapshot, fit, relevance)
    pages = max(math.ceil(len(sorted_positions) / PER_PAGE), 1)
    page = min(wanted.page, pages)
    counts = {
        name: facet.counts(_all(everything, masks, name)) for name, facet in table.facets.items()
    }  # fmt: skip
    if fit is not None:
        weeks, hours = (_all(everything, masks, name) for name in ("weeks", "hours"))
        counts["weeks"] = {str(least): int((weeks & (fit.weeks >= least)).sum()) for least in LEAST_WEEKS}
        counts["hours"] = {least: int((hours & at_least(fit.hours, float(least))).sum()) for least in LEAST_HOURS}
    ruled_out = _all(everything, masks, "possible") & ~masks["possible"] if "possible" in masks else ~everything & False
    drop = [] if len(sorted_positions) else [(name, int(_all(everything, masks, name).sum())) for name in masks]
    return Found(
        order=order,
        positions=sorted_positions[(page - 1) * PER_PAGE : page * PER_PAGE],
        n=len(sorted_positions),
        page=page,
        pages=pages,
        counts=counts,
        drop=tuple(sorted(((name, n) for name, n in drop if n), key=lambda one: -one[1])),
        n_ruled_out=int(ruled_out.sum()),
    )


def order_of(wanted: Wanted, *, has_course: bool) -> Order:
    """Tell how results are sorted: as asked for, as far as that makes sense."""
    possible = {Order.NEWEST, *([Order.FIT] if has_course else []), *([Order.RELEVANCE] if wanted.text else [])}
    if wanted.order in possible:
        return wanted.order
    return next(order for order in Order if order in possible)


def at_least(values: npt.NDArray[np.float64], least: float) -> Bools:
    """Tell which values are known and not below a number."""
    found: Bools = np.nan_to_num(values, nan=-1.0) >= least - 1e-6
    return found


def _all(everything: Bools, masks: Mapping[str, Bools], but: str = "") -> Bools:
    shown = everything.copy()
    for name, mask in masks.items():
        if name != but:
            shown &= mask
    return shown


def _sorted(at: Ints, order: Order, snapshot: Snapshot, fit: Fit | None, relevance: Relevance | None) -> Ints:
    """Sort positions; ids, not positions, decide between equals."""
    table = snapshot.table
    keys: list[npt.NDArray[Any]] = []
    if order is Order.FIT and fit is not None:
        # To six digits, as the matcher rounds what a score is made of.
        keys = [~fit.is_possible[at], -np.round(np.nan_to_num(fit.score[at], nan=-1.0), 6)]
    if order is Order.RELEVANCE and relevance is not None:
        keys = [-np.round(relevance.value[at].astype(np.float64), 4)]
    if order is Order.NEWEST:
        keys = [-table.published[at]]
    # The last key of lexsort is the first to decide.
    sorted_at: Ints = at[np.lexsort((table.ids[at], *reversed(keys)))]
    return sorted_at
