"""Digests that are written some time after the round was published: what is told as of then, and what as of now."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask

from tests import factories
from tests.conftest import NOW
from tests.webapp.rounds import known_week
from webapp.db import db
from webapp.mail.models import OutboxMessage
from webapp.matches.decisions import Limits, move
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import Match
from webapp.rounds import digest, digest_jobs
from webapp.rounds.models import Round

LATER = NOW + timedelta(hours=5)
LIMITS = Limits(respond=9, approve=21)
NEW = "“Rivers & cities <a field course>” for your course “Urban water”"
OFFICE_NEW = "Proposed to your lecturers this week"

Step = Callable[[Match], None]


def answer(side: Side, action: Action) -> Step:
    """A step a lecturer takes."""

    def take(match: Match) -> None:
        reason = "no_time" if action is Action.DECLINE else ""
        move(match, action, actor=match.course(side).lecturer, now=LATER, limits=LIMITS, reason=reason)

    return take


def of(this: Round) -> Match:
    """The match the round proposed."""
    return db.session.query(Match).filter_by(round_id=this.id).one()


def texts(*steps: Step) -> dict[str, str]:
    """The digests of the known week, by reader, written after some steps; kept apart from other mail."""
    this = known_week.stage()
    rui = of(this).course_b.lecturer.email
    for step in steps:
        step(of(this))
    db.session.query(OutboxMessage).delete()
    db.session.commit()
    digest_jobs.run(LATER, lambda _said: None)
    by_address = {row.to_address: row.text for row in db.session.query(OutboxMessage)}
    names = {email: name for name, (_, email, _, _) in known_week.READERS.items()} | {rui: "partner"}
    return {names[address]: text for address, text in by_address.items() if address in names}


def test_before_anybody_answers_both_lecturers_and_the_office_read_of_the_proposal(context: Flask) -> None:
    found = texts()
    assert NEW in found["lecturer"]
    assert "Urban water" in found["partner"]
    assert OFFICE_NEW in found["office"]


@pytest.mark.parametrize("action", [Action.ACCEPT, Action.MAYBE])
def test_who_has_answered_is_not_asked_again_and_the_other_is(context: Flask, action: Action) -> None:
    found = texts(answer(Side.A, action))
    assert "Urban water" not in found["lecturer"]
    assert "proposes a partner for you" in found["partner"]
    assert "“Urban water” for your course" in found["partner"]
    assert "“Urban water”" in found["office"].partition(OFFICE_NEW)[2]


def test_a_proposal_declined_meanwhile_is_news_to_coordinators_only(context: Flask) -> None:
    found = texts(answer(Side.A, Action.DECLINE))
    for reader in ("lecturer", "office"):
        assert "Urban water" not in found[reader]
    assert "Urban water" not in found.get("partner", "")
    assert "“Urban water” (Hanoi University) and “Rivers" in found["coordinator"]


def test_a_match_both_accepted_meanwhile_waits_for_its_offices(context: Flask) -> None:
    found = texts(answer(Side.A, Action.ACCEPT), answer(Side.B, Action.ACCEPT))
    waiting, _, rest = found["office"].partition("People who wait to be verified")
    assert "“Urban water”" in waiting.partition("Waiting for your approval")[2]
    assert "Urban water" not in rest
    assert "Urban water" not in found["lecturer"]


def test_what_ran_out_of_time_after_the_publication_is_told_by_the_next_round(context: Flask) -> None:
    def expire_dikes(_: Match) -> None:
        dikes = next(match for match in db.session.query(Match) if match.course_a.title == "Dikes")
        move(dikes, Action.EXPIRE, actor=None, now=LATER, limits=LIMITS)

    said = texts(expire_dikes)["coordinator"]
    assert "Wine" in said.partition("Ran out of time since the last round")[2]
    assert "Dikes" not in said


def test_an_alternate_that_came_in_meanwhile_is_no_proposal_of_the_round(context: Flask) -> None:
    def bring_in(match: Match) -> None:
        spare = factories.course(match.course_b.lecturer, "Estuaries")
        this = db.session.get_one(Round, match.round_id)
        factories.match(match.course_a, spare, this, is_alternate=True, proposed_at=LATER, changed_at=LATER)

    found = texts(bring_in)
    assert "1 partnership proposed" in db.session.query(OutboxMessage).filter_by(
        to_address=known_week.READERS["coordinator"][1]
    ).one().subject  # fmt: skip
    assert "“Estuaries”" in found["lecturer"].partition("Waiting for your answer")[2]


def test_an_answer_given_between_two_batches_counts_for_the_second(
    app: Flask, context: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest_jobs, "BATCH", 1)
    this = known_week.stage()
    db.session.commit()
    match_id, write = of(this).id, digest.write
    n_written = 0

    def write_and_answer_after_the_first(*arguments: object) -> object:
        nonlocal n_written
        n_written += 1
        if n_written == 2:
            with app.app_context():
                answer(Side.B, Action.ACCEPT)(db.session.get_one(Match, match_id))
                db.session.commit()
        return write(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(digest, "write", write_and_answer_after_the_first)
    digest_jobs.run(LATER, lambda _said: None)
    db.session.expire_all()
    match = db.session.get_one(Match, match_id)
    assert match.state is State.PROPOSED
    of_mai, of_rui = (
        db.session.query(OutboxMessage).filter_by(key=f"digest:2026-W48:{match.course(side).lecturer_id}").one()
        for side in Side
    )
    assert NEW in of_mai.text
    assert "“Dikes” for your course “Harbours”" in of_rui.text
    assert "Urban water" not in of_rui.text
