"""Terms to choose from: the usual ones of a country, and those stated at the same institution."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.profiles.filling import FULL, sent_back
from webapp.access import Role
from webapp.db import db
from webapp.institutions.models import InstitutionTerm
from webapp.profiles import terms
from webapp.profiles.forms import CourseForm
from webapp.profiles.models import CourseState
from webapp.profiles.terms import Origin

TODAY = date(2026, 11, 23)


def days(found: list[terms.Term]) -> list[tuple[str, str, str]]:
    """Names, first and last days."""
    return [(term.name, term.starts_on.isoformat(), term.ends_on.isoformat()) for term in found]


def test_the_usual_terms_of_the_next_year_and_a_half_are_dated() -> None:
    assert days(terms.usual("VN", TODAY)) == [
        ("Semester 1", "2026-09-07", "2027-01-15"),
        ("Semester 2", "2027-02-12", "2027-06-27"),
        ("Semester 1", "2027-09-07", "2028-01-15"),
        ("Semester 2", "2028-02-12", "2028-06-27"),
    ]


def test_a_term_across_new_year_ends_in_the_next_year_and_is_found_while_it_runs() -> None:
    assert days(terms.usual("JP", date(2027, 1, 4)))[0] == ("Fall semester", "2026-09-28", "2027-02-05")


def test_a_term_with_less_than_four_weeks_left_is_not_proposed() -> None:
    assert days(terms.usual("VN", date(2026, 12, 18)))[0][1] == "2026-09-07"
    assert days(terms.usual("VN", date(2026, 12, 19)))[0][1] == "2027-02-12"


def test_a_country_without_rows_has_no_usual_terms() -> None:
    assert terms.usual("BR", TODAY) == []


@pytest.mark.parametrize("today", [date(2027, 12, 31), date(2028, 1, 1), date(2028, 2, 29)])
def test_every_row_can_be_dated_in_every_year_and_is_in_order(today: date) -> None:
    for country in terms.table():
        found = terms.usual(country, today)
        assert found, country
        assert all(5 < (term.ends_on - term.starts_on).days / 7 < 25 for term in found), country
        assert found == sorted(found, key=lambda term: term.starts_on)


def test_every_usual_name_can_be_translated() -> None:
    assert {row["term_name"] for its in terms.table().values() for row in its} == set(terms.USUAL_NAMES)


def test_a_proposal_says_where_it_comes_from(context: Flask) -> None:
    with context.test_request_context():
        said = {country: terms.usual(country, TODAY)[0].words for country in ("VN", "AT", "KH")}
    assert said == {
        "VN": "Usual in Vietnam, after pages of universities there.",
        "AT": "Usual in Austria as far as we know; not checked.",
        "KH": "A guess for Cambodia, where terms differ much.",
    }


def test_terms_of_colleagues_come_first_each_once_and_name_nobody(context: Flask) -> None:
    hanoi = factories.institution()
    mai = factories.user(at=hanoi)
    binh = factories.user("binh@hanu.example", at=hanoi, name="Binh Le")
    factories.course(binh, term_name="Spring 2027")
    factories.course(binh, "Rivers", term_name="Spring 2027", state=CourseState.PAUSED)
    factories.course(mai, "My draft", term_name="Mine", state=CourseState.DRAFT, ends_on=date(2027, 6, 11))
    found = terms.proposals(mai, TODAY)
    # The one that more courses state comes first.
    assert days(found)[:2] == [("Spring 2027", "2027-02-15", "2027-06-04"), ("Mine", "2027-02-15", "2027-06-11")]
    assert [term.origin for term in found].count(Origin.COLLEAGUES) == 2
    with context.test_request_context():
        assert not any("Binh" in term.words + term.label + term.value for term in found)


def test_drafts_of_others_other_institutions_and_past_terms_do_not_count(context: Flask) -> None:
    hanoi = factories.institution()
    mai, binh = factories.user(at=hanoi), factories.user("binh@hanu.example", at=hanoi)
    rui = factories.user("rui@ulisboa.example", at=factories.institution("University of Lisbon", "PT"))
    factories.course(binh, term_name="Draft", state=CourseState.DRAFT)
    factories.course(binh, term_name="Withdrawn", state=CourseState.WITHDRAWN)
    factories.course(binh, term_name="Past", starts_on=date(2026, 2, 2), ends_on=date(2026, 6, 5))
    factories.course(binh, term_name="No days", starts_on=None, ends_on=None)
    factories.course(rui, term_name="Lisbon")
    assert terms.of_institution(hanoi, mai, TODAY) == []


def test_a_usual_term_that_is_stated_already_is_not_proposed_twice(context: Flask) -> None:
    hanoi = factories.institution()
    mai = factories.user(at=hanoi)
    factories.course(mai, term_name="HK2", starts_on=date(2027, 2, 12), ends_on=date(2027, 6, 27))
    found = [term for term in terms.proposals(mai, TODAY) if term.starts_on == date(2027, 2, 12)]
    assert [term.name for term in found] == ["HK2"]


def test_somebody_without_an_institution_gets_no_proposals(context: Flask) -> None:
    assert terms.proposals(factories.user(role=Role.COORDINATOR), TODAY) == []


@pytest.mark.parametrize(
    "asked", ["term", "term|2027-02-12", "term|x|y|z", "break|2027-02-30|2027-03-01", "breaks", "slots"]
)
def test_what_is_not_the_calendars_leaves_the_form_alone(context: Flask, asked: str) -> None:
    with context.test_request_context(method="POST", data=FULL):
        form = CourseForm()
        before = form.values()
        assert terms.take_over(form, asked) is False
        assert form.values() == before


def test_a_break_goes_into_the_first_empty_row_and_none_beyond_the_last(context: Flask) -> None:
    with context.test_request_context(method="POST", data={"breaks-0-first": "", "breaks-0-last": ""}):
        form = CourseForm()
        for day in range(1, 25):
            assert terms.take_over(form, f"break|2027-03-{day:02d}|2027-03-{day:02d}")
        assert len(form.breaks) == 20
        assert form.values()["breaks"][0] == {"from": "2027-03-01", "to": "2027-03-01"}


@pytest.fixture
def mai(app: Flask, sign_in: Callable[[int], FlaskClient]) -> FlaskClient:
    """The browser of a lecturer in Hanoi."""
    with app.app_context():
        mai_id = factories.user(at=factories.institution()).id
        db.session.commit()
    return sign_in(mai_id)


def test_choosing_a_term_fills_the_form_and_keeps_what_was_typed(mai: FlaskClient) -> None:
    data: dict[str, Any] = FULL | {"add": "term|2027-02-12|2027-06-27|Semester | two", "starts_on": "nonsense"}
    answer = mai.post("/courses/new", data=data)
    assert answer.status_code == 200
    values = sent_back(answer.text)
    assert (values["starts_on"], values["ends_on"]) == (["2027-02-12"], ["2027-06-27"])
    assert values["term_name"] == ["Semester | two"]
    assert values["title"] == ["Rivers & cities"]
    assert "The term is filled in." in answer.text


def test_the_form_offers_terms_and_says_they_are_to_be_corrected(mai: FlaskClient) -> None:
    page = mai.get("/courses/new").text
    assert 'value="term|' in page
    assert "Usual in Vietnam" in page
    assert "universities differ by weeks" in page


def test_terms_of_the_institution_itself_come_first_with_their_breaks(context: Flask) -> None:
    hanoi = factories.institution()
    mai = factories.user(at=hanoi)
    factories.course(mai, term_name="Spring 2027")
    days = {"starts_on": date(2027, 2, 15), "ends_on": date(2027, 6, 4)}
    breaks = [{"from": "2027-04-26", "to": "2027-05-02"}]
    past = {"starts_on": date(2026, 2, 15), "ends_on": date(2026, 6, 4)}
    db.session.add(InstitutionTerm(institution_id=hanoi.id, name="Semester | 2", breaks=breaks, **days))
    db.session.add(InstitutionTerm(institution_id=hanoi.id, name="Long ago", **past))
    db.session.flush()
    first, *others = terms.proposals(mai, TODAY)
    assert (first.name, first.origin, first.words) == (
        "Semester | 2",
        Origin.INSTITUTION,
        "Stated by your international office.",
    )
    assert first.value == "own|2027-02-15|2027-06-04|2027-04-26/2027-05-02|Semester | 2"
    assert (date(2027, 2, 15), date(2027, 6, 4)) not in [(term.starts_on, term.ends_on) for term in others]
    with context.test_request_context(method="POST"):
        form = CourseForm()
        assert terms.take_over(form, first.value)
        assert terms.take_over(form, first.value)
        assert (form.starts_on.data, form.ends_on.data, form.term_name.data) == (*days.values(), "Semester | 2")
        filled = [(row.form.first.data, row.form.last.data) for row in form.breaks if row.form.first.data]
        assert filled == [(date(2027, 4, 26), date(2027, 5, 2))]


@pytest.mark.parametrize("asked", ["own|2027-02-15|2027-06-04", "own|2027-02-15|2027-06-04|x|n", "own|a|b|c/d|n"])
def test_a_term_with_broken_breaks_changes_nothing(context: Flask, asked: str) -> None:
    with context.test_request_context(method="POST"):
        form = CourseForm()
        assert not terms.take_over(form, asked)
        assert form.starts_on.data is None
