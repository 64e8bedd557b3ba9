"""Lecturers an import makes known: an account nobody can use yet, the invitation behind its link, and the mail."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

import sqlalchemy as sa
from flask import url_for
from flask_babel import gettext as _

from webapp.access import Role
from webapp.accounts import emails, invite_links, invites, mail_limits
from webapp.accounts.mail_limits import COURSES_WAIT, Places
from webapp.accounts.models import AccountInvite, User
from webapp.accounts.refusals import asked_not_to
from webapp.db import db
from webapp.imports import queries
from webapp.imports.models import ImportFile
from webapp.imports.rules import Courses
from webapp.institutions.models import Institution
from webapp.mail.outbox import promise
from webapp.mail.queries import times_of as times_by_key
from webapp.mail.render import Mail, render
from webapp.offices.bulk import People, composed
from webapp.profiles.models import CourseProfile

NO_PASSWORD = "!"  # noqa: S105 - no password has this hash


def people_of(emails: Iterable[str]) -> People:
    """Find accounts by mail address."""
    found = sa.select(User).where(User.email.in_(set(emails)))
    return {user.email: user for user in db.session.scalars(found)}


def courses_of(house: Institution, people: People, rows: Iterable[tuple[str, str]]) -> Courses:
    """Find the courses of a house that rows speak of, by their composed keys; those of other houses stay unseen."""
    named = [(email, key) for email, key in rows if email in people]
    found = queries.of_lecturers((people[email].id for email, _key in named), (key for _email, key in named))
    return {
        composed(email, key): found[people[email].id, key]
        for email, key in named
        if (people[email].id, key) in found and found[people[email].id, key].institution_id == house.id
    }  # fmt: skip


def account_for(name: str, email: str, house: Institution, office: User, now: datetime) -> User:
    """Make the account of a lecturer who has yet to follow the link; nobody can sign in with it before.

    An account that nobody ever confirmed, or that was closed, becomes this one: links of earlier attempts lose
    their worth.
    """
    user = db.session.scalar(sa.select(User).where(User.email == email))
    if user is None:
        user = User(email=email, created_at=now, session_version=1)
        db.session.add(user)
    else:
        user.session_version += 1
    user.confirmed_at = user.verified_at = user.closed_at = None
    user.name, user.role, user.institution, user.password_hash = name, Role.LECTURER, house, NO_PASSWORD
    user.time_zone, user.language = house.time_zone, office.language
    db.session.flush()
    return user


def hindrance(file: ImportFile, people: People, house: Institution) -> str:
    """Say why we may not write to the people of the chosen rows; empty when we may.

    Some may have asked us not to since the file was read, or more invitations would wait than an institution may have.
    """
    new = {row["lecturer"]["email"] for row in file.rows if row["chosen"]}
    if not_again := asked_not_to(new):
        names = ", ".join(sorted(not_again)[:5]) + ("…" if len(not_again) > 5 else "")
        text = _("Nothing was saved: some people asked us not to write to them (%(names)s). Send the file again.",
                 names=names)  # fmt: skip
        return str(text)
    new -= {email for email, user in people.items() if user.is_active}
    waiting = invites.waiting_addresses(house.id)
    room = max(0, invites.MOST_WAITING - len(waiting))
    if len(new - waiting) <= room:
        return ""
    return str(
        _(
            "Nothing was saved: %(n)d people of this file are new here, and the institution may invite %(room)d more "
            "now. Choose fewer rows, or withdraw invitations nobody will follow.",
            n=len(new - waiting),
            room=room,
        )
    )


def invitation_for(user: User, house: Institution, office: User, at: datetime) -> tuple[AccountInvite, bool]:
    """Make, or renew, the invitation a lecturer follows to begin their account; flushed.

    Its life begins when the mail goes.

    Returns
    -------
    invite, is_new
        The invitation, and whether there was none before.
    """
    found = sa.select(AccountInvite).where(AccountInvite.institution_id == house.id, AccountInvite.email == user.email)
    invite = db.session.scalar(found)
    is_new = invite is None
    if invite is None:
        invite = AccountInvite(institution_id=house.id, email=user.email)
        db.session.add(invite)
    invite.institution, invite.name, invite.role, invite.language = house, user.name, Role.LECTURER, user.language
    invite.invited_by_id, invite.invited_at, invite.used_at = office.id, at, None
    db.session.flush()
    return invite, is_new


def tell(
    file: ImportFile, made: Mapping[User, Sequence[CourseProfile]], office: User, house: Institution, now: datetime
) -> set[str]:
    """Write to every lecturer which courses wait for them, and invite those who are new.

    What is over the hour's limit goes later.

    Returns
    -------
    set
        Addresses that had no invitation before.

    Raises
    ------
    NotAllowedError
        When too much mail waits to go already.
    """
    invited: set[str] = set()
    places = Places(house.id, office.id, now)
    for user, courses in made.items():
        at = places.next()
        invite = None
        if not user.is_active:
            invite, is_new = invitation_for(user, house, office, at)
            invited |= {user.email} if is_new else set()
        mail = courses_wait(user, courses, office, house, invite)
        key = places.key(COURSES_WAIT, file.id, user.id, now.isoformat())
        promise(key, mail, now, not_before=mail_limits.spared(user.email, at, now))
    return invited


def times_of(file: ImportFile, house: Institution) -> list[datetime]:
    """List when the mail about an import went or goes."""
    if file.imported_at is None:
        return []
    beginning = mail_limits.key_of(COURSES_WAIT, house.id, file.user_id, file.id, "")
    return sorted(at for _key, at in times_by_key((beginning,), file.imported_at))


def courses_wait(
    user: User, courses: Sequence[CourseProfile], office: User, house: Institution, invite: AccountInvite | None
) -> Mail:
    """Say which drafts an office made for a lecturer, and that nothing is public before they publish."""
    link = (
        url_for("profiles.index", _external=True)
        if invite is None
        else url_for("accounts.invitation", token=invite_links.token(invite), _external=True)
    )
    return render(
        "courses_wait",
        user.email,
        user.language_of_mail,
        user=user,
        titles=[course.title for course in courses],
        office=office,
        house=house,
        is_new=invite is not None,
        days=invite_links.LIFE.days,
        not_me=invite and emails.not_me_link(invite),
        link=link,
    )
