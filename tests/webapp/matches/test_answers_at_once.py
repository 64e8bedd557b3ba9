"""Two lecturers with the same proposal open: neither is refused for what the other answered; conflicts are said."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask import Flask

from tests.conftest import NOW, make_settings
from tests.webapp.matches.approving import SignIn
from tests.webapp.matches.conftest import Scene
from tests.webapp.matches.test_approval_at_once import meanwhile
from tests.webapp.matches.test_views import Ids, decide, prepare, seen, stored
from tests.webapp.matches.together import Town, at_once, ready, serve
from webapp.accounts.models import User
from webapp.db import db
from webapp.mail.models import OutboxMessage
from webapp.matches import plan_versions
from webapp.matches.lifecycle import Action, State
from webapp.matches.models import Match

BOTH = [(Action.ACCEPT, "mai"), (Action.ACCEPT, "rui")]
APPROVED = [(Action.APPROVE, "office_a"), (Action.APPROVE, "office_b")]


@pytest.fixture
def ids(app: Flask) -> Ids:
    return prepare(app)


def write_plan(app: Flask, ids: Ids) -> None:
    """Let a lecturer change the plan."""
    with app.app_context():
        match = db.session.get_one(Match, ids.match)
        standing = plan_versions.current(match)
        assert standing is not None
        document = dict(standing.document) | {"contingency": "Names"}
        plan_versions.add(match, document, cause="edited", made_by=match.course_b.lecturer, now=NOW)
        db.session.commit()


@pytest.mark.parametrize("other", [Action.ACCEPT, Action.MAYBE])
@pytest.mark.parametrize(("action", "to"), [("accept", "accepted"), ("maybe", "proposed"), ("decline", "declined")])
def test_what_the_other_lecturer_answered_hinders_nobody(
    app: Flask, ids: Ids, sign_in: SignIn, other: Action, action: str, to: str
) -> None:
    rui = sign_in(ids.people["rui"])
    shown = seen(rui, ids)
    meanwhile(app, ids, (other, "mai"))
    assert decide(rui, ids, action, seen=shown, reason="topic")[0] == 303
    assert stored(app, ids.match)[0] == ("proposed" if (action, other) == ("accept", Action.MAYBE) else to)


def test_a_week_one_asked_for_oneself_in_another_window_does_not_keep_from_accepting(
    app: Flask, ids: Ids, sign_in: SignIn
) -> None:
    mai = sign_in(ids.people["mai"])
    shown = seen(mai, ids)
    meanwhile(app, ids, (Action.MAYBE, "mai"))
    assert decide(mai, ids, "accept", seen=shown)[0] == 303


@pytest.mark.parametrize(
    ("before", "done"),
    [
        (BOTH[:1], BOTH[1:]),
        (BOTH, APPROVED[:1]),
        ([*BOTH, APPROVED[0]], [(Action.CHANGE, "rui")]),
        ([*BOTH, *APPROVED], [(Action.CHANGE, "rui")]),
    ],
)
def test_a_lecturer_who_withdraws_is_not_kept_by_what_others_did(
    app: Flask, ids: Ids, sign_in: SignIn, before: list[tuple[Action, str]], done: list[tuple[Action, str]]
) -> None:
    meanwhile(app, ids, *before)
    mai = sign_in(ids.people["mai"])
    shown = seen(mai, ids)
    meanwhile(app, ids, *done)
    assert decide(mai, ids, "withdraw", seen=shown, reason="no_time")[0] == 303
    assert stored(app, ids.match)[0] is State.WITHDRAWN


RETURNED = "University of Lisbon returned this match after you opened the page"
TO_BE_ANSWERED: list[tuple[Action, str]] = [*BOTH, (Action.RETURN, "office_a")]


@pytest.mark.parametrize(
    ("before", "done", "action", "words"),
    [
        ([], BOTH[:1], "accept", "You have accepted this already; nothing was changed now."),
        ([], BOTH[:1], "decline", "You have accepted this already; nothing was changed now."),
        ([], [(Action.TAKE_BACK, "coordinator")], "accept", "This match ended before your answer came"),
        ([], [(Action.DECLINE, "rui")], "accept", "This match ended before your answer came"),
        (BOTH, [(Action.RETURN, "office_b")], "withdraw", f"{RETURNED}. Both lecturers look at it again"),
        (BOTH, [(Action.RETURN, "office_b"), *BOTH], "withdraw", f"{RETURNED}, and both lecturers have accepted"),
        (BOTH[:1], [*BOTH[1:], *APPROVED], "withdraw", "The exchange was approved after you opened the page"),
        ([*BOTH, *APPROVED], [(Action.START, "")], "withdraw", "Teaching together began after you opened the page"),
    ],
)
def test_what_concerns_the_answer_is_refused_with_what_happened(
    app: Flask,
    ids: Ids,
    sign_in: SignIn,
    before: list[tuple[Action, str]],
    done: list[tuple[Action, str]],
    action: str,
    words: str,
) -> None:
    meanwhile(app, ids, *before)
    mai = sign_in(ids.people["mai"])
    shown = seen(mai, ids)
    meanwhile(app, ids, *done)
    kept = stored(app, ids.match)
    status, page = decide(mai, ids, action, seen=shown, reason="no_time")
    assert (status, words in page) == (409, True)
    assert "<h1>Urban water with Rivers and cities</h1>" in page
    assert stored(app, ids.match) == kept


def test_a_plan_that_was_changed_is_looked_at_before_it_is_accepted_again(
    app: Flask, ids: Ids, sign_in: SignIn
) -> None:
    meanwhile(app, ids, *TO_BE_ANSWERED)
    mai = sign_in(ids.people["mai"])
    shown = seen(mai, ids)
    write_plan(app, ids)
    status, page = decide(mai, ids, "accept", seen=shown)
    assert (status, "The plan was changed after you opened the page." in page) == (409, True)
    assert decide(mai, ids, "accept", seen=seen(mai, ids))[0] == 303


def test_a_proposal_that_was_taken_back_and_made_again_is_looked_at_once_more(
    app: Flask, ids: Ids, sign_in: SignIn
) -> None:
    mai = sign_in(ids.people["mai"])
    shown = seen(mai, ids)
    with app.app_context():
        db.session.get_one(Match, ids.match).turn += 1
        db.session.commit()
    status, page = decide(mai, ids, "accept", seen=shown)
    assert (status, "This proposal was taken back and made again after you opened the page." in page) == (409, True)


@pytest.fixture(params=["sqlite", "postgresql"])
def town(request: pytest.FixtureRequest, tmp_path: Path, migrated_file: Path) -> Iterator[Town]:
    """The service with a proposal, on a database that several really use at once, and browsers of both lecturers."""
    postgres = {"database_url": request.getfixturevalue("postgres_url")} if request.param == "postgresql" else {}

    def stage(scene: Scene) -> dict[str, User]:
        return {"mai": scene.mai, "rui": scene.rui}

    with serve(make_settings(tmp_path, **postgres), stage) as made:
        yield made


def test_both_lecturers_accept_at_the_same_moment_and_both_count(town: Town) -> None:
    app, ids, browsers = town
    answers = at_once(*(ready(browsers[name], ids, "accept") for name in ("mai", "rui")))
    assert [status for status, _page in answers] == [303, 303]
    assert stored(app, ids.match)[0] is State.ACCEPTED
    with app.app_context():
        asked = sa.select(sa.func.count(OutboxMessage.id)).where(OutboxMessage.subject.like("Please approve:%"))
        assert db.session.scalar(asked) == 2


def test_of_two_windows_of_one_lecturer_only_one_counts(town: Town) -> None:
    app, ids, browsers = town
    answers = at_once(*(ready(browsers["mai"], ids, action) for action in ("accept", "accept")))
    assert sorted(status for status, _page in answers) == [303, 409]
    assert stored(app, ids.match)[0] is State.PROPOSED
