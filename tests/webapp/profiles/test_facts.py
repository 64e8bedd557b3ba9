"""A course read aloud."""

from datetime import date

from flask import Flask
from flask_babel import force_locale

from webapp.profiles import facts, rules
from webapp.profiles.forms import CourseForm

VALUES = rules.no_values("Asia/Tokyo") | {
    "title": "Rivers",
    "description": "One.\n\nTwo.",
    "exchange_languages": {"en": "B2", "fr": None},
    "starts_on": date(2027, 2, 15),
    "breaks": [{"from": "2027-04-26", "to": "2027-05-02"}, {"from": "2027-05-13", "to": "2027-05-13"}],
    "slots": [{"weekday": "mon", "start": "09:00", "end": "10:30"}],
    "weeks_wanted": 1,
    "students": 28,
    "tools": ["zoom", "our wiki"],
    "wish_field": "any",
    "wish_countries": ["PT", "FI"],
}


def lines(field: str) -> tuple[str, ...]:
    """What is said about one field."""
    return next(fact.lines for group in facts.groups(VALUES) for fact in group.facts if fact.field == field)


def test_each_fact_reads_as_people_write(context: Flask) -> None:
    assert lines("description") == ("One.", "Two.")
    assert lines("exchange_languages") == ("English, level B2 (upper intermediate)", "French")
    assert lines("slots") == ("Monday, 09:00 to 10:30",)
    assert lines("weeks_wanted") == ("1 week",)
    assert lines("tools") == ("Zoom and our wiki",)
    assert lines("wish_countries") == ("Portugal and Finland",)
    assert lines("time_zone") == ("Tokyo",)
    assert len(lines("breaks")) == 2
    assert " to " not in lines("breaks")[1]
    assert lines("mode") == ()
    assert lines("wish_field") == ("Any field of education",)


def test_facts_are_in_the_language_of_the_reader(context: Flask) -> None:
    with force_locale("ja"):
        assert lines("wish_countries") == ("ポルトガル、フィンランド",)


def test_every_column_is_a_fact_once_and_leads_to_its_field(app: Flask) -> None:
    with app.test_request_context():
        fields = [name for group in facts.groups(VALUES) for fact in group.facts for name in (fact.field, *fact.also)]
        assert sorted(fields) == sorted(rules.COLUMNS)
        form = CourseForm()
        assert all(field in form for field in fields)


def test_a_course_that_says_nothing_states_only_its_places(context: Flask) -> None:
    stated = [fact.field for group in facts.groups(rules.no_values()) for fact in group.stated]
    assert stated == ["capacity"]


def test_differences_name_both_versions(context: Flask) -> None:
    assert facts.differences(VALUES, VALUES) == []
    (one,) = facts.differences(VALUES, VALUES | {"students": 30})
    assert (one.field, one.saved, one.typed) == ("students", ("28",), ("30",))
    (one,) = facts.differences(VALUES, VALUES | {"students_most": 40})
    assert (one.field, one.saved, one.typed) == ("students", ("28",), ("28 to 40",))
