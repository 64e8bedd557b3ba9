"""A draft beside the published round of the demonstration, so that the pages of drafts and decisions show something."""

from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa
from flask import Flask

from webapp.accounts import queries as people
from webapp.db import db
from webapp.demo.people import COORDINATOR
from webapp.rounds import decision_rules, matching
from webapp.rounds import queries as rounds
from webapp.rounds.models import DecisionKind, LeftOut, Round, RoundPair, RoundState


def staged_draft(app: Flask, round_id: int) -> dict[str, Any]:
    """Add a draft that is the published round but for a few pairs, and decisions about some; in an app context.

    The open courses are taken by the round's own proposals, so that a draft computed now would be empty.

    Returns
    -------
    dict of str to Any
        What the pages of drafts need in their addresses, by the names of these.
    """
    now = datetime.now(UTC)
    coordinator = people.by_email(COORDINATOR)
    published = rounds.by_id(round_id)
    if coordinator is None or published is None:
        raise LookupError("the demonstration has a coordinator and a round")
    draft = Round(
        week=matching.week_of(now),
        state=RoundState.DRAFT,
        started_at=now,
        asked_by_id=coordinator.id,
        balance=published.balance,
        based_on_id=published.id,
        n_courses_a=published.n_courses_a,
        n_courses_b=published.n_courses_b,
        report=published.report,
        frontier=published.frontier,
        statistics=published.statistics,
        certificate=published.certificate,
    )
    db.session.add(draft)
    db.session.flush()
    of_round = sa.select(RoundPair).where(RoundPair.round_id == round_id).order_by(RoundPair.score.desc())
    *kept, forbidden, poor = db.session.scalars(of_round).all()
    copies = [_copy(pair, draft) for pair in kept]
    draft.n_matches = len(copies)
    rules = matching.rules_of(app.config["SETTINGS"], frozenset())
    with app.test_request_context():
        decision_rules.decide(
            forbidden.course_a,
            forbidden.course_b,
            DecisionKind.FORBID,
            "They have worked together for years.",
            coordinator,
            now,
            rules,
        )
        decision_rules.set_places(poor.course_b, 0, coordinator, now)
    for left in db.session.scalars(sa.select(LeftOut).where(LeftOut.round_id == round_id)):
        db.session.add(LeftOut(round_id=draft.id, course_id=left.course_id, reason=left.reason, change=left.change))
    db.session.commit()
    return {"round_id": draft.id, "pair_id": copies[0].id, "a": forbidden.course_a_id, "b": poor.course_b_id}


def _copy(pair: RoundPair, draft: Round) -> RoundPair:
    row = RoundPair(
        round_id=draft.id,
        course_a_id=pair.course_a_id,
        course_b_id=pair.course_b_id,
        version_a=pair.version_a,
        version_b=pair.version_b,
        score=pair.score,
        confidence=pair.confidence,
        explanation=pair.explanation,
    )
    db.session.add(row)
    return row
