"""The sentence on top: what both share first, time where it adds, a broken rule before everything."""

from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from matcher.reasons import make_reason
from tests.webapp.matches.samples import REASONS, explanation
from webapp.i18n import LANGUAGES
from webapp.matches import wording
from webapp.matches.leads import lead

NO_TIME: dict[str, Any] = {"shared_weeks": (), "live_hours": ()}


def said(**changes: Any) -> str:
    return lead(wording.read(explanation(**changes)))


def test_the_shared_topic_comes_with_weeks_and_hours(context: Flask) -> None:
    assert said() == (
        "Both courses speak of river and flood, and both teach in the same 10 weeks, with about 4 live hours a week in"
        " common."
    )
    assert said(live_hours=()) == "Both courses speak of river and flood, and both teach in the same 10 weeks."
    assert said(**NO_TIME) == "Both courses speak of: river and flood."


def test_hours_are_left_out_when_a_week_has_none(context: Flask) -> None:
    stored = explanation()
    stored["live_hours"][0] |= {"hours": 0.0, "windows": []}
    assert "live hours" not in lead(wording.read(stored))


@pytest.mark.parametrize(
    ("reason", "start"),
    [
        (make_reason("topic_close"), "The two courses are close in meaning, and both teach"),
        (make_reason("field_same", field="0532"), "Both courses are of the field “Earth sciences”, and both teach"),
        (make_reason("field_guessed_same", field="0532"), "Both courses are of the field “Earth sciences”, and"),
    ],
)
def test_other_things_shared_have_their_sentence(context: Flask, reason: Any, start: str) -> None:
    assert said(reasons=(reason,)).startswith(start)
    assert said(reasons=(reason,), live_hours=()).startswith(start)


def test_another_reason_stands_alone_and_a_broken_rule_comes_first(context: Flask) -> None:
    assert said(reasons=REASONS[1:]) == "Both classes can work in English: B2 (upper intermediate) and C1 (advanced)."
    broken = make_reason("same_institution", institution="Hanoi University")
    assert said(reasons=(*REASONS, broken)).startswith("Both courses belong to the same institution")


def test_there_is_nothing_to_say_without_reasons(context: Flask) -> None:
    assert said(reasons=()) == ""
    assert lead(wording.read({})) == ""


def test_every_language_has_whole_sentences(context: Flask) -> None:
    for language in LANGUAGES:
        with force_locale(language):
            assert said()[-1] in ".。"
            assert "%(" not in said()
