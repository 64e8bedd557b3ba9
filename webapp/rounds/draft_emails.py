"""Mail about rounds: a draft waits, or a published round was taken back."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask import url_for
from flask_babel import force_locale

from webapp.access import Role
from webapp.accounts import queries as accounts
from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.mail.outbox import promise
from webapp.mail.render import Mail, render
from webapp.matches.lifecycle import Side
from webapp.matches.models import Match
from webapp.rounds import wording
from webapp.rounds.models import Round

MOST_LINES = 20
"""Longest list of proposals in one mail."""


def promise_to_coordinators(this_round: Round, now: datetime) -> int:
    """Tell every coordinator of all once that a draft waits for them."""
    people = [user for user in accounts.coordinators() if scope.is_of_all(user)]
    return sum(promise(f"round:{this_round.id}:waits:{user.id}", waits(user, this_round), now) for user in people)


def waits(user: User, this_round: Round) -> Mail:
    """Write that the week's round is a draft and waits to be published."""
    link = url_for("rounds.show", round_id=this_round.id, _external=True)
    return render("round_waits", user.email, user.language_of_mail, user=user, round=this_round, link=link)


def promise_taken_back(
    this_round: Round, matches: Sequence[Match], people: Iterable[User], actor: User, now: datetime
) -> set[int]:
    """Tell offices and coordinators that proposals they had read of in their digest were taken back.

    Lecturers hear of it match by match, see `webapp.matches.emails`.

    Parameters
    ----------
    this_round, matches
        The round, and what it had proposed.
    people
        Whose digest was sent.
    actor
        Who took it back; needs no mail.
    now
        The instant (aware).

    Returns
    -------
    set of int
        Ids of the people who are written to.
    """
    told = set()
    for user in people:
        if user.role not in (Role.OFFICE, Role.COORDINATOR):
            continue
        its = [match for match in matches if _concerns(match, user)]
        if its and user.is_active and user.id != actor.id:
            mail = taken_back(user, this_round, its, actor)
            if promise(f"round:{this_round.id}:taken_back:{user.id}", mail, now):
                told.add(user.id)
    return told


def _concerns(match: Match, user: User) -> bool:
    """Whether a match stood in the digest of an office or a coordinator."""
    places = [match.course(side).institution for side in Side]
    if user.role is Role.OFFICE:
        return any(place.id == user.institution_id for place in places)
    return any(scope.covers(user, place) for place in places)


def taken_back(user: User, this_round: Round, matches: Sequence[Match], actor: User) -> Mail:
    """Write that a round was taken back: to an office with its proposals, to a coordinator how many there were."""
    with force_locale(user.language_of_mail):
        lines = [
            (wording.pair(match), url_for("matches.show", match_id=match.id, _external=True))
            for match in matches[:MOST_LINES]
        ]
    return render(
        "round_taken_back",
        user.email,
        user.language_of_mail,
        user=user,
        round=this_round,
        actor=actor,
        is_office=user.role is Role.OFFICE,
        lines=lines,
        n=len(matches),
        n_more=len(matches) - len(lines),
        link=url_for("rounds.show", round_id=this_round.id, _external=True),
    )
