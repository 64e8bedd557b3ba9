"""Finding matches, with everything a page shows of them loaded at once."""

from collections import Counter
from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import aliased, joinedload, selectinload
from sqlalchemy.orm.interfaces import ORMOption

from webapp.accounts.models import User
from webapp.db import db
from webapp.institutions.models import Institution
from webapp.mail.models import OutboxMessage
from webapp.matches.approval_conditions import belongs, is_awaited
from webapp.matches.lifecycle import OPEN_STATES, State
from webapp.matches.models import Alternate, Match, MatchEvent
from webapp.profiles.models import CourseProfile

UNDECIDED_STATES = frozenset({State.PROPOSED, State.ACCEPTED})
RUNNING_STATES = frozenset({State.APPROVED, State.ACTIVE})
PAST_STATES = frozenset(State) - OPEN_STATES


def loaded() -> tuple[ORMOption, ...]:
    """What lists and pages show of a match: both courses with institution and lecturer, and its events."""
    sides = (joinedload(Match.course_a), joinedload(Match.course_b))
    return (
        *(side.joinedload(CourseProfile.institution) for side in sides),
        *(side.joinedload(CourseProfile.lecturer) for side in sides),
        selectinload(Match.events).joinedload(MatchEvent.actor),
    )


def by_id(match_id: int, *, hold: bool = False) -> Match | None:
    """Find one match with both courses, lecturers, institutions and events; None when there is none.

    Parameters
    ----------
    match_id
        Its id.
    hold
        Whether nobody else may change it until the transaction ends: who comes at the same moment waits, and then
        sees what was done. On SQLite every writing transaction holds everything anyway.
    """
    found = sa.select(Match).where(Match.id == match_id).options(*loaded())
    if hold:
        found = found.with_for_update(of=Match, key_share=True).execution_options(populate_existing=True)
    return db.session.scalar(found)


def waiting_for(user: User) -> list[Match]:
    """Find the matches that wait for this person's answer, the most urgent first.

    A lecturer is awaited while a proposed match lacks their acceptance; a person of an office while an accepted
    one lacks the step of its approval that they can take. Empty for everyone else.
    """
    found = sa.select(Match).where(is_awaited(user)).order_by(Match.respond_by, Match.id).options(*loaded())
    return list(db.session.scalars(found))


def of_person(user: User, states: Collection[State] = frozenset(State)) -> sa.Select[Match]:
    """Select a lecturer's matches, or those of an office's institution, that do not wait for this person.

    Parameters
    ----------
    user
        A lecturer or an office user.
    states
        Only matches in these states.

    Returns
    -------
    Select
        Newest change first; for ``db.paginate`` or ``db.session.scalars``.
    """
    return (
        sa.select(Match)
        .where(
            Match.state.in_(states),
            sa.or_(belongs(Match.course_a_id, user), belongs(Match.course_b_id, user)),
            ~is_awaited(user),
        )
        .order_by(Match.changed_at.desc(), Match.id.desc())
        .options(*loaded())
    )


def listed(found: sa.Select[Match]) -> list[Match]:
    """Give all matches of a selection, for groups that stay short."""
    return list(db.session.scalars(found))


def of_lecturer(user: User) -> list[Match]:
    """Find all matches of a lecturer's courses, newest change first."""
    mine = sa.or_(belongs(Match.course_a_id, user), belongs(Match.course_b_id, user))
    found = sa.select(Match).where(mine).order_by(Match.changed_at.desc(), Match.id.desc()).options(*loaded())
    return list(db.session.scalars(found))


def in_round(
    round_id: int,
    *,
    state: State | None = None,
    country: str | None = None,
    institution_id: int | None = None,
    text: str = "",
    within: sa.Select[int] | None = None,
) -> sa.Select[Match]:
    """Select a round's matches for a coordinator, best score first; for ``db.paginate``.

    Parameters
    ----------
    round_id
        The round; its later alternates are included.
    state
        Only matches in this state.
    country
        Only matches with a side in this country (ISO 3166-1 alpha-2).
    institution_id
        Only matches with a side at this institution.
    text
        Only matches whose course title or institution contains this text, in any case.
    within
        Only matches with a side among these courses (ids).
    """
    a, b = aliased(CourseProfile), aliased(CourseProfile)
    at_a, at_b = aliased(Institution), aliased(Institution)
    found = (
        sa.select(Match)
        .join(a, Match.course_a_id == a.id)
        .join(b, Match.course_b_id == b.id)
        .join(at_a, a.institution_id == at_a.id)
        .join(at_b, b.institution_id == at_b.id)
        .where(Match.round_id == round_id)
    )
    if within is not None:
        found = found.where(sa.or_(a.id.in_(within), b.id.in_(within)))
    if state is not None:
        found = found.where(Match.state == state)
    if country:
        found = found.where(sa.or_(at_a.country == country, at_b.country == country))
    if institution_id is not None:
        found = found.where(sa.or_(at_a.id == institution_id, at_b.id == institution_id))
    if text.strip():
        columns = (a.title, b.title, at_a.name, at_b.name)
        found = found.where(sa.or_(*(column.icontains(text.strip(), autoescape=True) for column in columns)))
    return found.order_by(Match.score.desc(), Match.id).options(*loaded())


def tried_pairs() -> set[frozenset[int]]:
    """Tell which pairs of courses (ids) have ever been proposed to each other, whatever came of it.

    A proposal that was taken back before anybody answered counts as never made.
    """
    rows = db.session.execute(sa.select(Match.course_a_id, Match.course_b_id).where(Match.state != State.TAKEN_BACK))
    return {frozenset(pair) for pair in rows.tuples()}


def open_counts(ids: Collection[int] | None = None) -> Counter[int]:
    """Count, for each course (of these ids, or of all), the matches that take up one of its places; 0 for none."""
    found = sa.select(Match.course_a_id, Match.course_b_id).where(Match.state.in_(OPEN_STATES))
    if ids is not None:
        found = found.where(sa.or_(Match.course_a_id.in_(ids), Match.course_b_id.in_(ids)))
    rows = db.session.execute(found)
    return Counter(course_id for pair in rows.tuples() for course_id in pair)


def alternates_of(course_id: int) -> list[Alternate]:
    """Find the possible partners of a course that published rounds kept, the first choice first.

    Returns
    -------
    list of Alternate
        Those kept for the course, of the newest round first and of each round the best first; then those where
        the course was kept for another one, best score first: courses a round left out wait in vain otherwise.
    """
    # A bare table: matches know nothing of rounds, but a draft's alternates are nobody's business yet.
    rounds = sa.table("rounds", sa.column("id"), sa.column("state"))
    is_published = Alternate.round_id.in_(sa.select(rounds.c.id).where(rounds.c.state == "published"))
    own = sa.select(Alternate).where(Alternate.course_id == course_id, is_published)
    own = own.order_by(Alternate.round_id.desc(), Alternate.rank, Alternate.partner_id)
    others = sa.select(Alternate).where(Alternate.partner_id == course_id, is_published)
    others = others.order_by(Alternate.round_id.desc(), Alternate.score.desc(), Alternate.course_id)
    with_people = [
        joinedload(end).options(joinedload(CourseProfile.institution), joinedload(CourseProfile.lecturer))
        for end in (Alternate.course, Alternate.partner)
    ]
    return [row for found in (own, others) for row in db.session.scalars(found.options(*with_people))]


def partners_tried(course_id: int) -> set[int]:
    """Tell which courses (ids) have ever been proposed to a course, as `tried_pairs` counts it."""
    rows = db.session.execute(
        sa.select(Match.course_a_id, Match.course_b_id).where(
            sa.or_(Match.course_a_id == course_id, Match.course_b_id == course_id),
            Match.state != State.TAKEN_BACK,
        )
    )
    return {partner for pair in rows.tuples() for partner in pair} - {course_id}


def taken_back(a_id: int, b_id: int) -> Match | None:
    """Find the match of two courses (side A first) that was taken back, with its events; None when there is none."""
    return db.session.scalar(
        sa.select(Match)
        .where(Match.course_a_id == a_id, Match.course_b_id == b_id, Match.state == State.TAKEN_BACK)
        .options(*loaded())
    )


def n_open(course_id: int) -> int:
    """Count the matches that take up one of a course's places."""
    found = sa.select(sa.func.count()).where(
        sa.or_(Match.course_a_id == course_id, Match.course_b_id == course_id), Match.state.in_(OPEN_STATES)
    )
    return db.session.scalar(found.select_from(Match)) or 0


def n_open_of_lecturer(user_id: int) -> int:
    """Count the open matches of all courses of a lecturer."""
    return open_counts_of_lecturers([user_id])[user_id]


def open_counts_of_lecturers(user_ids: Collection[int]) -> Counter[int]:
    """Count, for each of these lecturers (id), the open matches over all their courses."""
    rows = db.session.execute(
        sa.select(CourseProfile.lecturer_id, sa.func.count(Match.id))
        .join(Match, sa.or_(Match.course_a_id == CourseProfile.id, Match.course_b_id == CourseProfile.id))
        .where(CourseProfile.lecturer_id.in_(user_ids), Match.state.in_(OPEN_STATES))
        .group_by(CourseProfile.lecturer_id)
    )
    return Counter(dict(rows.tuples().all()))


def n_open_invitations(user_id: int) -> int:
    """Count the invitations a lecturer has sent that still wait for their answer."""
    found = sa.select(sa.func.count(Match.id)).where(Match.invited_by_id == user_id, Match.state == State.PROPOSED)
    return db.session.scalar(found) or 0


def lock_courses(ids: Collection[int]) -> None:
    """Keep others from taking places of these courses, and of all others of their lecturers, until the transaction
    ends (SQLite has one writer anyway)."""
    lecturers = sa.select(CourseProfile.lecturer_id).where(CourseProfile.id.in_(ids))
    ordered = sa.select(CourseProfile.id).where(CourseProfile.lecturer_id.in_(lecturers)).order_by(CourseProfile.id)
    db.session.execute(ordered.with_for_update()).all()


def proposed_at(round_id: int) -> datetime | None:
    """Tell when a round proposed its matches; None when it proposed none."""
    return db.session.scalar(
        sa.select(sa.func.min(Match.proposed_at)).where(Match.round_id == round_id, Match.is_alternate.is_(False))
    )


def under_the_clock(now: datetime) -> list[Match]:
    """Find the matches whose time to answer is over, and all that wait for their first or last day, by id."""
    found = (
        sa.select(Match)
        .where(
            sa.or_(
                sa.and_(Match.state.in_(UNDECIDED_STATES), Match.respond_by <= now),
                Match.state.in_(RUNNING_STATES),
            )
        )
        .order_by(Match.id)
        .options(*loaded())
    )
    return list(db.session.scalars(found))


def waiting_for_offices() -> list[Match]:
    """Find the matches both lecturers accepted and not both institutions have approved, by id."""
    found = sa.select(Match).where(Match.state == State.ACCEPTED)
    return list(db.session.scalars(found.order_by(Match.id).options(*loaded())))


def awaited(now: datetime) -> list[Match]:
    """Find the matches that wait for an answer and have time left, by id."""
    found = sa.select(Match).where(Match.state.in_(UNDECIDED_STATES), Match.respond_by > now)
    return list(db.session.scalars(found.order_by(Match.id).options(*loaded())))


def reminders_promised(since: datetime) -> set[str]:
    """Give the keys of the reminders promised since an instant, each without the receiver at its end."""
    found = sa.select(OutboxMessage.key).where(
        OutboxMessage.promised_at >= since, OutboxMessage.key.like("match:%:remind:%")
    )
    return {key[: key.rindex(":") + 1] for key in db.session.scalars(found)}
