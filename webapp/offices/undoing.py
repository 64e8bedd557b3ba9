"""Undoing an import of courses of many lecturers: what nobody has touched goes, what somebody has in hand stays."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from webapp.accounts.mail_limits import COURSES_WAIT, key_of
from webapp.accounts.models import AccountInvite, User
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.imports import rules as imports
from webapp.imports.models import ImportFile
from webapp.institutions.models import Institution
from webapp.mail.recall import call_back
from webapp.offices import bulk_log, sent_files, strangers
from webapp.profiles import rules as profile_rules
from webapp.profiles.models import CourseProfile, CourseState, FormDraft


@dataclass(frozen=True)
class Kept:
    """A course that stays as it is, and why."""

    course: CourseProfile
    why: str


@dataclass(frozen=True)
class Undoing:
    """What undoing an import does.

    Parameters
    ----------
    removed
        Drafts it deletes.
    restored
        Drafts it puts back to what they said before.
    kept
        Courses it leaves as they are.
    accounts, invites
        Accounts nobody has come to, and invitations nobody has followed, that go too.
    told
        Lecturers all of whose courses go, so that mail about them need not.
    """

    removed: Sequence[CourseProfile]
    restored: Sequence[tuple[CourseProfile, dict[str, Any]]]
    kept: Sequence[Kept]
    accounts: Sequence[User]
    invites: Sequence[AccountInvite]
    told: Sequence[User]


def plan(file: ImportFile, house: Institution) -> Undoing:
    """Find what undoing an import would do now, in a handful of questions however long the file is."""
    rows = [row for row in file.rows if row.get("made") or row.get("changed")]
    courses = _courses({_id_in(row) for row in rows})
    typed = _typed(courses.values())
    met = strangers.spoken_of(CourseProfile, courses)
    removed: list[CourseProfile] = []
    restored: list[tuple[CourseProfile, dict[str, Any]]] = []
    kept: list[Kept] = []
    for row in rows:
        course = courses.get(_id_in(row))
        if course is None:
            continue
        why = _why_kept(course, row, typed, met)
        if why:
            kept.append(Kept(course, why))
        elif row["made"]:
            removed.append(course)
        else:
            restored.append((course, imports.of_json(row["changed"]["was"])))
    going = {course.id for course in removed}
    told = {course.lecturer.id: course.lecturer for course in removed}
    for one in kept:
        told.pop(one.course.lecturer_id, None)
    new = _emails(rows, "is_new") & {user.email for user in told.values()}
    accounts = strangers.without_trace([user for user in told.values() if user.email in new], going)
    return Undoing(removed, restored, kept, accounts, _invites(rows, house, told.values(), going), [*told.values()])


def _id_in(row: Mapping[str, Any]) -> int:
    return int(row["made"] or row["changed"]["course"])


def _emails(rows: Sequence[Mapping[str, Any]], fact: str) -> set[str]:
    return {row["lecturer"]["email"] for row in rows if row["lecturer"].get(fact)}


def _courses(ids: Collection[int]) -> dict[int, CourseProfile]:
    chosen = sa.select(CourseProfile).where(CourseProfile.id.in_(ids)).options(joinedload(CourseProfile.lecturer))
    return {course.id: course for course in db.session.scalars(chosen.order_by(CourseProfile.id))}


def _typed(courses: Collection[CourseProfile]) -> set[str]:
    forms = [f"course:{course.id}" for course in courses]
    return set(db.session.scalars(sa.select(FormDraft.form).where(FormDraft.form.in_(forms))))


def _why_kept(course: CourseProfile, row: Mapping[str, Any], typed: set[str], met: set[int]) -> str:
    """Say why a course stays; empty when nothing keeps it."""
    version = 1 if row["made"] else row["changed"]["version"]
    if course.state is not CourseState.DRAFT or course.id in met:
        return str(_("The lecturer has published or withdrawn it."))
    if f"course:{course.id}" in typed:
        return str(_("The lecturer is working on it."))
    if course.version != version:
        return str(_("It has changed since."))
    if row["made"] and row["lecturer"].get("is_awaited") and course.lecturer.is_active:
        return str(_("The lecturer has begun their account."))
    return ""


def _invites(
    rows: Sequence[Mapping[str, Any]], house: Institution, lecturers: Collection[User], going: Collection[int]
) -> Sequence[AccountInvite]:
    """Find the invitations the import made, of people who have not come and for whom nothing else waits."""
    invited = _emails(rows, "is_invited")
    emails = {user.email: user.id for user in lecturers if user.email in invited and not user.is_active}
    left = sa.select(CourseProfile.lecturer_id).where(
        CourseProfile.lecturer_id.in_(emails.values()), CourseProfile.id.not_in(going)
    )
    waited_for = set(db.session.scalars(left))
    alone = [email for email, user_id in emails.items() if user_id not in waited_for]
    of_house = (AccountInvite.institution_id == house.id, AccountInvite.used_at.is_(None))
    return db.session.scalars(sa.select(AccountInvite).where(*of_house, AccountInvite.email.in_(alone))).all()


def undo(file: ImportFile, house: Institution, office: User, now: datetime) -> Undoing:
    """Take an import back as far as nobody has its courses in hand; who sent the file can import it again then.

    Parameters
    ----------
    office
        Who undoes it: anybody of the office the file was sent for, not only who sent it.

    Raises
    ------
    NotAllowedError
        When the file was sent for another institution.
    WrongStateError
        When the file was not imported, or there is nothing left to undo.
    """
    if not sent_files.may_undo(file, office):
        raise NotAllowedError()
    if file.imported_at is None:
        raise WrongStateError(_("This file was not imported, or its import was undone already."))
    what = plan(file, house)
    if not what.removed and not what.restored:
        raise WrongStateError(_("Nothing of this import can be undone any more: all of it is in the lecturers’ hands."))
    removed = bulk_log.titles(what.removed)
    kept = bulk_log.titles([one.course for one in what.kept])
    restored = [_restore(course, was, now) for course, was in what.restored]
    n_mails = sum(
        call_back([key_of(COURSES_WAIT, house.id, file.user_id, file.id, user.id, "")], user.email)
        for user in what.told
    )
    bulk_log.log_undo(
        file,
        office,
        now,
        removed=removed,
        kept=kept,
        restored=restored,
        accounts=[user.email for user in what.accounts],
        n_mails=n_mails,
    )
    for rows in (what.removed, what.invites, what.accounts):
        for row in rows:
            db.session.delete(row)
        db.session.flush()
    file.rows = [{**row, "made": None, "changed": None} for row in file.rows]
    file.imported_at = None
    return what


def _restore(course: CourseProfile, was: Mapping[str, Any], now: datetime) -> tuple[dict[str, Any], dict[str, Any]]:
    saved = profile_rules.values_of(course)
    profile_rules.save(course, was, now)
    return bulk_log.difference(saved, was)
