"""People who never came: what hangs on their accounts, and how all we know about them goes again."""

from collections.abc import Collection, Iterable
from datetime import datetime

import sqlalchemy as sa

from webapp.access import Role
from webapp.accounts import queries, rules, throttle
from webapp.accounts.models import AccountInvite, User
from webapp.accounts.refusals import keep_mark
from webapp.audit import log
from webapp.db import Model, db
from webapp.mail.recall import forget_address
from webapp.profiles.models import CourseProfile


def spoken_of(model: type[Model], ids: Collection[int], *but: str) -> set[int]:
    """Tell which rows others speak of that do not go with them.

    Parameters
    ----------
    model
        Table of the rows.
    ids
        Their numbers.
    but
        Columns that do not count: table and name, with a dot between them.
    """
    own = sa.inspect(model).local_table
    columns = [
        column
        for table in Model.metadata.sorted_tables
        for column in table.columns
        for key in column.foreign_keys
        if key.column.table is own and key.ondelete not in ("CASCADE", "SET NULL") and str(column) not in but
    ]
    asked = sa.union_all(*(sa.select(column.label("id")).where(column.in_(ids)) for column in columns)).subquery()
    return set(db.session.scalars(sa.select(asked.c.id).distinct()))


def without_trace(people: Iterable[User], courses_that_go: Collection[int]) -> list[User]:
    """Choose the accounts nobody ever came to, and of which nothing is left once some courses (ids) have gone.

    An account whose sessions were ended before is not among them: its number must not be given to anybody else.
    """
    lonely = [one for one in people if one.confirmed_at is None and one.closed_at is None and one.session_version == 1]
    ids = {one.id for one in lonely}
    left = sa.select(CourseProfile.lecturer_id).where(
        CourseProfile.lecturer_id.in_(ids), CourseProfile.id.not_in(courses_that_go)
    )
    used = set(db.session.scalars(left)) | spoken_of(User, ids, "course_profiles.lecturer_id")
    return [one for one in lonely if one.id not in used]


def forget(email: str, now: datetime) -> None:
    """Delete what is kept about an address whose owner never came: drafts, account, invitations, mail, name in the log.

    An account somebody uses stays as it is; only invitations to its address go. An account others speak of, or whose
    number was known to a browser, is closed and emptied instead.
    """
    user = queries.by_email(email)
    invites = sa.delete(AccountInvite).where(AccountInvite.email == email, AccountInvite.used_at.is_(None))
    db.session.execute(invites)
    if user is not None and user.is_active:
        return
    throttle.forget(email)
    forget_address(email)
    if user is None:
        log.forget_address(email)
        return
    courses = {one.id: one for one in db.session.scalars(sa.select(CourseProfile).filter_by(lecturer_id=user.id))}
    for course_id in courses.keys() - spoken_of(CourseProfile, courses):
        db.session.delete(courses[course_id])
    db.session.flush()
    if without_trace([user], ()):
        log.forget_person(user.id, email)
        db.session.delete(user)
    else:
        rules.forget_person(user, now)
    db.session.flush()


def decline(row: AccountInvite, now: datetime) -> None:
    """Delete what an office told us about somebody who does not want it, and remember not to write again.

    The log tells their institution that somebody asked, and not who.
    """
    institution, email, before = row.institution, row.email, {"role": row.role, "invited_at": row.invited_at}
    forget(email, now)
    mark = AccountInvite(institution_id=institution.id, email=email, role=Role.LECTURER)
    keep_mark(mark, now)
    db.session.execute(
        sa.delete(AccountInvite).where(
            AccountInvite.institution_id == institution.id, AccountInvite.email == mark.email
        )
    )
    db.session.add(mark)
    log.note(
        "accounts.decline_invite",
        actor_id=None,
        now=now,
        kind="account_invites",
        institution_id=institution.id,
        before=before,
    )


def forget_before(instant: datetime, now: datetime) -> int:
    """Forget who was invited, signed up or was refused before an instant and never came; tell how many.

    Whoever was invited again since, or has a course an office imported since, still has time.
    """
    invited = sa.select(AccountInvite.email).where(AccountInvite.used_at.is_(None))
    lately = sa.union(
        invited.where(AccountInvite.invited_at >= instant),
        sa.select(User.email)
        .join(CourseProfile, CourseProfile.lecturer_id == User.id)
        .where(CourseProfile.updated_at >= instant),
    )
    never = sa.and_(User.confirmed_at.is_(None), User.closed_at.is_(None), User.created_at < instant)
    refused = sa.and_(User.closed_at < instant, User.email.not_like("closed-%@causeway.invalid"))
    waits = invited.where(AccountInvite.invited_at < instant)
    found = sa.union(sa.select(User.email).where(sa.or_(never, refused)), waits).subquery()
    emails = sorted(db.session.scalars(sa.select(found.c.email).where(found.c.email.not_in(lately))))
    for email in emails:
        forget(email, now)
    log.forget_strangers(instant, _known)
    return len(emails)


def _known(emails: Collection[str]) -> set[str]:
    """Choose the addresses of people we still know."""
    known = sa.union(
        sa.select(User.email).where(User.email.in_(emails)),
        sa.select(AccountInvite.email).where(AccountInvite.email.in_(emails)),
    )
    return set(db.session.scalars(known))
