"""A round's figures in words."""

from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from matcher.reasons import REASONS, make_reason
from webapp.rounds.labels import LEFT_OUT_LABELS, left_out_label
from webapp.rounds.models import LeftOut
from webapp.rounds.wording import balance_sentences, by_reason, why

pytestmark = pytest.mark.usefixtures("context")


def report(**changes: Any) -> dict[str, Any]:
    """A balance report in which balance changed nothing."""
    values: dict[str, Any] = {
        "n_pairs_at_zero": 50,
        "price": 0.0,
        "coverage_a": 0.5,
        "coverage_a_at_zero": 0.5,
        "coverage_b": 0.5,
        "coverage_b_at_zero": 0.5,
        "levels": [{"level": "country", "n_served": 9}, {"level": "course", "n_served": 40}],
        "levels_at_zero": [{"level": "country", "n_served": 9}, {"level": "course", "n_served": 30}],
    }
    return values | changes


def test_balance_is_told_as_its_price_and_what_it_brought() -> None:
    figures = report(price=0.029, coverage_b=0.912, coverage_b_at_zero=0.578)
    assert balance_sentences(figures) == ["Balance: 2.9% less fit, 33 more of 100 European courses have a partner."]
    figures = report(price=0.029, coverage_a=0.912, coverage_a_at_zero=0.578)
    assert balance_sentences(figures) == ["Balance: 2.9% less fit, 33 more of 100 Asian courses have a partner."]


def test_balance_that_cost_nothing_and_changed_nothing_says_so() -> None:
    assert balance_sentences(report()) == [
        "Balance cost nothing in this round: the pairs that fit best are shared out evenly, too."
    ]


def test_gains_and_losses_of_both_sides_are_told_one_by_one() -> None:
    countries = [{"level": "country", "n_served": 12}]
    figures = report(price=0.05, coverage_a=0.4, coverage_b=0.6, levels=countries)
    assert balance_sentences(figures) == [
        "Balance cost 5% of the fit.",
        "10 fewer of 100 Asian courses have a partner.",
        "10 more of 100 European courses have a partner.",
        "Countries with a partner: 12 instead of 9.",
    ]


@pytest.mark.parametrize("figures", [{}, report(n_pairs_at_zero=0)], ids=["no report", "no pairs"])
def test_without_pairs_nothing_is_said_about_balance(figures: dict[str, Any]) -> None:
    assert balance_sentences(figures) == []


def test_per_cent_is_written_as_the_language_does() -> None:
    with force_locale("fr"):
        (sentence,) = balance_sentences(report(price=0.029, coverage_b=0.6))
    assert "2,9" in sentence


def test_every_reason_of_the_matcher_for_leaving_out_has_a_short_name() -> None:
    assert {code for code in REASONS if code.startswith("left_out")} | {"no_region"} == LEFT_OUT_LABELS.keys()
    assert str(left_out_label("gone")) == "Another reason"


def left_out(code: str, **params: Any) -> LeftOut:
    """A course left out for a reason."""
    return LeftOut(reason=make_reason(code, **params).to_dict())


def test_left_out_courses_are_grouped_by_reason_the_most_frequent_first() -> None:
    rows = [left_out("no_region", country="TR"), *(left_out("left_out_places_taken", n_partners=n) for n in (3, 5))]
    assert [(label, len(group)) for label, group in by_reason(rows)] == [
        ("Places went to other courses", 2),
        ("Country outside the ASEM regions", 1),
    ]


def test_why_a_course_was_left_out_is_a_sentence_also_when_its_code_is_gone(context: Flask) -> None:
    assert why(left_out("left_out_places_taken", n_partners=3)) == (
        "Possible partners: 3; every place they offer went to another course."
    )
    gone = LeftOut(reason={"kind": "not", "criterion": "left_out", "code": "gone", "params": {}})
    assert why(gone) == "Another reason"
