"""Several matches at once: what the institution looks at, and plans that are no longer those it approved."""

import re

import sqlalchemy as sa
from flask import Flask

from tests.conftest import NOW
from tests.webapp.matches.approving import SignIn, many
from tests.webapp.matches.conftest import LIMITS, Scene, policy
from webapp.accounts.models import User
from webapp.db import db
from webapp.matches import plan_changes, plan_versions
from webapp.matches.decisions import move
from webapp.matches.lifecycle import Action, Side
from webapp.matches.models import Match

BADGE = "The plan changed since you approved"


def approve_and_change(app: Flask, office: int, ids: list[int], by: str) -> None:
    """Let an office approve these matches, and a lecturer write something else into each plan."""
    with app.app_context():
        for match_id in ids:
            match = db.session.get_one(Match, match_id)
            match.course_a.lecturer.verified_at = NOW
            move(match, Action.APPROVE, actor=db.session.get_one(User, office), now=NOW, limits=LIMITS)
            standing = plan_versions.current(match)
            assert standing is not None
            document = dict(standing.document) | {"contingency": f"<Each> writes {by}."}
            plan_changes.revise(match, document, match.course_a.lecturer, NOW, LIMITS)
        db.session.commit()


def test_a_plan_that_changed_after_the_approval_says_so_and_what_changed(app: Flask, sign_in: SignIn) -> None:
    office, *ids = many(app, 3)
    approve_and_change(app, office, ids[1:2], "letters")
    client = sign_in(office)
    for path in ("/approvals", "/approvals/preview?" + "&".join(f"match={n}" for n in ids)):
        page = client.get(path).text
        assert page.count(BADGE) == 1
        assert "approved version 1. Since then the plan has changed:" in page
        assert "<ins>&lt;Each&gt; writes letters.</ins>" in page
        own = [one for one in re.split(r"<li[ >]", page) if BADGE in one]
        assert "Own 1" in own[0]


def test_once_approved_anew_nothing_is_called_changed(app: Flask, sign_in: SignIn) -> None:
    office, *ids = many(app, 2)
    approve_and_change(app, office, ids, "letters")
    client = sign_in(office)
    path = "/approvals/preview?" + "&".join(f"match={n}" for n in ids)
    page = client.get(path).text
    client.post("/approvals/preview", data={"ticked": re.findall(r'name="ticked" value="([^"]*)"', page)})
    assert (page.count(BADGE), client.get(path).text.count(BADGE)) == (2, 0)


def test_what_the_institution_looks_at_stands_above_the_list_and_the_preview(app: Flask, sign_in: SignIn) -> None:
    def stage(scene: Scene, _found: list[Match]) -> None:
        policy(scene, Side.A, asks="Is the <credit> right?")

    office, *ids = many(app, 1, stage)
    client = sign_in(office)
    for path in ("/approvals", f"/approvals/preview?match={ids[0]}"):
        assert client.get(path).text.count("Is the &lt;credit&gt; right?") == 1
    assert "the &lt;credit&gt;" not in client.get("/approvals?show=others").text


def test_changed_plans_cost_the_same_number_of_questions_however_many_there_are(app: Flask, sign_in: SignIn) -> None:
    office, *ids = many(app, 6)
    client = sign_in(office)
    numbers = []
    for these in (ids[:1], ids[1:]):
        approve_and_change(app, office, these, "letters")
        asked: list[str] = []

        def note(*args: object, asked: list[str] = asked) -> None:
            asked.append(str(args[2]))

        with app.app_context():
            sa.event.listen(db.engine, "before_cursor_execute", note)
            page = client.get("/approvals").text
            sa.event.remove(db.engine, "before_cursor_execute", note)
        numbers.append((page.count(BADGE), len(asked)))
    assert [badges for badges, _n in numbers] == [1, 6]
    assert numbers[0][1] == numbers[1][1]
