"""A round's figures in words."""

from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale

from matcher.reasons import REASONS, make_reason
from webapp.rounds.labels import LEFT_OUT_LABELS, PUBLICATION_SENTENCES, left_out_label
from webapp.rounds.models import LeftOut, Round
from webapp.rounds.wording import balance_sentences, by_reason, certificate_sentences, why

pytestmark = pytest.mark.usefixtures("context")


def report(**changes: Any) -> dict[str, Any]:
    """A balance report in which balance changed nothing."""
    values: dict[str, Any] = {
        "balance": 0.5,
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
        "Balance cost nothing in this round: at this position the pairs that fit best are even enough."
    ]


def test_a_round_of_best_fit_does_not_claim_to_be_even() -> None:
    figures = report(balance=0.0, levels=[{"level": "country", "n_served": 9}])
    assert balance_sentences(figures) == ["The dial stood at 0: the pairs that fit best were taken, whoever gets them."]


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


def certified(n_matches: int = 5, **changes: Any) -> Round:
    """A round of five chosen pairs that missed the best choice by no more than 2.31 %."""
    certificate = {"objective": 97.69, "bound": 100.0, "n_candidates": 80, "n_rounds": 3, "is_proven": False}
    return Round(n_matches=n_matches, report={"n_pairs": 5}, certificate=certificate | {"gap": 0.0231} | changes)


@pytest.mark.parametrize("changes", [{"is_proven": True}, {"is_proven": True, "gap": 1e-9}, {"gap": 0.0}], ids=str)
def test_a_choice_that_is_proven_says_so(changes: dict[str, Any]) -> None:
    assert certificate_sentences(certified(**changes)) == ["Proven to be the best choice over all permitted pairs."]


@pytest.mark.parametrize(("gap", "said"), [(0.0231, "2.4%"), (0.00001, "0.1%"), (0.25, "25%")])
def test_what_may_be_missing_is_rounded_up_so_that_at_most_stays_true(gap: float, said: str) -> None:
    assert certificate_sentences(certified(gap=gap)) == [
        f"At most {said} below the best choice over all permitted pairs."
    ]


def test_what_may_be_missing_is_written_as_the_language_does() -> None:
    with force_locale("fr"):
        (sentence,) = certificate_sentences(certified())
    assert "2,4" in sentence


@pytest.mark.parametrize(
    "this_round",
    [
        Round(n_matches=5, report={"n_pairs": 5}),
        Round(n_matches=0, report={}),
        certified(n_candidates=0),
        certified(n_matches=4, is_proven=True),
    ],
    ids=["of former times", "of former times without a report", "nothing to choose", "a chosen pair was left away"],
)
def test_nothing_is_said_of_the_best_choice_where_nothing_is_known(this_round: Round) -> None:
    assert certificate_sentences(this_round) == []


def test_every_reason_of_the_matcher_for_leaving_out_has_a_short_name() -> None:
    by_the_matcher = {code for code in REASONS if code.startswith("left_out")} | {"no_region"}
    assert by_the_matcher | PUBLICATION_SENTENCES.keys() == LEFT_OUT_LABELS.keys()
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
