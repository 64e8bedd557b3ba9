"""The weekly digest: who gets one. Promised in the round's own transaction, once for each person and week."""

from collections.abc import Callable, Sequence
from datetime import datetime

from webapp.access import Role
from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.db import db
from webapp.mail.outbox import promise
from webapp.mail.render import Mail
from webapp.matches.models import Match
from webapp.rounds import digest_balance, digest_queries, emails, queries
from webapp.rounds.models import DigestIssue, LeftOut, Round
from webapp.rounds.news import STALLED_AFTER, News, Past, PersonalNews, RoundNews, gather

BATCH = 100
"""People whose digests are written before they leave memory."""


def promise_all(
    this_round: Round,
    new: Sequence[Match],
    left_out: Sequence[LeftOut],
    before: Round | None,
    now: datetime,
    say: Callable[[str], None] = lambda _line: None,
) -> int:
    """Promise a digest to everybody there is something to tell; no news, no mail. Each also enters the archive.

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
    say
        Where progress is told.

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
        queries.left_out_codes(before.id) if before else {},
        _past(before, now),
        now,
    )
    ids = digest_queries.reader_ids()
    n_promised = n_done = 0
    for first in range(0, len(ids), BATCH):
        batch = ids[first : first + BATCH]
        made = digest_queries.issues_of_week(batch, this_round.week)
        # Written in one go, not one by one before each question.
        with db.session.no_autoflush:
            for user in digest_queries.people(batch):
                its = for_person(user, news)
                if its is not None and its.is_worth_a_mail:
                    n_promised += _promise(user, this_round, emails.digest(user, its), made.get(user.id), now)
        # What is written is let go: the session holds rows only weakly once they are flushed.
        db.session.flush()
        n_done += len(batch)
        say(f"Digests: {n_done} of {len(ids)} people looked at, {n_promised} promised.")
    return n_promised


def _past(before: Round | None, now: datetime) -> Past:
    since = digest_balance.half_year_of(now)
    return Past(
        before=before,
        expired=queries.expired_since(before.published_at) if before and before.published_at else (),
        silent=digest_queries.silent_since(now - STALLED_AFTER),
        to_verify=digest_queries.to_verify(),
        since=since,
        pairs=digest_queries.pairs_since(since),
        free=digest_queries.left_out_since(since),
    )


def _promise(user: User, this_round: Round, mail: Mail, made: DigestIssue | None, now: datetime) -> bool:
    """Promise one digest and keep it for the archive.

    A person who had a digest of this week already, of a round that was taken back since, gets a second one; the
    archive then keeps the newer.
    """
    if made is not None and made.made_at >= (this_round.published_at or now):
        return False
    key = f"digest:{this_round.week}:{user.id}"
    if not promise(key if made is None else f"{key}:{this_round.id}", mail, now):
        return False
    if made is None:
        made = DigestIssue(user_id=user.id, week=this_round.week)
        db.session.add(made)
    made.subject, made.text, made.html, made.made_at = mail.subject, mail.text, mail.html, now
    return True


def for_person(user: User, news: News) -> PersonalNews | RoundNews | None:
    """Pick what concerns one person; None when nothing does."""
    if user.role is Role.COORDINATOR:
        if scope.is_of_all(user):
            return news.overview(lambda _id: True, is_of_all=True)
        return news.overview(digest_queries.institution_ids(user).__contains__, is_of_all=False)
    if user.role is Role.OFFICE and user.institution_id is not None:
        return news.offices.get(user.institution_id)
    return news.lecturers.get(user.id)
