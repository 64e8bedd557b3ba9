"""What the address of a search says."""

import pytest
from werkzeug.datastructures import MultiDict

from webapp.directory.filters import Order, Wanted

FULL = [
    ("q", "urban water"), ("course", "7"), ("sort", "newest"), ("all", "1"), ("region", "europe"), ("country", "PT"),
    ("country", "FR"), ("field", "07"), ("level", "master"), ("language", "fr"), ("size", "16-30"), ("mode", "mixed"),
    ("sdg", "6"), ("weeks", "4"), ("hours", "0.5"), ("page", "3"),
]  # fmt: skip


def test_an_address_read_and_written_again_is_the_same() -> None:
    wanted = Wanted.read(MultiDict(FULL))
    assert wanted.address() == FULL
    assert wanted.order is Order.NEWEST
    assert wanted.filters == ("q", *wanted.chosen, "weeks", "hours")


def test_a_plain_page_needs_no_address() -> None:
    assert Wanted.read(MultiDict()).address() == []


@pytest.mark.parametrize(
    "said",
    [
        ("region", "mars"), ("country", "Portugal"), ("field", "0732"), ("field", "77"), ("level", "easy"),
        ("sdg", "18"), ("sdg", "²"), ("size", "3"), ("mode", "loud"), ("language", "EN"), ("weeks", "5"),
        ("hours", "nan"), ("page", "-2"), ("course", "x"), ("course", "99999999999999999999"), ("sort", "price"),
        ("all", "yes"), ("q", " \0 "),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_left_away(said: tuple[str, str]) -> None:
    assert Wanted.read(MultiDict([said])) == Wanted()


def test_a_filter_or_one_of_its_values_can_be_dropped() -> None:
    wanted = Wanted.read(MultiDict(FULL))
    assert wanted.without("country", "PT").chosen["country"] == ("FR",)
    assert "country" not in wanted.without("country").chosen
    assert wanted.without("country", "PT").page == 1
    assert wanted.without("q").text == ""
    assert (wanted.without("weeks").weeks, wanted.without("hours").hours) == (0, "")


def test_clearing_keeps_the_course_to_compare_with() -> None:
    cleared = Wanted.read(MultiDict(FULL)).cleared()
    assert cleared == Wanted(course_id=7, order=Order.NEWEST, all_courses=True)


def test_long_searches_are_cut() -> None:
    assert len(Wanted.read(MultiDict([("q", "water " * 200)])).text) == 300
