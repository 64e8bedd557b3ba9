"""The front page and what stands beside it."""

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.factories import AT
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.mail.models import OutboxMessage
from webapp.matches.lifecycle import Action, Side, State
from webapp.profiles.models import CourseState
from webapp.rounds.models import LeftOut, Round

SignIn = Callable[[int], FlaskClient]


def saved(app: Flask, make: Callable[[], User]) -> int:
    """Run `make` in the database and give the id of the person it returns."""
    with app.app_context():
        person = make().id
        db.session.commit()
    return person


def home(app: Flask, sign_in: SignIn, make: Callable[[], User]) -> str:
    """The home page of the person `make` returns."""
    answer = sign_in(saved(app, make)).get("/")
    assert answer.status_code == 200
    return answer.text


def someone(role: Role, **fields: Any) -> User:
    """A person of a role, at an institution only where the role needs one."""
    at = factories.institution() if role in (Role.LECTURER, Role.OFFICE) else None
    return factories.user(f"{role}@hanu.example", role, at, **fields)


def test_a_load_balancer_gets_an_answer(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}


def test_a_stranger_reads_what_this_is_and_how_to_enter(client: FlaskClient) -> None:
    page = client.get("/").text
    assert "<h1>Find a partner class on the other side</h1>" in page
    assert 'href="/sign-up"' in page
    assert 'href="/sign-in"' in page


@pytest.mark.parametrize("role", [Role.LECTURER, Role.OFFICE])
def test_someone_not_verified_reads_what_they_wait_for(app: Flask, sign_in: SignIn, role: Role) -> None:
    page = home(app, sign_in, lambda: someone(role, verified_at=None))
    assert "<h1>Your account waits to be verified</h1>" in page
    assert "Hanoi University" in page


def test_a_lecturer_without_a_course_is_led_to_describing_one(app: Flask, sign_in: SignIn) -> None:
    page = home(app, sign_in, lambda: someone(Role.LECTURER))
    assert "<h1>Nothing is waiting for you</h1>" in page
    assert "Describe a course" in page


def test_a_lecturer_sees_proposals_drafts_and_courses_left_out(app: Flask, sign_in: SignIn) -> None:
    def make() -> User:
        match = factories.pair()
        lecturer = match.course_a.lecturer
        factories.course(lecturer, "Half described", state=CourseState.DRAFT)
        lonely = factories.course(lecturer, "Wind and sea")
        reason = {"code": "left_out_too_few_shared_weeks", "params": {}}
        db.session.add(LeftOut(round_id=match.round_id, course=lonely, reason=reason))
        return lecturer

    page = home(app, sign_in, make)
    assert "<h1>2 things are waiting for you</h1>" in page
    assert "Rivers and cities, University of Lisbon" in page
    assert "Answer by Wed, 2 Dec 2026" in page
    assert "Half described" in page
    assert "In the last round: Too few shared teaching weeks." in page


def test_a_lecturer_who_has_answered_is_not_asked_again(app: Flask, sign_in: SignIn) -> None:
    def make() -> User:
        match = factories.pair()
        factories.acted(match, Side.A, Action.ACCEPT, match.course_a.lecturer)
        return match.course_a.lecturer

    page = home(app, sign_in, make)
    assert "<h1>Nothing is waiting for you</h1>" in page
    assert "Matches under way" in page
    assert "Awaited: lecturer in University of Lisbon" in page


def test_the_header_marks_the_page_that_others_lie_behind(app: Flask, sign_in: SignIn) -> None:
    person = saved(app, lambda: factories.pair().course_a.lecturer)
    header = sign_in(person).get("/matches/1").text.split("</nav>")[0]
    assert 'href="/matches" aria-current="true">My matches' in header


def test_an_office_sees_what_it_may_approve_and_whom_it_may_verify(app: Flask, sign_in: SignIn) -> None:
    def make() -> User:
        match = factories.pair(state=State.ACCEPTED)
        hanoi = match.course_a.institution
        factories.user("new@hanu.example", at=hanoi, verified_at=None)
        return factories.user("office@hanu.example", Role.OFFICE, hanoi)

    page = home(app, sign_in, make)
    assert "<h1>2 things are waiting for you</h1>" in page
    assert "Urban water, Hanoi University" in page
    assert "1 person to verify" in page


def test_another_office_sees_none_of_it(app: Flask, sign_in: SignIn) -> None:
    def make() -> User:
        factories.pair(state=State.ACCEPTED)
        return factories.user("office@other.example", Role.OFFICE, factories.institution("Other", "JP"))

    page = home(app, sign_in, make)
    assert "<h1>Nothing is waiting for you</h1>" in page
    assert "Urban water" not in page


def test_a_coordinator_sees_the_last_round_and_who_is_awaited(app: Flask, sign_in: SignIn) -> None:
    def make() -> User:
        factories.pair()
        return someone(Role.COORDINATOR)

    page = home(app, sign_in, make)
    assert "Until Wed, 2 Dec 2026" in page
    assert "Awaited: lecturer in Hanoi University and lecturer in University of Lisbon" in page
    assert "1 match was proposed; 1 Asian and 1 European courses took part." in page
    assert "Open the round of 23–29 Nov 2026" in page


def test_what_waits_beyond_the_first_lines_has_a_list_with_pages(app: Flask, sign_in: SignIn) -> None:
    def make() -> User:
        first = factories.pair()
        published = db.session.get_one(Round, first.round_id)
        for n in range(29):
            a, b = (factories.course(one.lecturer, f"{one.title} {n}") for one in (first.course_a, first.course_b))
            factories.match(a, b, published)
        return someone(Role.COORDINATOR)

    client = sign_in(saved(app, make))
    front, second = client.get("/").text, client.get("/awaited?page=2").text
    assert front.count("Until Wed, 2 Dec 2026") == 8
    assert 'href="/awaited"' in front
    assert client.get("/awaited").text.count("Until Wed, 2 Dec 2026") == 25
    assert second.count("Until Wed, 2 Dec 2026") == 5
    assert "Page 2 of 2" in client.get("/awaited?page=99").text


def test_a_coordinator_for_whom_nobody_is_awaited_reads_so(app: Flask, sign_in: SignIn) -> None:
    client = sign_in(saved(app, lambda: someone(Role.COORDINATOR)))
    assert "Nobody is awaited" in client.get("/awaited").text


def test_before_the_first_round_a_coordinator_reads_when_it_comes(app: Flask, sign_in: SignIn) -> None:
    assert "No round yet" in home(app, sign_in, lambda: someone(Role.COORDINATOR))


def test_an_administrator_sees_people_to_verify_and_mail_that_rests(app: Flask, sign_in: SignIn) -> None:
    def make() -> User:
        factories.user("new@hanu.example", at=factories.institution(), verified_at=None)
        message = {"to_address": "a@b.example", "subject": "s", "text": "t", "html": "h", "promised_at": AT}
        db.session.add(OutboxMessage(key="x:1", try_again_at=AT, gave_up_at=AT, **message))
        return someone(Role.ADMINISTRATOR)

    page = home(app, sign_in, make)
    assert "<h1>2 things are waiting for you</h1>" in page
    assert "1 person to verify" in page
    assert "1 message could not be sent" in page


@pytest.mark.parametrize(
    ("role", "labels"),
    [
        (Role.LECTURER, ["Home", "My courses", "My matches", "My profile"]),
        (Role.OFFICE, ["Home", "Approvals", "People"]),
        (Role.COORDINATOR, ["Home", "Rounds"]),
        (Role.ADMINISTRATOR, ["Home", "Rounds", "People", "Mail"]),
    ],
)
def test_the_header_leads_to_the_pages_of_the_persons_role(
    app: Flask, sign_in: SignIn, role: Role, labels: list[str]
) -> None:
    page = home(app, sign_in, lambda: someone(role))
    header = page.split("</nav>")[0]
    assert [label for label in ALL_LABELS if f">{label}</a>" in header] == labels
    assert ">Sign out</button>" in page
    assert 'href="/" aria-current="page">Home' in header


ALL_LABELS = ["Home", "Approvals", "My courses", "My matches", "My profile", "Rounds", "People", "Mail"]


@pytest.mark.parametrize(
    "back", ["//elsewhere.example/", "/\\elsewhere.example", "/\t/elsewhere.example", "https://x.y"]
)
def test_a_language_chosen_goes_back_only_to_our_own_pages(client: FlaskClient, back: str) -> None:
    answer = client.post("/language", data={"language": "fr", "back": back})
    assert answer.location == "/"


def test_a_language_chosen_leads_back_to_the_page_it_was_chosen_on(client: FlaskClient) -> None:
    assert client.post("/language", data={"language": "fr", "back": "/sign-in?x=1"}).location == "/sign-in?x=1"


def test_a_persons_choice_of_language_stays_with_them(app: Flask, sign_in: SignIn) -> None:
    person = saved(app, lambda: someone(Role.LECTURER))
    sign_in(person).post("/language", data={"language": "ja"})
    with app.app_context():
        assert db.session.get_one(User, person).language == "ja"


def test_a_language_nobody_speaks_here_changes_nothing(app: Flask, sign_in: SignIn) -> None:
    person = saved(app, lambda: someone(Role.LECTURER))
    sign_in(person).post("/language", data={"language": "tlh"})
    with app.app_context():
        assert db.session.get_one(User, person).language == "en"
