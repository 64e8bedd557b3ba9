"""What a round begun now would find: how many open courses of each side have a free place."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from matcher.vocabulary.asem import region_of
from webapp.matches import queries as match_queries
from webapp.rounds import candidates, decision_queries, queries
from webapp.rounds.models import Round


@dataclass(frozen=True)
class Supply:
    """The open courses of both regions, by the region (``asia``, ``europe``).

    Parameters
    ----------
    n_open
        Courses that are open.
    n_free
        Those of them with a place for a partner: a round looks at no other ones.
    n_waiting
        Those without, where a proposal waits for an answer.
    newest
        The published round that proposed last; None before the first.
    """

    n_open: Counter[str]
    n_free: Counter[str]
    n_waiting: Counter[str]
    newest: Round | None

    @property
    def empty(self) -> tuple[str, ...]:
        """The regions of which open courses exist, but none of them is free: a round finds no pair then."""
        return tuple(region for region in ("asia", "europe") if self.n_open[region] and not self.n_free[region])


def at(now: datetime) -> Supply:
    """Count what a round would find at an instant (aware); in six queries, however many courses there are."""
    rows = queries.open_places(now.date())
    taken, places = match_queries.open_counts(), decision_queries.places_by_course()
    room = candidates.room_of({row.lecturer_id: row.at_once for row in rows if row.at_once is not None})
    asked = queries.courses_asked()
    n_open, n_free, n_waiting = Counter[str](), Counter[str](), Counter[str]()
    for row in rows:
        region = region_of(row.country) or ""
        n_open[region] += 1
        offered = min(row.capacity, places.get(row.course_id, row.capacity))
        if candidates.n_free(offered, taken[row.course_id], room.get(row.lecturer_id)):
            n_free[region] += 1
        elif row.course_id in asked:
            n_waiting[region] += 1
    return Supply(n_open, n_free, n_waiting, queries.latest())
