"""Masks, counts and order, on the town's index."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import numpy as np
import pytest

from tests.webapp.directory.conftest import Town
from webapp.db import db
from webapp.directory.facets import Facet, Table, size_of
from webapp.directory.filters import Order, Wanted
from webapp.directory.fit import Fit
from webapp.directory.search import Found, Relevance, search
from webapp.directory.snapshot import Snapshot, taken
from webapp.profiles import queries as profiles

TODAY = date(2026, 11, 23)
NOBODY = 0


@pytest.fixture(scope="session")
def snapshot(town: Town) -> Snapshot:
    """The town's index."""
    return town.snapshot()


@pytest.fixture(scope="session")
def fit(town: Town, snapshot: Snapshot) -> Fit:
    """What Mai's water course sees."""
    with town.app.app_context():
        course = profiles.course(town.ids["water"])
        assert course is not None
        compared = town.app.extensions["directory"].fit(course, snapshot, datetime(2026, 11, 23, tzinfo=UTC))
        db.session.remove()
    assert compared is not None
    found: Fit = compared[1]
    return found


def relevance(town: Town, snapshot: Snapshot, text: str) -> Relevance:
    """What a search for words finds."""
    found: Relevance = town.app.extensions["directory"].relevance(text, snapshot)
    return found


def names(town: Town, snapshot: Snapshot, found: Found) -> list[str]:
    """The courses found, in order, by their names in the town."""
    name_of = {course_id: name for name, course_id in town.ids.items()}
    return [name_of[snapshot.entries[at].course_id] for at in found.positions.tolist()]


def test_open_listed_courses_are_there_and_no_other(town: Town, snapshot: Snapshot) -> None:
    found = search(Wanted(), snapshot, TODAY, NOBODY, None, None)
    assert sorted(names(town, snapshot, found)) == ["autumn", "nursing", "rivers", "tourism", "water"]
    assert found.order is Order.NEWEST


def test_own_courses_and_those_that_are_over_are_left_away(town: Town, snapshot: Snapshot) -> None:
    found = search(Wanted(), snapshot, date(2027, 7, 1), town.people["ana"], None, None)
    assert names(town, snapshot, found) == []
    found = search(Wanted(), snapshot, date(2027, 7, 1), NOBODY, None, None)
    assert names(town, snapshot, found) == ["autumn"]


def test_a_facet_counts_as_if_nothing_of_it_were_chosen(snapshot: Snapshot) -> None:
    wanted = Wanted(chosen={"region": ("asia",), "level": ("bachelor",)})
    found = search(wanted, snapshot, TODAY, NOBODY, None, None)
    assert found.n == 1
    # Regions among bachelor courses; levels among Asian ones; countries among Asian bachelor courses.
    assert {key: n for key, n in found.counts["region"].items() if n} == {"asia": 1, "europe": 3}
    assert {key: n for key, n in found.counts["level"].items() if n} == {"bachelor": 1, "master": 1}
    assert {key: n for key, n in found.counts["country"].items() if n} == {"VN": 1}


def test_values_of_one_facet_add_up_and_facets_narrow_each_other(town: Town, snapshot: Snapshot) -> None:
    both = Wanted(chosen={"country": ("PT", "JP")})
    assert search(both, snapshot, TODAY, NOBODY, None, None).n == 2
    narrowed = Wanted(chosen={"country": ("PT", "JP"), "size": ("61-",)})
    assert names(town, snapshot, search(narrowed, snapshot, TODAY, NOBODY, None, None)) == ["nursing"]


def test_words_find_titles_first_then_meaning_in_another_language(town: Town, snapshot: Snapshot) -> None:
    found = search(Wanted(text="nursing"), snapshot, TODAY, NOBODY, None, relevance(town, snapshot, "nursing"))
    assert found.order is Order.RELEVANCE
    assert names(town, snapshot, found)[0] == "nursing"
    found = search(Wanted(text="観光"), snapshot, TODAY, NOBODY, None, relevance(town, snapshot, "観光"))
    assert names(town, snapshot, found)[0] == "tourism"


def test_only_possible_partners_are_shown_unless_asked(town: Town, snapshot: Snapshot, fit: Fit) -> None:
    found = search(Wanted(), snapshot, TODAY, town.people["mai"], fit, None)
    assert found.order is Order.FIT
    assert names(town, snapshot, found) == ["rivers", "tourism"]
    assert found.n_ruled_out == 2
    every = search(Wanted(all_courses=True), snapshot, TODAY, town.people["mai"], fit, None)
    assert names(town, snapshot, every)[:2] == ["rivers", "tourism"]
    assert sorted(names(town, snapshot, every)[2:]) == ["autumn", "nursing"]


def test_shared_time_is_a_filter_with_counts(town: Town, snapshot: Snapshot, fit: Fit) -> None:
    wanted = Wanted(weeks=8, hours="2", all_courses=True)
    found = search(wanted, snapshot, TODAY, town.people["mai"], fit, None)
    assert set(names(town, snapshot, found)) <= {"rivers", "tourism", "nursing"}
    assert found.counts["weeks"]["8"] == found.counts["hours"]["2"] == found.n
    assert search(Wanted(weeks=12), snapshot, TODAY, town.people["mai"], fit, None).counts["weeks"]["2"] == 2


def test_an_empty_search_says_which_filter_to_drop(town: Town, snapshot: Snapshot) -> None:
    wanted = Wanted(chosen={"region": ("europe",), "country": ("JP",)})
    found = search(wanted, snapshot, TODAY, NOBODY, None, None)
    assert (found.n, found.drop) == (0, (("region", 1), ("country", 3))[::-1])
    ruled = Wanted(chosen={"region": ("europe",)})
    assert search(ruled, snapshot, TODAY, NOBODY, None, None).drop == ()


def shuffled(snapshot: Snapshot, rows: Any) -> Snapshot:
    """The same index with its courses in another order."""
    order = np.array(rows)
    return replace(
        snapshot,
        entries=tuple(snapshot.entries[row] for row in rows),
        encoded=taken(snapshot.encoded, order),
        table=snapshot.table.taken(order),
        words=snapshot.words.taken(order),
        is_open=snapshot.is_open[order],
        prepared_row=snapshot.prepared_row[order],
    )


@pytest.mark.parametrize("text", ["", "water in cities"])
def test_nothing_depends_on_the_order_of_courses(town: Town, snapshot: Snapshot, text: str) -> None:
    other = shuffled(snapshot, list(reversed(range(len(snapshot)))))
    desk = town.app.extensions["directory"]
    relevances = [None, None]
    if text:
        other = replace(other, generation=-1)
        relevances = [desk.relevance(text, snapshot), desk.relevance(text, other)]
    wanted = Wanted(text=text)
    first, second = (
        search(wanted, its, TODAY, NOBODY, None, r) for its, r in zip((snapshot, other), relevances, strict=True)
    )
    assert names(town, snapshot, first) == names(town, other, second)
    assert first.counts == second.counts


def test_tables_joined_are_the_table_of_all(snapshot: Snapshot) -> None:
    entries, week = snapshot.entries, snapshot.week
    whole, parts = Table.of(entries, week), Table.of(entries[:2], week).joined(Table.of(entries[2:], week))
    assert whole.ids.tolist() == parts.ids.tolist()
    assert np.array_equal(whole.weeks, parts.weeks)
    everything = np.ones(len(entries), dtype=bool)
    for name, facet in whole.facets.items():
        assert facet.counts(everything) == parts.facets[name].counts(everything)


def test_a_facet_without_values_finds_nothing() -> None:
    facet = Facet.of([(), ()])
    assert facet.has_any({"x"}).tolist() == [False, False]
    assert facet.counts(np.ones(2, dtype=bool)) == {}


@pytest.mark.parametrize(("students", "key"), [(None, []), (1, ["1-15"]), (30, ["16-30"]), (61, ["61-"])])
def test_sizes_have_their_place(students: int | None, key: list[str]) -> None:
    assert list(size_of(students)) == key


def test_pages_end_with_the_last(snapshot: Snapshot) -> None:
    found = search(Wanted(page=9), snapshot, TODAY, NOBODY, None, None)
    assert (found.page, found.pages, len(found.positions)) == (1, 1, 5)
