"""The weekly digest: who gets one, and promising it once for each person and week."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy.exc import SQLAlchemyError

from webapp.access import Role
from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.db import db
from webapp.mail.outbox import promise
from webapp.mail.render import Mail
from webapp.rounds import digest_queries, emails
from webapp.rounds.gathering import published_at
from webapp.rounds.models import DigestIssue, Round
from webapp.rounds.news import News, PersonalNews, RoundNews

log = structlog.get_logger()


@dataclass(frozen=True)
class Letter:
    """One person's digest, written and not yet promised."""

    user_id: int
    mail: Mail


def write(people: Iterable[User], news: News) -> tuple[list[Letter], int]:
    """Write the digests of some people, each in their language; no news, no digest.

    Returns
    -------
    letters : list of Letter
        What was written.
    n_failed : int
        How many could not be written; one that fails keeps nobody else from theirs.
    """
    letters, n_failed = [], 0
    for user in people:
        try:
            its = for_person(user, news)
            if its is not None and its.is_worth_a_mail:
                letters.append(Letter(user.id, emails.digest(user, its)))
        except SQLAlchemyError:
            raise
        except Exception:
            n_failed += 1
            log.exception("digest not written", user_id=user.id, round_id=news.round.id)
    return letters, n_failed


def promise_letters(this_round: Round, letters: Iterable[Letter], wanting: Collection[int], now: datetime) -> int:
    """Promise digests and keep them for the archive, in the caller's transaction; once for each person and round.

    A person who had a digest of this week already, of a round that was taken back since, gets a second one, and the
    archive keeps both.

    Parameters
    ----------
    this_round
        The round; published.
    letters
        What was written.
    wanting
        Ids of the people who want the digest by now.
    now
        The instant (aware); not before the publication.

    Returns
    -------
    int
        How many were promised that had not been before.
    """
    wanted = [letter for letter in letters if letter.user_id in wanting]
    made = digest_queries.issues_of_week([letter.user_id for letter in wanted], this_round.week)
    # Written in one go, not one by one before each question.
    with db.session.no_autoflush:
        n = sum(_promise(letter, this_round, made.get(letter.user_id), now) for letter in wanted)
    db.session.flush()
    return n


def _promise(letter: Letter, this_round: Round, made: DigestIssue | None, now: datetime) -> bool:
    if made is not None and made.made_at >= published_at(this_round):
        return False
    mail, key = letter.mail, f"digest:{this_round.week}:{letter.user_id}"
    if not promise(key if made is None else f"{key}:{this_round.id}", mail, now):
        return False
    db.session.add(
        DigestIssue(
            user_id=letter.user_id,
            week=this_round.week,
            number=1 if made is None else made.number + 1,
            subject=mail.subject,
            text=mail.text,
            html=mail.html,
            made_at=now,
        )
    )
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
