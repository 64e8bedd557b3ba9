"""The weekly digest: who gets one. Promised in the round's own transaction, once for each person and week."""

from collections.abc import Sequence
from datetime import datetime

from webapp.access import Role
from webapp.accounts.models import User
from webapp.mail.outbox import promise
from webapp.matches.models import Match
from webapp.rounds import emails, queries
from webapp.rounds.models import LeftOut, Round
from webapp.rounds.news import News, PersonalNews, RoundNews, gather


def promise_all(
    this_round: Round, new: Sequence[Match], left_out: Sequence[LeftOut], before: Round | None, now: datetime
) -> int:
    """Promise a digest to everybody there is something to tell; no news, no mail.

    Parameters
    ----------
    this_round
        The round, flushed.
    new
        Its matches, flushed.
    left_out
        Courses it found no partner for.
    before
        The round before, from which on news is new; None for the first one.
    now
        The instant (aware).

    Returns
    -------
    int
        How many were promised.
    """
    news = gather(
        this_round,
        new,
        left_out,
        queries.awaited_matches(),
        queries.expired_since(before.published_at) if before and before.published_at else (),
        queries.left_out_codes(before.id) if before else {},
    )
    n_promised = 0
    for user in queries.digest_readers():
        its = for_person(user, news)
        if its is not None and its.is_worth_a_mail:
            n_promised += promise(f"digest:{this_round.week}:{user.id}", emails.digest(user, this_round, its), now)
    return n_promised


def for_person(user: User, news: News) -> PersonalNews | RoundNews | None:
    """Pick what concerns one person; None when nothing does."""
    if user.role is Role.COORDINATOR:
        return news.coordinators
    if user.role is Role.OFFICE and user.institution_id is not None:
        return news.offices.get(user.institution_id)
    return news.lecturers.get(user.id)
