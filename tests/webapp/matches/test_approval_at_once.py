"""Two offices with the same match open: neither is refused for what the other did; whatever concerns a step is said."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.conftest import NOW, make_settings
from tests.webapp.matches.approving import SignIn
from tests.webapp.matches.conftest import LIMITS, Scene, policy
from tests.webapp.matches.test_views import Ids, decide, prepare, seen, stored
from tests.webapp.matches.together import Town, at_once, ready, serve
from webapp.access import Role
from webapp.accounts.models import User
from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.institutions.models import Chain
from webapp.mail.models import OutboxMessage
from webapp.matches import plan_versions, sight
from webapp.matches.decisions import move
from webapp.matches.lifecycle import Action, Actor, Side, State
from webapp.matches.models import Match, MatchEvent
from webapp.matches.people import Place

OFFICE_A = Place(Side.A, Actor.OFFICE)
TICKED = re.compile(r'name="ticked" value="([^"]*)"')


def add_people(scene: Scene) -> None:
    """A colleague in Hanoi's office, who also signs second, and a match both lecturers accepted."""
    factories.user("colleague@hanu.example", Role.OFFICE, scene.office_a.institution, name="Lan", signs_as_second=True)
    scene.go_to(State.ACCEPTED)


@pytest.fixture
def ids(app: Flask) -> Ids:
    return prepare(app, add_people)


def colleague(app: Flask) -> int:
    with app.app_context():
        return db.session.scalars(sa.select(User.id).where(User.email == "colleague@hanu.example")).one()


def meanwhile(app: Flask, ids: Ids, *done: tuple[Action, str]) -> None:
    """Let others act after a page was opened."""
    with app.app_context():
        match = db.session.get_one(Match, ids.match)
        for action, name in done:
            reason = "other" if action in (Action.RETURN, Action.DECLINE, Action.WITHDRAW) else ""
            actor = db.session.get_one(User, ids.people[name]) if name else None
            move(match, action, actor=actor, now=NOW, limits=LIMITS, reason=reason, note="words")
        db.session.commit()


@pytest.mark.parametrize(("action", "to"), [("approve", "approved"), ("return", "proposed"), ("decline", "declined")])
def test_the_second_office_is_not_refused_because_the_first_approved(
    app: Flask, ids: Ids, sign_in: SignIn, action: str, to: str
) -> None:
    office_b = sign_in(ids.people["office_b"])
    shown = seen(office_b, ids)
    meanwhile(app, ids, (Action.APPROVE, "office_a"))
    status, _page = decide(office_b, ids, action, seen=shown, reason="other", note="words")
    assert status == 303
    assert stored(app, ids.match)[0] == to


def test_nor_because_the_first_person_of_the_other_side_endorsed(app: Flask, sign_in: SignIn) -> None:
    def stage(scene: Scene) -> None:
        policy(scene, Side.B, chain=Chain.OFFICE_THEN_SECOND, second_title="the dean")
        add_people(scene)

    ids = prepare(app, stage)
    office_a = sign_in(ids.people["office_a"])
    shown = seen(office_a, ids)
    meanwhile(app, ids, (Action.ENDORSE, "office_b"))
    assert decide(office_a, ids, "approve", seen=shown)[0] == 303


def test_several_at_once_are_not_hindered_by_the_other_office(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    office_b = sign_in(ids.people["office_b"])
    ticked = TICKED.findall(office_b.get(f"/approvals/preview?match={ids.match}").text)
    meanwhile(app, ids, (Action.APPROVE, "office_a"))
    answer = office_b.post("/approvals/preview", data={"ticked": ticked})
    assert "You approved 1 match." in office_b.get(answer.location).text
    assert stored(app, ids.match)[0] is State.APPROVED


RETURNED = "University of Lisbon returned this match after you opened the page"


@pytest.mark.parametrize(
    ("done", "words"),
    [
        ([(Action.RETURN, "office_b")], f"{RETURNED}. Both lecturers look at it again"),
        (
            [(Action.RETURN, "office_b"), (Action.ACCEPT, "mai"), (Action.ACCEPT, "rui")],
            f"{RETURNED}, and both lecturers have accepted it again.",
        ),
        ([(Action.WITHDRAW, "mai")], "This match ended before your answer came, so nothing was changed."),
        ([(Action.APPROVE, "office_b"), (Action.CHANGE, "mai")], "The plan was changed after you opened the page."),
        ([(Action.APPROVE, "office_a")], "You have approved this already; nothing was changed by sending it twice."),
    ],
)
def test_what_concerns_the_step_is_refused_with_what_happened(
    app: Flask, ids: Ids, sign_in: SignIn, done: list[tuple[Action, str]], words: str
) -> None:
    office_a = sign_in(ids.people["office_a"])
    shown = seen(office_a, ids)
    meanwhile(app, ids, *done)
    before = stored(app, ids.match)
    status, page = decide(office_a, ids, "approve", seen=shown)
    assert status == 409
    assert words in page
    assert "<h1>Urban water with Rivers and cities</h1>" in page
    assert stored(app, ids.match) == before


def test_a_colleague_who_was_faster_is_named(app: Flask, ids: Ids, sign_in: SignIn) -> None:
    lan = sign_in(colleague(app))
    shown = seen(lan, ids)
    meanwhile(app, ids, (Action.APPROVE, "office_a"))
    for action in ("approve", "return"):
        status, page = decide(lan, ids, action, seen=shown, reason="other", note="words")
        assert status == 409
        assert "Office approved this for your institution after you opened the page" in page
    assert stored(app, ids.match)[0] is State.ACCEPTED


def test_a_plan_nobody_had_approved_yet_also_counts_when_an_office_returns_it(
    app: Flask, ids: Ids, sign_in: SignIn
) -> None:
    office_a = sign_in(ids.people["office_a"])
    shown = seen(office_a, ids)
    with app.app_context():
        match = db.session.get_one(Match, ids.match)
        standing = plan_versions.current(match)
        assert standing is not None
        plan_versions.add(
            match, dict(standing.document) | {"contingency": "Names"}, cause="edited", made_by=None, now=NOW
        )
        db.session.commit()
    status, page = decide(office_a, ids, "return", seen=shown, reason="other", note="words")
    assert (status, "The plan was changed after you opened the page." in page) == (409, True)


@pytest.mark.parametrize(
    ("state", "now", "words"),
    [
        (State.ACCEPTED, State.APPROVED, "The exchange was approved after you opened the page"),
        (State.APPROVED, State.ACTIVE, "Teaching together began after you opened the page"),
    ],
)
def test_a_state_that_makes_the_step_another_one_is_named(scene: Scene, state: State, now: State, words: str) -> None:
    match = scene.go_to(State.APPROVED)
    shown = sight.of(match, OFFICE_A, "")
    shown = sight.Seen(shown.turn, state, shown.steps, shown.plan)
    if now is State.ACTIVE:
        scene.act(Action.START, None)
    said = sight.what_changed(match, OFFICE_A, shown, "", scene.office_a)
    assert said.startswith(words)


MADE_UP = ["", "x", "1", "-1:accepted:none:", "²:accepted:none:", "1:gone:none:", "1:2:3:4:5"]


@pytest.mark.parametrize("sent", [*MADE_UP, "1:accepted:approve:PLAN", "1:proposed:none:PLAN"])
def test_a_form_that_says_nothing_of_what_was_shown_decides_nothing(
    app: Flask, ids: Ids, sign_in: SignIn, sent: str
) -> None:
    office_a = sign_in(ids.people["office_a"])
    plan = seen(office_a, ids).rpartition(":")[2]
    status, page = decide(office_a, ids, "approve", seen=sent.replace("PLAN", plan))
    assert (status, "the form did not say what you were shown" in page) == (409, True)
    assert stored(app, ids.match)[0] is State.ACCEPTED


@pytest.mark.parametrize("steps", [[], [Action.ENDORSE], [Action.ENDORSE, Action.APPROVE]])
def test_what_was_shown_is_read_as_it_was_written(steps: list[Action]) -> None:
    for state in State:
        shown = sight.Seen(3, state, frozenset(steps), "ab12")
        assert sight.read(str(shown)) == shown


@pytest.fixture(params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> Iterator[Town]:
    """The service on a database that several really use at once, and a browser of everybody who approves."""
    postgres = {"database_url": request.getfixturevalue("postgres_url")} if request.param == "postgresql" else {}

    def stage(scene: Scene) -> dict[str, User]:
        lan = factories.user("lan@hanu.example", Role.OFFICE, scene.office_a.institution)
        scene.go_to(State.ACCEPTED)
        return {"office_a": scene.office_a, "office_b": scene.office_b, "lan": lan}

    with serve(make_settings(tmp_path, **postgres), stage) as made:
        yield made


def approvals_of(app: Flask, ids: Ids) -> tuple[State, list[Side | None], int, int]:
    """State of the match, whose approvals it has, and how many lines in the log and messages that it is approved."""
    with app.app_context():
        match = db.session.get_one(Match, ids.match)
        sides = sorted(event.side or "" for event in match.events if event.action is Action.APPROVE)
        n_lines = db.session.scalar(
            sa.select(sa.func.count(AuditEvent.id)).where(AuditEvent.action == "matches.approve")
        )
        done = OutboxMessage.subject.like("Approved:%")
        n_mails = db.session.scalar(sa.select(sa.func.count(OutboxMessage.id)).where(done))
        return match.state, sides, n_lines or 0, n_mails or 0


def test_both_offices_at_the_same_moment_both_count(town: Town) -> None:
    app, ids, browsers = town
    answers = at_once(*(ready(browsers[name], ids, "approve") for name in ("office_a", "office_b")))
    assert [status for status, _page in answers] == [303, 303]
    # Both lecturers, two people in Hanoi and one in Lisbon hear of it, once each.
    assert approvals_of(app, ids) == (State.APPROVED, [Side.A, Side.B], 2, 5)


def test_of_two_colleagues_at_the_same_moment_one_is_told_who_was_faster(
    town: Town,
) -> None:
    app, ids, browsers = town
    answers = at_once(*(ready(browsers[name], ids, "approve") for name in ("office_a", "lan")))
    assert sorted(status for status, _page in answers) == [303, 409]
    refused = next(page for status, page in answers if status == 409)
    assert "approved this for your institution after you opened the page" in refused
    assert approvals_of(app, ids) == (State.ACCEPTED, [Side.A], 1, 0)


def test_both_offices_approve_several_at_the_same_moment(town: Town) -> None:
    app, ids, browsers = town

    def bulk(browser: FlaskClient) -> Callable[[], tuple[int, str]]:
        ticked = TICKED.findall(browser.get(f"/approvals/preview?match={ids.match}").text)
        return lambda: (browser.post("/approvals/preview", data={"ticked": ticked}).status_code, "")

    assert at_once(*(bulk(browsers[name]) for name in ("office_a", "office_b"))) == [(303, "")] * 2
    assert approvals_of(app, ids)[:3] == (State.APPROVED, [Side.A, Side.B], 2)
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(MatchEvent.id)).where(MatchEvent.plan_id.is_not(None))) == 2
