"""How matches and alternates come into being: rows with their first event, no mail, no commit."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from webapp.db import db
from webapp.errors import WrongStateError
from webapp.matches import queries
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import Alternate, Match, MatchEvent
from webapp.profiles.models import CourseProfile


def in_order(one: CourseProfile, other: CourseProfile) -> tuple[CourseProfile, CourseProfile]:
    """Tell which course is side A and which side B.

    The Asian course is A and the European one B. Where regions do not decide, because the setting allows any
    two, the smaller id is A; a stored explanation must have been made in the same order.
    """
    for a, b in ((one, other), (other, one)):
        if (a.institution.region, b.institution.region) == ("asia", "europe"):
            return a, b
    return (one, other) if one.id < other.id else (other, one)


def propose(
    course_a: CourseProfile,
    course_b: CourseProfile,
    *,
    round_id: int | None,
    score: float,
    confidence: float,
    explanation: dict[str, Any],
    respond_by: datetime,
    now: datetime,
    is_alternate: bool = False,
    inviter: Side | None = None,
    note: str = "",
) -> Match:
    """Propose two courses to each other: the match and the event of its proposal, added and not yet flushed.

    Parameters
    ----------
    course_a, course_b
        The two sides, as `in_order` gives them.
    round_id
        The round that found the pair; None for an invitation.
    score, confidence
        0..1.
    explanation
        ``matcher.Explanation.to_dict()`` of the pair, A first.
    respond_by
        Until when both lecturers can answer (aware).
    now
        The instant of the proposal (aware).
    is_alternate
        Whether it comes in for a match that fell away.
    inviter
        The side whose lecturer invites the other, and so has accepted; None when a round proposes.
    note
        The inviter's own words.

    Returns
    -------
    Match
        In the state ``proposed``; the row of a proposal that was taken back, in its next turn, where the two
        courses have one. No mail is promised: a round tells everyone in its digest.

    Raises
    ------
    WrongStateError
        When somebody else revived the same row at the same moment.
    """
    values = {
        "round_id": round_id,
        "is_alternate": is_alternate,
        "score": score,
        "confidence": confidence,
        "explanation": explanation,
        "proposed_at": now,
        "respond_by": respond_by,
        "changed_at": now,
    }
    with db.session.no_autoflush:
        taken_back = queries.taken_back(course_a.id, course_b.id)
    if taken_back is None:
        match = Match(course_a=course_a, course_b=course_b, state=State.PROPOSED, turn=1, **values)
        db.session.add(match)
    else:
        match = _revive(taken_back, values)
    by = None if inviter is None else match.course(inviter).lecturer
    match.invited_by = by
    turn = match.turn
    match.events.append(MatchEvent(turn=turn, action=Action.PROPOSE, side=inviter, actor=by, note=note.strip(), at=now))
    if inviter is not None:
        match.events.append(MatchEvent(turn=turn, action=Action.ACCEPT, side=inviter, actor=by, at=now))
    return match


def _revive(match: Match, values: dict[str, Any]) -> Match:
    """Put a match that was taken back to its beginning, in a new turn: nothing of it was ever answered."""
    revived = db.session.execute(
        sa.update(Match)
        .where(Match.id == match.id, Match.state == State.TAKEN_BACK, Match.version == match.version)
        .values(state=State.PROPOSED, turn=Match.turn + 1, version=Match.version + 1, **values)
        .execution_options(synchronize_session=False)
        .returning(Match.id)
    )
    if revived.scalar() is None:
        raise WrongStateError()
    db.session.refresh(match)
    return match


def keep_alternate(
    course: CourseProfile,
    partner: CourseProfile,
    *,
    round_id: int,
    rank: int,
    score: float,
    confidence: float,
    explanation: dict[str, Any],
) -> Alternate:
    """Keep a next best partner for a course, added and not yet flushed.

    Parameters
    ----------
    course, partner
        The course it is kept for, and the partner.
    round_id
        The round that ranked it.
    rank
        1 is the best.
    score, confidence
        0..1.
    explanation
        ``matcher.Explanation.to_dict()`` of the pair in the order of `in_order`, whichever course it is kept for.
    """
    alternate = Alternate(
        round_id=round_id,
        course=course,
        partner=partner,
        rank=rank,
        score=score,
        confidence=confidence,
        explanation=explanation,
    )
    db.session.add(alternate)
    return alternate
