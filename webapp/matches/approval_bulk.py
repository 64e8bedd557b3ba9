"""Approving several matches at once: each on its own ground, all in one transaction, doing it again changes nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from webapp.accounts.models import User
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.matches import approval, approval_queries, approval_words, plan_pages, sight
from webapp.matches.decisions import Limits, move
from webapp.matches.lifecycle import Action, Actor, Side
from webapp.matches.models import Match
from webapp.matches.people import place_of
from webapp.matches.plan_pages import Since
from webapp.matches.sight import Seen

MOST = 50
"""Matches that can be approved at once."""


class Outcome(StrEnum):
    """What became of one of several matches."""

    DONE = "done"
    FIRST_STEP = "first_step"
    """The office has approved, and a second person is awaited."""
    ALREADY = "already"
    CHANGED = "changed"
    IN_THE_WAY = "in_the_way"


@dataclass(frozen=True)
class Ticked:
    """A match somebody ticked, and what the preview showed of it."""

    match_id: int
    seen: Seen


@dataclass(frozen=True)
class Preview:
    """What approving one match would do.

    Parameters
    ----------
    match, side
        The match, and the side of the office.
    seen
        What is shown of it.
    outcome
        What would happen; empty when it cannot be done.
    in_the_way
        What stands in the way; empty when nothing does.
    is_done
        Whether this person's institution, or this person for it, has said yes already.
    lacks_agreement
        Whether what stands in the way is a missing agreement.
    since
        What changed in the plan since their institution said yes to it; None when it never did, or nothing has.
    """

    match: Match
    side: Side
    seen: Seen
    outcome: str
    in_the_way: str
    is_done: bool
    lacks_agreement: bool
    since: Since | None


def preview(ids: Iterable[int], user: User, now: datetime) -> list[Preview]:
    """Tell for each of these matches what approving it would do; those of other institutions are left out."""
    matches = approval_queries.of_ids(user, list(ids)[:MOST])
    grounds = approval.grounds(matches, now)
    plans = approval_queries.fingerprints([match.id for match in matches])
    since = plan_pages.since_of_each(matches, user)
    found = []
    for match in matches:
        place = place_of(match, user)
        if place is None:
            continue
        on = grounds[match.id]
        obstacle = approval.obstacle(match, place.side, user, on)
        found.append(
            Preview(
                match=match,
                side=place.side,
                seen=sight.of(match, place, plans.get(match.id, "")),
                outcome=approval_words.outcome_words(match, place.side, on) if obstacle is None else "",
                in_the_way=approval_words.obstacle_words(match, place.side, obstacle, on) if obstacle else "",
                is_done=_has_said_yes(match, place.side, user),
                lacks_agreement=obstacle is approval.Obstacle.NO_AGREEMENT,
                since=since.get(match.id),
            )
        )
    return found


def approve(ticked: Iterable[Ticked], actor: User, now: datetime, limits: Limits) -> dict[int, Outcome]:
    """Take the step that is this person's on each of these matches that can be taken now.

    Parameters
    ----------
    ticked
        What the preview showed.
    actor
        Of an office.
    now
        The instant (aware).
    limits
        How long those awaited next have.

    Returns
    -------
    dict of int to Outcome
        What became of each, by the id of the match; those of other institutions are left out.
    """
    shown = {one.match_id: one for one in list(ticked)[:MOST]}
    matches = approval_queries.of_ids(actor, shown, hold=True)
    grounds = approval.grounds(matches, now)
    plans = approval_queries.fingerprints([match.id for match in matches])
    became = {}
    for match in matches:
        seen, plan = shown[match.id].seen, plans.get(match.id, "")
        became[match.id] = _approve(match, seen, plan, actor, now, limits, grounds[match.id])
    return became


def _approve(
    match: Match, seen: Seen, plan: str, actor: User, now: datetime, limits: Limits, on: approval.Ground
) -> Outcome:
    place = place_of(match, actor)
    if place is None or place.actor is not Actor.OFFICE:
        return Outcome.IN_THE_WAY
    if _has_said_yes(match, place.side, actor):
        return Outcome.ALREADY
    if sight.what_changed(match, place, seen, plan, actor):
        return Outcome.CHANGED
    if approval.obstacle(match, place.side, actor, on) is not None:
        return Outcome.IN_THE_WAY
    step = approval.next_step(match, place.side, on.policies[place.side])
    try:
        with db.session.begin_nested():
            move(match, step, actor=actor, now=now, limits=limits, shown_plan=seen.plan)
    except WrongStateError:
        return Outcome.CHANGED
    except NotAllowedError:
        return Outcome.IN_THE_WAY
    return Outcome.FIRST_STEP if step is Action.ENDORSE else Outcome.DONE


def _has_said_yes(match: Match, side: Side, user: User) -> bool:
    """Whether a side has approved in this turn, or this person has taken its first step."""
    if match.has_acted(side, Action.APPROVE):
        return True
    first = approval.step_event(match, side, Action.ENDORSE)
    return first is not None and first.actor_id == user.id
