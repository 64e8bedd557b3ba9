"""The balance of a house: figures with their base, filters in the address, and who may see them."""

import csv
import io
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.factories import AT
from tests.webapp.imports.building import words
from tests.webapp.offices.conftest import House
from webapp.access import Role
from webapp.db import db
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import MatchEvent
from webapp.offices import figures, filters, queries, wording

DAY = 86_400


def balance_of(house: House, **wanted: str) -> figures.Balance:
    return figures.balance(queries.matches_of(house.hanoi, filters.read(wanted)))


def test_matches_are_counted_by_the_partners_country_and_the_own_term(app: Flask, house: House) -> None:
    with app.app_context():
        found = balance_of(house)
    assert [(group.key, group.n) for group in found.countries] == [("FR", 1), ("PT", 1)]
    assert [(group.key, group.n) for group in found.terms] == [(("2027-02", "Semester 2"), 2)]
    assert found.total.n == 2


def test_only_approved_matches_are_exchanges(app: Flask, office: FlaskClient, house: House) -> None:
    with app.app_context():
        found = balance_of(house, standing="all")
    assert {str(group.key): (group.n, group.n_exchanges) for group in found.countries} == {"PT": (2, 1), "FR": (1, 0)}
    page = f"/house/{house.hanoi}?standing="
    assert "1 match, exchanges among them: 0." in words(office.get(f"{page}ended").text)
    assert "1 match, exchanges among them: 1." in words(office.get(f"{page}agreed").text)
    rows = list(csv.reader(io.StringIO(office.get(f"/house/{house.hanoi}/balance.csv").data.decode("utf-8-sig"))))
    assert [row[:3] for row in rows if row[0] in ("Matches", "Exchanges")][:2] == [
        ["Matches", "All together", "2"],
        ["Exchanges", "All together", "1"],
    ]


def test_students_come_from_the_plan_and_else_from_the_courses(app: Flask, house: House) -> None:
    with app.app_context():
        total = balance_of(house).total
    assert (total.own_students, total.own_base) == (25 + 20, 2)
    assert (total.partner_students, total.partner_base) == (31, 1)


def test_who_leads_comes_from_the_plan_and_else_from_the_proposal(app: Flask, house: House) -> None:
    with app.app_context():
        total = balance_of(house).total
        seen_from_lisbon = figures.balance(queries.matches_of(house.lisbon, filters.Wanted())).total
    assert (total.own_leads, total.partner_leads, total.both_lead, total.lead_base) == (1, 1, 0, 2)
    assert (seen_from_lisbon.own_leads, seen_from_lisbon.partner_leads) == (0, 1)


def test_answers_are_timed_from_the_question_to_the_own_side(app: Flask, house: House) -> None:
    with app.app_context():
        found = balance_of(house)
    assert found.lecturers == figures.Waits(1, 1.0, 1.0)
    assert found.office == figures.Waits(1, 5.0, 5.0)


def test_the_yes_of_an_inviter_and_of_an_institution_that_asks_nobody_takes_no_time(context: Flask) -> None:
    match = factories.pair(state=State.APPROVED)
    match.events[0].side = Side.A
    for side, action, actor in (
        (Side.A, Action.ACCEPT, match.course_a.lecturer),
        (Side.B, Action.ACCEPT, match.course_b.lecturer),
        (Side.A, Action.APPROVE, None),
    ):
        match.events.append(MatchEvent(turn=1, action=action, side=side, actor=actor, at=AT + timedelta(days=1)))
    db.session.flush()
    seen = figures.seen_from(match, Side.A, None)
    assert (seen.lecturer_seconds, seen.office_seconds) == ((), ())
    assert figures.seen_from(match, Side.B, None).lecturer_seconds == (DAY,)


def test_after_a_return_and_a_change_the_clock_begins_anew(context: Flask) -> None:
    match = factories.pair(state=State.ACCEPTED)
    a, b = match.course_a.lecturer, match.course_b.lecturer
    office = factories.user("office@hanu.example", Role.OFFICE, match.course_a.institution)
    steps = [
        (1, Side.A, Action.ACCEPT, a, 1),
        (1, Side.B, Action.ACCEPT, b, 2),
        (1, Side.A, Action.RETURN, office, 5),
        (2, Side.B, Action.ACCEPT, b, 6),
        (2, Side.A, Action.ACCEPT, a, 9),
        (2, Side.A, Action.ENDORSE, office, 10),
        (2, Side.A, Action.CHANGE, a, 12),
        (3, Side.A, Action.ENDORSE, office, 14),
        (3, Side.A, Action.APPROVE, office, 20),
    ]
    for turn, side, action, actor, days in steps:
        match.events.append(MatchEvent(turn=turn, action=action, side=side, actor=actor, at=AT + timedelta(days=days)))
    db.session.flush()
    seen = figures.seen_from(match, Side.A, None)
    assert seen.lecturer_seconds == (DAY, 4 * DAY)
    assert seen.office_seconds == (3 * DAY, DAY, 2 * DAY)


def test_half_and_ninety_of_a_hundred() -> None:
    assert figures.waits(n * DAY for n in range(1, 11)) == figures.Waits(10, 5.5, 9.0)
    assert figures.waits([]) == figures.Waits(0, None, None)


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ((0.01,), "Half the same day, 90 of 100 the same day. 1 answer."),
        ((0.2, 0.3, 1.01), "Half the same day, 90 of 100 within a day. 3 answers."),
        ((0.5, 2.25), "Half within 1.4 days, 90 of 100 within 2.2 days. 2 answers."),
        ((), "No answer yet."),
    ],
)
def test_how_long_answers_took_is_never_no_days(context: Flask, days: tuple[float, ...], said: str) -> None:
    assert wording.waits(figures.waits(n * DAY for n in days)) == said


@pytest.mark.parametrize(
    ("address", "n"),
    [
        ({}, 2),
        ({"standing": "agreed"}, 1),
        ({"standing": "ended"}, 1),
        ({"standing": "all"}, 3),
        ({"standing": "nonsense"}, 2),
        ({"since": "2026-11-24"}, 0),
        ({"until": "2026-11-23"}, 2),
        ({"standing": "all", "until": "2026-11-22"}, 1),
        ({"since": "no day", "until": "9999-12-31"}, 2),
    ],
)
def test_filters_stand_in_the_address(app: Flask, house: House, address: dict[str, str], n: int) -> None:
    with app.app_context():
        assert balance_of(house, **address).total.n == n


def test_the_page_shows_every_figure_with_its_definition(office: FlaskClient, house: House) -> None:
    assert office.get("/house").location == f"/house/{house.hanoi}"
    text = words(office.get(f"/house/{house.hanoi}").text)
    assert "Hanoi University, Vietnam. 2 matches, exchanges among them: 1." in text
    assert "Semester 2, from February 2027" in text
    assert "31 (1 of 2 matches)" in text
    assert "you 1, the partner 1, both 0, of 2 with a leader" in text
    assert "Half within 5 days, 90 of 100 within 5 days. 1 answer." in text
    assert "From the day both lecturers had accepted" in text
    assert "France: 1; Portugal: 1" in text
    assert "No target is set" in text


def test_the_page_says_when_nothing_meets_the_filters(office: FlaskClient, house: House) -> None:
    text = words(office.get(f"/house/{house.hanoi}?since=2030-01-01").text)
    assert "No match is like this" in text
    assert "Proposed from Tue, 1 Jan 2030." in text


def test_the_figures_as_a_file_follow_the_filters(office: FlaskClient, house: House) -> None:
    answer = office.get(f"/house/{house.hanoi}/balance.csv?standing=agreed")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"))))
    found = {(row["Figure"], row["Of what"]): (row["Value"], row["Matches or answers it rests on"]) for row in rows}
    assert found["Matches", "Portugal"] == ("1", "1")
    assert ("Matches", "France") not in found
    assert found["Students there", "All together"] == ("31", "1")
    assert found["Days until half had answered", "International office"] == ("5.0", "1")
    assert all(row["Definition"] for row in rows)


def test_the_number_of_queries_does_not_grow_with_matches(app: Flask, office: FlaskClient, house: House) -> None:
    statements: list[str] = []
    with app.app_context():
        sa.event.listen(db.engine, "before_cursor_execute", lambda *given: statements.append(given[2]))
    office.get(f"/house/{house.hanoi}?standing=ended")
    few = len(statements)
    statements.clear()
    office.get(f"/house/{house.hanoi}?standing=all")
    assert len(statements) == few


def test_figures_are_for_the_own_office_its_coordinators_and_administrators(
    app: Flask, house: House, sign_in: Callable[[int], FlaskClient]
) -> None:
    with app.app_context():
        institution = factories.institution("Kyoto University", "JP")
        others = {
            "office of another": factories.user("office@kyoto.example", Role.OFFICE, institution).id,
            "coordinator of Japan": factories.user("jp@asem.example", Role.COORDINATOR, countries=["JP"]).id,
            "lecturer": house.mai,
        }
        vietnam = factories.user("vn@asem.example", Role.COORDINATOR, countries=["VN"]).id
        db.session.commit()
    for page in (f"/house/{house.hanoi}", f"/house/{house.hanoi}/balance.csv"):
        assert {name: sign_in(user).get(page).status_code for name, user in others.items()} == dict.fromkeys(
            others, 403
        )
        assert sign_in(vietnam).get(page).status_code == 200
        assert sign_in(house.administrator).get(page).status_code == 200
    assert "Set a target" not in sign_in(vietnam).get(f"/house/{house.hanoi}").text
    assert sign_in(house.administrator).get("/house/9999").status_code == 404
