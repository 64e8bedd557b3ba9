"""The list of left-out courses: why, what would help, and a letter to the lecturer; what is advised does help."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from matcher import smallest_change
from tests import factories
from tests.webapp.rounds.conftest import Market, water_course
from webapp.access import Role
from webapp.accounts.models import User
from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.errors import WrongStateError
from webapp.mail.models import OutboxMessage
from webapp.matches.models import Match
from webapp.profiles.models import CourseProfile
from webapp.rounds import left_out_rules
from webapp.rounds.models import LeftOut, Round, RoundState

MONDAY = datetime(2026, 11, 30, 5, 0, tzinfo=UTC)
RunRound = Callable[[datetime], list[str]]
SignIn = Callable[[int], FlaskClient]


def words(page: str) -> str:
    return " ".join(BeautifulSoup(page, "html.parser").get_text(" ").split())


def change_course(app: Flask, course_id: int, **fields: Any) -> None:
    with app.app_context():
        course = db.session.get_one(CourseProfile, course_id)
        for name, value in fields.items():
            setattr(course, name, value)
        db.session.commit()


def left_out(app: Flask) -> dict[int, list[dict[str, Any]]]:
    """The steps that would help each course the newest round left out."""
    with app.app_context():
        newest = db.session.scalar(sa.select(sa.func.max(LeftOut.round_id)))
        rows = db.session.scalars(sa.select(LeftOut).where(LeftOut.round_id == newest))
        return {row.course_id: row.change["steps"] if row.change else [] for row in rows}


def made(step: dict[str, Any], course: CourseProfile) -> dict[str, Any]:
    """What a lecturer types who does what a step says."""
    given = step["params"]
    if step["code"] in ("ends_later", "starts_earlier"):
        return {"ends_on" if step["code"] == "ends_later" else "starts_on": date.fromisoformat(given["on"])}
    assert step["code"] in ("language_level", "language_added")
    return {"exchange_languages": {**course.exchange_languages, given["language"]: given["level"]}}


@pytest.mark.parametrize(
    ("hindrance", "code", "sentence"),
    [
        ({"ends_on": date(2027, 3, 1)}, "ends_later", "End 2 weeks later, on Mon, 15 Mar 2027."),
        ({"starts_on": date(2027, 5, 17)}, "starts_earlier", "Begin 1 week earlier, on Mon, 10 May 2027."),
        ({"exchange_languages": {"en": "C2"}}, "language_level", "For English, ask for the level"),
        ({"exchange_languages": {"vi": None}}, "language_added", "Also offer English as a language of the exchange"),
    ],
)
def test_the_smallest_change_when_made_matches_the_course_in_the_next_round(
    app: Flask,
    market: Market,
    run_round: RunRound,
    sign_in: SignIn,
    hindrance: dict[str, Any],
    code: str,
    sentence: str,
) -> None:
    change_course(app, market.rivers, exchange_languages={"en": "A2"} if code == "language_level" else {"en": "B2"})
    change_course(app, market.water, **hindrance)
    run_round(MONDAY)
    steps = left_out(app)[market.water]
    assert [step["code"] for step in steps] == [code]
    page = words(sign_in(market.coordinator).get("/rounds/1/left-out").text)
    assert sentence in page
    assert "It would be paired with “Rivers and cities”, University of Lisbon." in page

    with app.app_context():
        assert db.session.scalars(sa.select(Match)).all() == []
        course = db.session.get_one(CourseProfile, market.water)
        fields = made(steps[0], course)
    change_course(app, market.water, **fields)
    run_round(MONDAY + timedelta(days=7))
    with app.app_context():
        match = db.session.scalars(sa.select(Match)).one()
        assert {match.course_a_id, match.course_b_id} == {market.water, market.rivers}


@pytest.fixture
def short(app: Flask, market: Market, run_round: RunRound) -> Market:
    """A round that left both courses out, because the Vietnamese one ends too early."""
    change_course(app, market.water, ends_on=date(2027, 3, 1))
    run_round(MONDAY)
    return market


def test_none_found_and_not_looked_for_are_two_things(
    app: Flask, market: Market, run_round: RunRound, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    change_course(app, market.water, ends_on=date(2027, 3, 1))
    run_round(MONDAY)
    page = words(sign_in(market.coordinator).get("/rounds/1/left-out").text)
    # The European course has a whole term: no change of it alone would help.
    assert page.count("No small change of this course alone was found that would help.") == 1
    assert "Not looked for" not in page
    monkeypatch.setattr(smallest_change, "MOST_PAIRS", 0)
    run_round(MONDAY + timedelta(days=7))
    page = words(sign_in(market.coordinator).get("/rounds/2/left-out").text)
    assert page.count("Not looked for: this round did not try every small change of this course.") == 2
    assert "No small change" not in page


def test_filters_live_in_the_address(app: Flask, short: Market, sign_in: SignIn) -> None:
    client = sign_in(short.coordinator)
    both = words(client.get("/rounds/1/left-out").text)
    assert "2 courses, by country and title." in both
    for query, shown in (("country=VN", "Urban water"), ("text=lisbon", "Rivers and cities")):
        page = client.get(f"/rounds/1/left-out?{query}")
        titles = [tag.get_text() for tag in BeautifulSoup(page.text, "html.parser").select(".left-out-course h2")]
        assert titles == [shown]
        assert 'value="lisbon"' in page.text or 'value="VN" selected' in page.text or "selected" in page.text
    assert "No course is like this" in words(client.get("/rounds/1/left-out?text=nothing+of+the+kind").text)
    assert "2 courses" in words(client.get("/rounds/1/left-out?reason=left_out_too_few_shared_weeks").text)
    assert "One course," in words(client.get("/rounds/1/left-out?helped=y").text)
    assert "2 courses" in words(client.get("/rounds/1/left-out?reason=of+former+times").text)


def test_coordinators_see_the_courses_of_their_institutions_only(app: Flask, short: Market, sign_in: SignIn) -> None:
    with app.app_context():
        person = factories.user("linh@asem.example", Role.COORDINATOR, countries=["VN"])
        db.session.commit()
        linh = person.id
    page = words(sign_in(linh).get("/rounds/1/left-out").text)
    assert "Urban water" in page
    assert "University of Lisbon, Portugal" not in page
    assert sign_in(linh).get(f"/rounds/1/left-out/{short.rivers}/letter").status_code == 404
    assert sign_in(linh).post(f"/rounds/1/left-out/{short.rivers}/letter").status_code == 404
    assert sign_in(short.mai).get("/rounds/1/left-out").status_code == 403


def test_a_letter_says_why_what_would_help_and_who_writes(app: Flask, short: Market, sign_in: SignIn) -> None:
    change = "End 2 weeks later, on Mon, 15 Mar 2027."
    client, address = sign_in(short.coordinator), f"/rounds/1/left-out/{short.water}/letter"
    shown = words(client.get(address).text)
    assert change in shown
    assert "mai@hanu.example" not in shown
    answer = client.post(address, data={"words": "Could your term run on until April?"})
    assert (answer.status_code, answer.location) == (303, f"/rounds/1/left-out#course-{short.water}")
    with app.app_context():
        sent = db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.key.like("left-out:%"))).one()
        writer = db.session.get_one(User, short.coordinator)
        assert sent.to_address == "mai@hanu.example"
        assert sent.headers == {"Reply-To": writer.email}
        for part in (sent.text, words(sent.html)):
            assert change in part
            assert "Could your term run on until April?" in part
            assert writer.name in part
            assert part.count("The last matching round found no partner") == 1
            assert part.rstrip().endswith("there is an account with your address.")
        assert "\n\n\n" not in sent.text
        # The subject stands above it already.
        assert sent.text.startswith("Dear ")
        event = db.session.scalars(sa.select(AuditEvent).where(AuditEvent.action == "rounds.write")).one()
        assert (event.actor_id, event.object_id) == (short.coordinator, short.water)


def test_the_form_of_a_letter_names_only_what_the_letter_holds(app: Flask, short: Market, sign_in: SignIn) -> None:
    client = sign_in(short.coordinator)
    pages = {own: words(client.get(f"/rounds/1/left-out/{own}/letter").text) for own in (short.water, short.rivers)}
    assert "They stand below the reason and the change. You may leave this empty." in pages[short.water]
    # No change of the European course would help, so its letter has none.
    assert "They stand below the reason. You may leave this empty." in pages[short.rivers]
    assert pages[short.rivers].count("No partner yet for “Rivers and cities”") == 1


def test_after_a_letter_the_list_is_as_it_was(short: Market, sign_in: SignIn) -> None:
    client = sign_in(short.coordinator)
    shown = BeautifulSoup(client.get("/rounds/1/left-out?helped=y&country=VN&round_id=7").text, "html.parser")
    (link,) = shown.select(f"#course-{short.water} .actions a.button-secondary")
    to_letter = str(link["href"])
    assert to_letter == f"/rounds/1/left-out/{short.water}/letter?country=VN&helped=y"
    back = f"/rounds/1/left-out?country=VN&helped=y#course-{short.water}"
    assert back.replace("&", "&amp;") in client.get(to_letter).text
    assert client.post(to_letter, data={"words": ""}).location == back


def test_left_out_courses_come_by_the_names_of_their_countries(app: Flask, sign_in: SignIn) -> None:
    with app.app_context():
        this_round = factories.round_()
        for name, country in (("Bern", "CH"), ("Vienna", "AT"), ("Tallinn", "EE"), ("Berlin", "DE")):
            place = factories.institution(f"University of {name}", country)
            course = factories.course(factories.user(f"a@{name.lower()}.example", at=place), f"Rivers of {name}")
            reason = {"kind": "not", "criterion": "left_out", "code": "left_out_low_scores", "params": {}}
            db.session.add(LeftOut(round_id=this_round.id, course_id=course.id, reason=reason))
        person = factories.user("noor@asem.example", Role.COORDINATOR).id
        db.session.commit()
    client = sign_in(person)

    def titles(address: str) -> list[str]:
        page = BeautifulSoup(client.get(address).text, "html.parser")
        return [tag.get_text().removeprefix("Rivers of ") for tag in page.select(".left-out-course h2")]

    # Austria, Estonia, Germany, Switzerland; in French Allemagne, Autriche, Estonie, Suisse.
    assert titles("/rounds/1/left-out") == ["Vienna", "Tallinn", "Berlin", "Bern"]
    with app.app_context():
        db.session.get_one(User, person).language = "fr"
        db.session.commit()
    assert titles("/rounds/1/left-out") == ["Berlin", "Vienna", "Tallinn", "Bern"]


def test_a_lecturer_gets_one_letter_a_round_and_none_once_they_left(app: Flask, short: Market, sign_in: SignIn) -> None:
    client, address = sign_in(short.coordinator), f"/rounds/1/left-out/{short.water}/letter"
    assert client.post(address).status_code == 303
    assert client.post(address).status_code == 409
    assert "Somebody has written to the lecturer." in words(client.get("/rounds/1/left-out").text)
    assert "<form" not in BeautifulSoup(client.get(address).text, "html.parser").find("main").decode()  # type: ignore[union-attr]
    with app.app_context():
        db.session.get_one(User, short.rui).closed_at = factories.AT
        db.session.commit()
    assert client.post(f"/rounds/1/left-out/{short.rivers}/letter").status_code == 409


def test_too_many_words_are_kept_and_not_sent(app: Flask, short: Market, sign_in: SignIn) -> None:
    answer = sign_in(short.coordinator).post(f"/rounds/1/left-out/{short.water}/letter", data={"words": "x" * 2001})
    assert answer.status_code == 422
    assert "x" * 2001 in answer.text
    with app.app_context():
        assert db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.key.like("left-out:%"))).all() == []


def test_a_round_that_does_not_exist_has_no_list(short: Market, sign_in: SignIn) -> None:
    assert sign_in(short.coordinator).get("/rounds/99/left-out").status_code == 404


def test_a_course_nothing_small_would_help_is_told_so(
    app: Flask, market: Market, run_round: RunRound, sign_in: SignIn
) -> None:
    change_course(app, market.water, starts_on=date(2027, 9, 6), ends_on=date(2027, 12, 17))
    with app.app_context():
        ana = factories.user("ana@ulisboa.example", at=db.session.get_one(User, market.rui).institution)
        water_course(ana, "Rivers twice")
        db.session.commit()
    run_round(MONDAY)
    page = words(sign_in(market.coordinator).get("/rounds/1/left-out").text)
    assert page.count("No small change of this course alone was found that would help.") == 3


def test_the_log_an_office_reads_does_not_hold_the_words_of_a_letter(
    app: Flask, short: Market, sign_in: SignIn
) -> None:
    private = "Between us: your dean need not know."
    address = f"/rounds/1/left-out/{short.water}/letter"
    assert sign_in(short.coordinator).post(address, data={"words": private}).status_code == 303
    page = sign_in(short.office).get("/audit?action=rounds.write").text
    assert "Urban water" in page
    assert private not in page


@pytest.mark.parametrize("state", [one for one in RoundState if one is not RoundState.PUBLISHED])
def test_nobody_is_written_to_about_a_round_that_is_not_published(
    app: Flask, short: Market, sign_in: SignIn, state: RoundState
) -> None:
    client, address = sign_in(short.coordinator), f"/rounds/1/left-out/{short.water}/letter"
    assert address in client.get("/rounds/1/left-out").text
    with app.app_context():
        db.session.execute(sa.update(Round).values(state=state, published_week=None))
        db.session.commit()
    assert address not in client.get("/rounds/1/left-out").text
    assert client.get(address).status_code == 409
    answer = client.post(address, data={"words": "Hello"})
    assert answer.status_code == 409
    assert "This round is not published" in answer.text
    with app.app_context():
        assert db.session.scalars(sa.select(OutboxMessage).where(OutboxMessage.key.like("left-out:%"))).all() == []
        row = db.session.scalars(sa.select(LeftOut).where(LeftOut.course_id == short.water)).one()
        with pytest.raises(WrongStateError):
            left_out_rules.write(row, db.session.get_one(User, short.coordinator), "", MONDAY)
