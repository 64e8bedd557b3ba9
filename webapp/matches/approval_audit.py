"""What the audit log is told of the decisions of offices."""

from datetime import datetime

from webapp.audit import log
from webapp.matches.lifecycle import Action, State
from webapp.matches.models import Match, MatchEvent

CODES: dict[Action, str] = {
    Action.ENDORSE: "matches.endorse",
    Action.APPROVE: "matches.approve",
    Action.RETURN: "matches.return",
    Action.DECLINE: "matches.decline",
    Action.WITHDRAW: "matches.withdraw",
}
"""Code of the audit log for each action an office can take."""


def note_decision(match: Match, event: MatchEvent, before: State, now: datetime) -> None:
    """Note what somebody did for their institution, in the transaction of the decision."""
    log.note(
        CODES[event.action],
        actor_id=event.actor.id if event.actor else None,
        now=now,
        kind="matches",
        object_id=match.id,
        name=f"{match.course_a.title} ↔ {match.course_b.title}",
        institution_id=match.course(event.side).institution_id if event.side else None,
        before={"state": before, "turn": event.turn},
        after={"state": match.state, "turn": match.turn, "reason": event.reason, "note": event.note},
    )
