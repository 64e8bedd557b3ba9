"""How each side of a match approves: by itself, by its office, or by its office and then a second person."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from webapp.accounts.models import User
from webapp.institutions import agreement_queries, policy_queries
from webapp.institutions.models import ApprovalPolicy, Chain
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import Match, MatchEvent

STEPS = frozenset({Action.ENDORSE, Action.APPROVE})
"""The actions with which somebody says yes for an institution."""


class Obstacle(StrEnum):
    """What keeps a person from saying yes for their institution."""

    NOT_ACCEPTED = "not_accepted"
    DONE = "done"
    NO_AGREEMENT = "no_agreement"
    SECOND_NEEDED = "second_needed"
    FIRST_NEEDED = "first_needed"
    NOT_SIGNING = "not_signing"


@dataclass(frozen=True)
class Ground:
    """What the approval of a match rests on.

    Parameters
    ----------
    policies
        How the institution of each side approves.
    lacks_agreement
        The sides whose policy asks for an agreement with the partner while none is on file.
    """

    policies: dict[Side, ApprovalPolicy]
    lacks_agreement: frozenset[Side] = frozenset()


def grounds(matches: Iterable[Match], now: datetime) -> dict[int, Ground]:
    """Find what the approval of matches rests on, by their ids, in two queries for all of them."""
    matches = list(matches)
    ends = {(match.id, side): match.course(side).institution for match in matches for side in Side}
    policies = policy_queries.of_each({institution.id for institution in ends.values()})
    asking = {key for key, policy in policies.items() if policy.needs_agreement}
    days = {_day(institution.time_zone, now) for institution in ends.values()}
    papers = agreement_queries.on_file(asking, min(days)) if asking else {}
    found = {}
    for match in matches:
        lacking = set()
        for side in Side:
            own, partner = ends[match.id, side], ends[match.id, side.other]
            if own.id in asking and own.id != partner.id:
                until = papers.get((own.id, partner.id))
                if until is None or until < _day(own.time_zone, now):
                    lacking.add(side)
        found[match.id] = Ground({side: policies[ends[match.id, side].id] for side in Side}, frozenset(lacking))
    return found


def ground(match: Match, now: datetime) -> Ground:
    """Find what the approval of one match rests on."""
    return grounds([match], now)[match.id]


def usual(match: Match) -> Ground:
    """Give what an approval rests on where no institution has stated anything: one office a side."""
    return Ground({side: policy_queries.usual(match.course(side).institution_id) for side in Side})


def _day(time_zone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(time_zone)).date()


def step_event(match: Match, side: Side, action: Action) -> MatchEvent | None:
    """Find the event of a side's step in the present turn; None when it was not taken."""
    return next((e for e in match.events if (e.side, e.action, e.turn) == (side, action, match.turn)), None)


def office_had_approved(match: Match, approved: MatchEvent) -> bool:
    """Whether the office of a side had taken its first step in the turn of an approval that followed by itself."""
    key = (approved.side, Action.ENDORSE, approved.turn)
    return any((e.side, e.action, e.turn) == key for e in match.events)


def next_step(match: Match, side: Side, policy: ApprovalPolicy) -> Action:
    """Tell which step of a side's approval comes next: the office's first one, or the one that counts."""
    needs_first = policy.chain is Chain.OFFICE_THEN_SECOND and not match.has_acted(side, Action.ENDORSE)
    return Action.ENDORSE if needs_first else Action.APPROVE


def signs(user: User) -> bool:
    """Whether a person of an office decides anything for it; the others only look."""
    return user.signs_for_office or user.signs_as_second


def obstacle(match: Match, side: Side, user: User, on: Ground) -> Obstacle | None:
    """Tell what keeps a person of a side's office from taking its next step; None when nothing does."""
    if match.state is not State.ACCEPTED:
        return Obstacle.DONE if match.has_acted(side, Action.APPROVE) else Obstacle.NOT_ACCEPTED
    if match.has_acted(side, Action.APPROVE):
        return Obstacle.DONE
    refused = _who_may(match, side, user, on.policies[side])
    if refused is None and side in on.lacks_agreement:
        return Obstacle.NO_AGREEMENT
    return refused


def _who_may(match: Match, side: Side, user: User, policy: ApprovalPolicy) -> Obstacle | None:
    if policy.chain is not Chain.OFFICE_THEN_SECOND:
        return None if user.signs_for_office else Obstacle.NOT_SIGNING
    first = step_event(match, side, Action.ENDORSE)
    if first is None:
        if user.signs_for_office:
            return None
        return Obstacle.FIRST_NEEDED if user.signs_as_second else Obstacle.NOT_SIGNING
    if user.signs_as_second and first.actor_id != user.id:
        return None
    return Obstacle.SECOND_NEEDED if signs(user) else Obstacle.NOT_SIGNING


def is_asked(match: Match, side: Side, user: User, policy: ApprovalPolicy) -> bool:
    """Whether a side's next step is awaited and one this person may take, whatever paper is missing for it."""
    is_open = match.state is State.ACCEPTED and not match.has_acted(side, Action.APPROVE)
    return is_open and _who_may(match, side, user, policy) is None


def approves_by_itself(side: Side, on: Ground) -> bool:
    """Whether a side approves the moment both lecturers accept, because its policy asks for nobody and nothing."""
    return on.policies[side].chain is Chain.NONE and side not in on.lacks_agreement


def settled(match: Match, on: Ground) -> list[Side]:
    """List the sides of an accepted match that are awaited still and need nobody's yes any longer.

    Their institution approves in another way than when they were asked: nobody is asked now, the paper that was missing
    is on file, or the office has said yes and no second person follows any more.
    """
    found = []
    for side in Side:
        only_office = on.policies[side].chain is Chain.OFFICE and match.has_acted(side, Action.ENDORSE)
        is_enough = approves_by_itself(side, on) or (only_office and side not in on.lacks_agreement)
        if is_enough and not match.has_acted(side, Action.APPROVE):
            found.append(side)
    return found


def answer_days(match: Match, on: Ground, usual_days: int) -> int:
    """Tell how many days a match waits for approval: the longest of the sides that have not approved."""
    waiting = [side for side in Side if not match.has_acted(side, Action.APPROVE)]
    return max((on.policies[side].answer_days or usual_days for side in waiting), default=usual_days)


def must_ask_again(match: Match) -> bool:
    """Whether a change of the plan needs ``move(match, Action.CHANGE, ...)``: somebody said yes to the old one."""
    said_yes = any(event.turn == match.turn and event.action in STEPS for event in match.events)
    return match.state is State.APPROVED or (match.state is State.ACCEPTED and said_yes)
