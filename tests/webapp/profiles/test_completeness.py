"""How complete a profile is."""

from typing import Any

import pytest
from flask import Flask

from webapp.profiles import completeness, rules, sections
from webapp.profiles.forms import CourseForm

FULL: dict[str, Any] = {
    "exchange_languages": {"en": None},
    "starts_on": "a day",
    "ends_on": "a later day",
    "description": "Rivers.",
    "slots": [{}],
    "time_zone": "Asia/Tokyo",
    "isced_f": "0521",
    "level": "bachelor",
    "students": 20,
    "tools": ["zoom"],
    "outcomes": ["Swim"],
    "keywords": ["river"],
    "mode": "mixed",
    "sdgs": [6],
    "bandwidth": "low",
    "learning_languages": ["ja"],
    "themes": ["Floods"],
    "wish_field": "any",
}


def test_the_weights_add_up_to_a_hundred_and_stand_in_their_order(context: Flask) -> None:
    weights = [part.weight for part in completeness.of(rules.no_values()).parts]
    assert sum(weights) == 100
    assert weights == sorted(weights, reverse=True)


def test_nothing_is_thin_and_everything_is_complete(context: Flask) -> None:
    nothing = completeness.of(rules.no_values("Asia/Tokyo"))
    assert (nothing.percent, nothing.words) == (0, "still thin")
    everything = completeness.of(rules.no_values() | FULL)
    assert (everything.percent, everything.words, everything.missing) == (100, "complete", ())


@pytest.mark.parametrize("field", sorted(FULL))
def test_taking_something_away_shows_what_it_would_bring(context: Flask, field: str) -> None:
    without = completeness.of(rules.no_values() | FULL | {field: rules.no_values()[field]})
    (part,) = without.missing
    assert without.percent == 100 - part.weight
    assert part.gain.startswith("Add ")
    assert without.words == "nearly complete"


def test_each_part_names_the_controls_that_complete_it(app: Flask) -> None:
    with app.test_request_context():
        form = CourseForm()
        for part in completeness.of(rules.no_values()).parts:
            for group in sections.needed_controls(part.needs):
                assert group, part.field
                assert all(name in form for name in group), part.field


def test_the_words_go_by_the_points(context: Flask) -> None:
    assert [least for least, _words in completeness.levels()] == [100, 75, 40, 0]
    texts = sections.level_texts(completeness.levels())
    assert texts[0] == [100, "{percent} of 100: complete"]


def test_more_is_never_less(context: Flask) -> None:
    values, before = rules.no_values(), 0
    for field, value in FULL.items():
        values[field] = value
        now = completeness.of(values).percent
        assert now >= before
        before = now


def test_each_part_leads_to_a_field_of_the_form(app: Flask) -> None:
    with app.test_request_context():
        form = CourseForm()
        assert all(part.field in form for part in completeness.of(rules.no_values()).parts)


def test_half_a_profile_is_a_good_start(context: Flask) -> None:
    some = {name: FULL[name] for name in ("exchange_languages", "starts_on", "ends_on", "description")}
    assert completeness.of(rules.no_values() | some).words == "a good start"
