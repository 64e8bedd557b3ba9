"""What people write is shown as written: never as code of a page, and never before it may be seen."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.access import Role
from webapp.db import db
from webapp.mail.models import OutboxMessage
from webapp.matches.lifecycle import Action, Side, State
from webapp.profiles.models import LecturerProfile

SignIn = Callable[[int], FlaskClient]
EVIL = "<img src=x onerror=alert(1)>\"'{{7*7}}%(x)s</script>"


@pytest.fixture
def ids(app: Flask) -> dict[str, Any]:
    """A match between people, institutions and courses that are all called something hostile."""
    with app.app_context():
        match = factories.pair(state=State.PROPOSED)
        people = {side: match.course(side).lecturer for side in Side}
        office = factories.user("office@hanu.example", Role.OFFICE, at=match.course_a.institution)
        pending = factories.user("new@hanu.example", at=match.course_a.institution, verified_at=None)
        kei = factories.user("kei@x.example", Role.ADMINISTRATOR)
        for side, person in people.items():
            course = match.course(side)
            course.title, course.discipline, course.term_name, course.must_have_topic = EVIL, EVIL, EVIL, EVIL
            course.description, course.keywords, course.outcomes, course.tools = (
                f"{EVIL}\n{EVIL}",
                [EVIL],
                [EVIL],
                [EVIL],
            )
            course.wish_disciplines = course.blocked_tools = [EVIL]
            course.institution.name = f"{EVIL}{side}"
            course.institution.city = EVIL
            person.name = f"{EVIL}name-of-{side.value}"
            about = {"biography": EVIL, "looking_for": EVIL, "web_page": "https://x.example/"}
            db.session.add(LecturerProfile(user=person, updated_at=factories.AT, **about))
        for person in (office, pending, kei):
            person.name = EVIL
        found = {
            "own": people[Side.A].id, "partner": people[Side.B].id, "office": office.id,
            "administrator": kei.id, "match": match.id, "course": match.course_a_id, "round": match.round_id,
        }  # fmt: skip
        db.session.commit()
        return found


PAGES = (
    *(("own", path) for path in ("/", "/courses", "/courses/{course}", "/courses/{course}/edit", "/courses/new")),
    *(("own", path) for path in ("/matches", "/matches/{match}", "/lecturer-profiles/mine", "/preferences")),
    *(("partner", path) for path in ("/", "/matches", "/matches/{match}")),
    *(("office", path) for path in ("/", "/approvals", "/people", "/courses/{course}", "/matches/{match}")),
    *(("administrator", path) for path in ("/", "/people", "/mail", "/rounds", "/rounds/{round}", "/matches/{match}")),
    ("own", "/institutions/options?institution=img"),
)


def check(html: str) -> None:
    """Fail where something hostile came through as code, or a template was evaluated."""
    page = BeautifulSoup(html, "html.parser")
    assert page.find("img") is None
    assert page.find(attrs={"onerror": True}) is None
    assert html.count("alert(1)") == html.count("{{7*7}}")


@pytest.mark.parametrize(("who", "path"), PAGES)
def test_a_hostile_text_is_only_text_on_every_page(ids: dict[str, Any], sign_in: SignIn, who: str, path: str) -> None:
    answer = sign_in(ids[who]).get(path.format(**ids))
    assert answer.status_code == 200
    check(answer.text)


@pytest.mark.parametrize("who", ["own", "partner", "office", "administrator"])
@pytest.mark.parametrize("state", sorted(set(State) - {State.ACCEPTED, State.APPROVED, State.ACTIVE, State.COMPLETED}))
def test_nothing_tells_who_the_lecturers_are_before_both_have_accepted(
    app: Flask, ids: dict[str, Any], sign_in: SignIn, who: str, state: State
) -> None:
    with app.app_context():
        match = db.session.get_one(factories.Match, ids["match"])
        factories.acted(match, Side.A, Action.ACCEPT, match.course_a.lecturer)
        match.state = state
        db.session.commit()
    page = sign_in(ids[who]).get(f"/matches/{ids['match']}").text
    names = {"own": "a", "partner": "b"}
    for side, address in (("a", "mai@hanu.example"), ("b", "rui@ulisboa.example")):
        assert address not in page
        assert (f"name-of-{side}" in page) == (names.get(who) == side), "only the reader's own name, in the menu"


def test_mail_shows_hostile_texts_as_text_and_keeps_its_headers_whole(
    app: Flask, ids: dict[str, Any], sign_in: SignIn
) -> None:
    for who in ("own", "partner"):
        data = {"action": "accept", "seen": "1:proposed:none:"}
        answer = sign_in(ids[who]).post(f"/matches/{ids['match']}/decisions", data=data)
        assert answer.status_code == 303
    with app.app_context():
        mails = db.session.scalars(sa.select(OutboxMessage)).all()
        assert len(mails) >= 4
        for mail in mails:
            check(mail.html)
            assert "\n" not in mail.subject
            if mail.key.startswith(f"match:{ids['match']}:1:accept:a"):
                assert "name-of-" not in mail.text + mail.html
