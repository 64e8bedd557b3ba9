"""The smallest changes for courses a round left out; the baseline solves the whole market again for each change."""

from __future__ import annotations

import time
from collections.abc import Sequence

from benchmarks.scaling.made_vectors import MadeVectors
from benchmarks.scaling.measuring import Figures, answer, peak_memory
from matcher.changes import Change, double_changes, single_changes
from matcher.datasets import make_profiles
from matcher.file_cache import FileCache
from matcher.optimality import Solved, solve_over_all
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import CourseProfile, Region
from matcher.scorer import CompatibilityScorer
from matcher.smallest_change import Looked, smallest_changes
from matcher.text import TextEncoder


def run(n: int, balance: float, vector_file: str, n_again: int) -> Figures:
    """Figures for a market of ``n`` courses a side.

    Parameters
    ----------
    balance : 0..1
        The dial; at 0 far more courses are left out.
    vector_file : path of the vectors kept between runs
    n_again : int
        Changes for which the whole market is solved again: those that were found to help.
    """
    profiles = make_profiles(2 * n)
    encoder = TextEncoder(MadeVectors(FileCache(vector_file)), {})
    encoder.fit(profiles).transform(profiles)
    matcher = PartnerMatcher(balance=balance, scorer=CompatibilityScorer(encoder=encoder))
    _, left_out, _ = solved(matcher, profiles)
    before = peak_memory()
    begun = time.perf_counter(), time.process_time()
    looked = smallest_changes(matcher, profiles, left_out)
    seconds, worked = time.perf_counter() - begun[0], time.process_time() - begun[1]
    figures: Figures = {
        "seconds": seconds,
        "worked": worked,
        "memory": peak_memory(),
        "memory_before": before,
        "n_left_out": len(left_out),
        "n_found": len(looked.found),
        "n_unsought": len(looked.unsought),
        "n_changes": n_tried(profiles, left_out, looked),
    }
    helped = sorted(looked.found.items())[:n_again]
    begun = time.perf_counter(), time.process_time()
    n_confirmed = 0
    for course_id, its in helped:
        changed = [its.change.profile if one.id == course_id else one for one in profiles]
        n_confirmed += course_id not in solved(matcher, changed)[1]
    return {
        **figures,
        "n_again": len(helped),
        "n_confirmed": n_confirmed,
        "seconds_each": (time.perf_counter() - begun[0]) / max(len(helped), 1),
        "worked_each": (time.process_time() - begun[1]) / max(len(helped), 1),
    }


def solved(matcher: PartnerMatcher, profiles: Sequence[CourseProfile]) -> tuple[Solved, list[str], int]:
    """Read and solve a market, proven: the solution, the ids of courses without a partner, and the candidates."""
    market = matcher.market(profiles)
    (best,), graph = solve_over_all(market, market.candidates(), [matcher.balance], matcher.max_gap)
    taken = [set(column.tolist()) for column in best.assignment.pairs_.T]
    sides = zip((market.left, market.right), taken, strict=True)
    left_out = [one.id for side, its in sides for at, one in enumerate(side) if at not in its and one.capacity]
    return best, left_out, len(graph)


def n_tried(profiles: Sequence[CourseProfile], left_out: Sequence[str], looked: Looked) -> int:
    """Count the changes that were tried: those of one step, and of two where none of one step helps."""
    by_id = {one.id: one for one in profiles}
    sides = {region: [one for one in profiles if one.region is region] for region in (Region.ASIA, Region.EUROPE)}
    total = 0
    for course_id in sorted(set(left_out) - looked.unsought):
        course = by_id[course_id]
        others = sides[Region.EUROPE if course.region is Region.ASIA else Region.ASIA]
        singles: list[Change] = single_changes(course, others, None)
        total += len(singles)
        found = looked.found.get(course_id)
        if found is None or len(found.change.steps) > 1:
            total += len(double_changes(singles))
    return total


if __name__ == "__main__":
    answer(run)
