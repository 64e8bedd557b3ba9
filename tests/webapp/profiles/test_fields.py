"""Kinds of form fields."""

from datetime import date, time
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict
from wtforms import Field, Form

from webapp.profiles.fields import (
    ChecksField,
    ClockField,
    DayField,
    Group,
    LineField,
    LinesField,
    PickField,
    TextField,
    WholeNumberField,
    WordsField,
    clean,
)


class Some(Form):
    """One field of each kind."""

    line = LineField("Line")
    text = TextField("Text", most=20)
    number = WholeNumberField("Number", low=1, high=30)
    on = DayField("Day")
    at = ClockField("Time")
    lines = LinesField("Lines", n=2, most=10)
    words = WordsField("Words", n=3, most=10)
    pick = PickField("Pick", choices=lambda: {None: [("", "None"), ("a", "A")]}, name_of=lambda value: f"Old {value}")
    checks = ChecksField("Checks", groups=lambda: [Group("", ((1, "One"), (2, "Two")))], coerce=int)


def field(name: str, typed: Any, **data: Any) -> Field:
    """A field with something typed into it, checked."""
    sent = MultiDict([(name, one) for one in typed] if isinstance(typed, list) else [(name, typed)])
    form = Some(sent, data=data)
    form.validate()
    return form[name]


@pytest.mark.parametrize(
    ("name", "typed", "value"),
    [
        ("line", "  two \t words\n", "two words"),
        ("text", " a\r\nb\x00 ", "a\nb"),
        ("number", " 30 ", 30),
        ("number", "３", 3),
        ("number", "", None),
        ("on", "2028-02-29", date(2028, 2, 29)),
        ("on", " ", None),
        ("at", "9:05", time(9, 5)),
        ("at", "09:05:59", time(9, 5)),
        ("at", "", None),
        ("lines", "one\r\n\r\n one \ntwo", ["one", "two"]),
        ("lines", "", []),
        ("words", "川、海；山", ["川", "海", "山"]),
        ("words", " a , b;;a ", ["a", "b"]),
        ("pick", "a", "a"),
        ("pick", "", ""),
        ("checks", ["2", "1", "2"], [2, 1]),
    ],
)
def test_what_is_typed_is_read(context: Flask, name: str, typed: Any, value: Any) -> None:
    found = field(name, typed)
    assert found.errors == []
    assert found.data == value


@pytest.mark.parametrize(
    ("name", "typed", "message"),
    [
        ("line", "x" * 201, "Shorten this to 200 characters; it has 201 now."),
        ("text", "x" * 21, "Shorten this to 20 characters; it has 21 now."),
        ("number", "31", "Write a whole number from 1 to 30."),
        ("number", "-1", "Write a whole number from 1 to 30."),
        ("number", "2.5", "Write a whole number from 1 to 30."),
        ("number", "9" * 5000, "Write a whole number from 1 to 30."),
        ("on", "2027-02-30", "Write the date as year-month-day, such as 2027-03-01."),
        ("on", "20270301", "Write the date as year-month-day, such as 2027-03-01."),
        ("on", "2027-W08-1", "Write the date as year-month-day, such as 2027-03-01."),
        ("on", "2100-01-01", "Check the year of this date."),
        ("at", "24:00", "Write the time as hours and minutes, such as 09:30."),
        ("at", "half past nine", "Write the time as hours and minutes, such as 09:30."),
        ("lines", "a\nb\nc", "Keep the 2 most important ones; there are 3 now."),
        ("words", "much too long", "Shorten “much too long…” to 10 characters."),
        ("pick", "b", "Choose one of the entries of the list."),
        ("checks", ["3"], "Choose from the entries of the list."),
    ],
)
def test_what_cannot_be_read_says_what_to_do_and_stays(context: Flask, name: str, typed: Any, message: str) -> None:
    found = field(name, typed)
    assert [str(error) for error in found.errors] == [message]
    if name != "checks":
        assert found() is not None
        assert name == "pick" or (typed if isinstance(typed, str) else "") in str(found())


def test_a_checkbox_of_nonsense_is_an_error(context: Flask) -> None:
    assert field("checks", ["one"]).errors


def test_a_value_the_row_has_is_kept_though_no_list_offers_it(context: Flask) -> None:
    kept = field("pick", "z", pick="z")
    assert kept.errors == []
    assert "Old z" in str(kept())
    boxes = field("checks", ["9", "2"], checks=[9])
    assert boxes.errors == []
    assert boxes.data == [9, 2]
    assert boxes.groups[-1] == Group("Others", ((9, "9"),))


def test_what_was_checked_before_keeps_its_order(context: Flask) -> None:
    assert field("checks", ["1", "2"], checks=[2, 1]).data == [2, 1]
    assert field("checks", ["1"], checks=[2, 1]).data == [1]


@pytest.mark.parametrize(
    ("text", "kept"), [(None, ""), ("\x00a\x07\tb\x1f ", "ab"), (" a\rb ", "a\nb"), ("é 川", "é 川")]
)
def test_control_characters_are_dropped(text: str | None, kept: str) -> None:
    assert clean(text) == kept
