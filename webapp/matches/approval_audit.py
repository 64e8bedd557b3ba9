"""What the audit log is told of the decisions of offices."""

from datetime import datetime

from webapp.audit import log
from webapp.db import db
from webapp.matches.lifecycle import Action, State
from webapp.matches.models import Match, MatchEvent, PlanVersion

CODES: dict[Action, str] = {
    Action.ENDORSE: "matches.endorse",
    Action.APPROVE: "matches.approve",
    Action.RETURN: "matches.return",
    Action.DECLINE: "matches.decline",
    Action.WITHDRAW: "matches.withdraw",
}
"""Code of the audit log for each action an office can take."""


def note_decision(match: Match, event: MatchEvent, before: State, now: datetime) -> None:
    """Note what somebody did for their institution, in the transaction of the decision.

    An approval names the version of the plan it is given for: the match itself may stand where it stood before.
    """
    plan = db.session.get(PlanVersion, event.plan_id) if event.plan_id else None
    approved = {"plan_version": plan.number, "fingerprint": plan.sha256[:12]} if plan else {}
    log.note(
        CODES[event.action],
        actor_id=event.actor.id if event.actor else None,
        now=now,
        kind="matches",
        object_id=match.id,
        name=f"{match.course_a.title} ↔ {match.course_b.title}",
        institution_id=match.course(event.side).institution_id if event.side else None,
        before={"state": before, "turn": event.turn},
        after={"state": match.state, "turn": match.turn, "reason": event.reason, "note": event.note} | approved,
    )
