"""What coordinators of all do with rounds: start one, run one again, publish, discard and take back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from config import Settings
from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.audit import log
from webapp.db import db
from webapp.errors import NotAllowedError, Way, WrongStateError
from webapp.matches.decisions import Limits, move
from webapp.matches.lifecycle import Action, State
from webapp.matches.models import Match
from webapp.rounds import (
    console_queries,
    decision_queries,
    digest_queries,
    draft_emails,
    draft_publishing,
    draft_queries,
    queries,
)
from webapp.rounds.matching import week_of
from webapp.rounds.models import DialChoice, Round, RoundState

UNDER_WAY = (RoundState.WAITING, RoundState.COMPUTING)
"""States of a round that can still be stopped."""


def begin(
    now: datetime,
    settings: Settings,
    *,
    asked_by: User | None,
    based_on: Round | None = None,
    balance: float | None = None,
) -> Round:
    """Make a round that waits to be computed; added and flushed.

    Parameters
    ----------
    now
        The instant (aware).
    settings
        The position of the dial while nobody has chosen one.
    asked_by
        Who asks for it; None for the weekly job.
    based_on
        The round it runs again.
    balance
        The position of the dial, for this round only; by default the one that holds now.
    """
    chosen = decision_queries.newest_dial()
    if balance is not None:
        chosen = DialChoice(balance=balance, by_id=asked_by.id if asked_by else None)
    this_round = Round(
        week=week_of(now),
        state=RoundState.WAITING,
        started_at=now,
        asked_by_id=asked_by.id if asked_by else None,
        balance=settings.balance if chosen is None else chosen.balance,
        dial_by_id=None if chosen is None else chosen.by_id,
        based_on_id=based_on.id if based_on else None,
    )
    db.session.add(this_round)
    db.session.flush()
    # Read now, so that no page or mail asks for it while it is written.
    db.session.refresh(this_round, ["has_namesake"])
    return this_round


def start(
    actor: User, now: datetime, settings: Settings, based_on: Round | None = None, balance: float | None = None
) -> Round:
    """Ask for a round, see `begin`; a job computes it.

    Raises
    ------
    NotAllowedError
        When this person works for some countries or a network only.
    WrongStateError
        When a round is waiting or being computed already.
    """
    require_of_all(actor)
    under_way = draft_queries.waiting()
    if under_way:
        raise WrongStateError(
            _("A round is being computed already. Wait until it is done, or stop it."), _to_round(under_way[0])
        )
    this_round = begin(now, settings, asked_by=actor, based_on=based_on, balance=balance)
    # Written like that, the log shows days and number.
    earlier = f"{based_on.week}/{based_on.id}" if based_on else None
    after = {"week": this_round.week, "balance": this_round.balance, "based_on": earlier}
    _note("rounds.start", this_round, actor, now, after=after)
    return this_round


def publish(this_round: Round, actor: User, now: datetime, settings: Settings) -> list[Match]:
    """Publish a draft, see `draft_publishing.publish`.

    Raises
    ------
    NotAllowedError
        See `start`.
    WrongStateError
        See `draft_publishing.publish`.
    """
    require_of_all(actor)
    before = {"state": this_round.state, "pairs": this_round.n_matches}
    matches = draft_publishing.publish(this_round, now, settings, actor.id)
    after = {"state": RoundState.PUBLISHED, "pairs": len(matches), "week": week_of(now)}
    _note("rounds.publish", this_round, actor, now, before=before, after=after)
    return matches


def put_away(
    round_id: int, by_id: int | None = None, before: Collection[RoundState] = (*UNDER_WAY, RoundState.DRAFT)
) -> bool:
    """Discard a round that was not published; False when it is past that. What only publication needs goes."""
    facts: dict[str, Any] = {"settled_by_id": by_id, "statistics": None, "frontier": None, "progress": {}}
    if not queries.step(round_id, before, RoundState.DISCARDED, **facts):
        return False
    draft_queries.forget_all_alternates(round_id)
    return True


def discard(this_round: Round, actor: User, now: datetime) -> None:
    """Discard a draft before it is published; its pairs are kept for comparing.

    Raises
    ------
    NotAllowedError
        See `start`.
    WrongStateError
        When it is no draft yet, or is one no longer.
    """
    require_of_all(actor)
    if not put_away(this_round.id, actor.id, [RoundState.DRAFT]):
        raise WrongStateError(_("This round is no draft; look at how it stands now."), _to_round(this_round.id))
    before, after = {"state": RoundState.DRAFT, "pairs": this_round.n_matches}, {"state": RoundState.DISCARDED}
    _note("rounds.discard", this_round, actor, now, before=before, after=after)


def stop(this_round: Round, actor: User, now: datetime) -> None:
    """Stop a round while it waits or is computed; what was computed by then is done, and nobody loses it.

    Raises
    ------
    NotAllowedError
        See `start`.
    WrongStateError
        When its computation is over, or somebody stopped it meanwhile.
    """
    require_of_all(actor)
    before = this_round.state
    if not put_away(this_round.id, actor.id, UNDER_WAY):
        raise WrongStateError(
            _("The computation of this round is over, so there is nothing to stop. What it found is kept."),
            _to_round(this_round.id),
        )
    _note("rounds.stop", this_round, actor, now, before={"state": before}, after={"state": RoundState.DISCARDED})


def why_not_back(matches: Sequence[Match]) -> str:
    """Say why a round can no longer be taken back; empty when it can."""
    if any(match.state is not State.PROPOSED for match in matches):
        return str(_("Some of its matches have moved on, so it can no longer be taken back."))
    if any(match.is_alternate for match in matches):
        return str(_("An alternate has come in, so it can no longer be taken back."))
    events = [event for match in matches for event in match.events if event.turn == match.turn]
    if any(event.action is not Action.PROPOSE for event in events):
        return str(_("Somebody has answered, so it can no longer be taken back."))
    return ""


@dataclass(frozen=True)
class TakenBack:
    """What taking a round back did to mail.

    Parameters
    ----------
    n_told
        People who are written to, because they had been told of a proposal.
    n_withdrawn
        Digests that were promised and are not sent any more.
    is_cut_short
        Whether some of its digests had not been promised yet; nobody promises them now.
    """

    n_told: int
    n_withdrawn: int
    is_cut_short: bool


def take_back(this_round: Round, actor: User, now: datetime, settings: Settings) -> TakenBack:
    """Take a published round back while nobody has answered: its pairs count as never proposed.

    Digests that have not been sent are dropped, and no more are promised; whose digest was sent is told by mail:
    lecturers of each proposal, offices and coordinators of the round. The week is free for another round.

    Returns
    -------
    TakenBack
        Who is written to, and what became of the digests.

    Raises
    ------
    NotAllowedError
        See `start`.
    WrongStateError
        When somebody answered, or took it back meanwhile.
    """
    require_of_all(actor)
    matches = console_queries.matches_of(this_round.id)
    why_not = why_not_back(matches)
    if why_not:
        raise WrongStateError(why_not)
    week, published_at = this_round.week, this_round.published_at or now
    facts = {"published_week": None, "taken_back_at": now, "settled_by_id": actor.id}
    # Waits for the batch of digests that is being promised, if there is one; what follows finds all of it.
    if not queries.step(this_round.id, [RoundState.PUBLISHED], RoundState.TAKEN_BACK, **facts):
        raise WrongStateError(_("This round has been settled meanwhile; look at how it stands now."))
    limits = Limits(respond=settings.respond_days, approve=settings.approve_days)
    for match in matches:
        move(match, Action.TAKE_BACK, actor=actor, now=now, limits=limits)
    draft_queries.forget_all_alternates(this_round.id)
    told, n_withdrawn = console_queries.forget_digests(week, published_at)
    # Whose digest was dropped has not heard of the proposal, and needs not hear that it is gone.
    written = console_queries.keep_notices([match.id for match in matches], told, now)
    written |= draft_emails.promise_taken_back(this_round, matches, digest_queries.people(told), actor, now)
    n_told = len(written)
    before = {"state": RoundState.PUBLISHED, "week": week}
    after = {
        "state": RoundState.TAKEN_BACK,
        "matches": len(matches),
        "written_to": n_told,
        "mails_called_back": n_withdrawn,
    }
    _note("rounds.take_back", this_round, actor, now, before=before, after=after)
    return TakenBack(n_told, n_withdrawn, is_cut_short=this_round.digests_done_at is None)


def require_of_all(actor: User) -> None:
    """Refuse who works for some countries or a network only.

    Raises
    ------
    NotAllowedError
        For everyone but administrators and coordinators of all.
    """
    if not scope.is_of_all(actor):
        raise NotAllowedError(_("Rounds concern all institutions; this step belongs to coordinators of all."))


def _to_round(round_id: int) -> Way:
    return Way(_("Go to that round"), "rounds.show", {"round_id": round_id})


def _note(
    action: str,
    this_round: Round,
    actor: User,
    now: datetime,
    before: Mapping[str, object] | None = None,
    after: Mapping[str, object] | None = None,
) -> None:
    log.note(
        action,
        actor_id=actor.id,
        now=now,
        kind="rounds",
        object_id=this_round.id,
        name=this_round.week,
        before=before,
        after=after,
    )
