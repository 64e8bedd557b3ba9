"""Closing an account: what is under way ends politely, what is the person's goes, what others need stays nameless."""

from datetime import datetime

import sqlalchemy as sa
from flask_babel import gettext as _

from webapp.access import Role
from webapp.accounts import office, throttle
from webapp.accounts import rules as account_rules
from webapp.accounts.models import User
from webapp.conversations.models import ChecklistTick, Meeting, Message
from webapp.db import db
from webapp.errors import NotAllowedError
from webapp.mail.models import OutboxMessage
from webapp.matches.decisions import Limits, move
from webapp.matches.labels import NO_TIME
from webapp.matches.lifecycle import Action
from webapp.own_data import queries
from webapp.profiles import rules as profile_rules
from webapp.profiles.models import CourseState


def leave(user: User, now: datetime, limits: Limits) -> None:
    """Close an account for good, inside the caller's transaction.

    Open matches of a lecturer are withdrawn, so that partners are told and get their alternates. Profile, drafts,
    searches, uploads, browsers and courses nobody met are deleted. Courses that were part of a match stay,
    withdrawn, and so do messages and events, without a name or an address.

    Raises
    ------
    NotAllowedError
        For the last administrator: nobody could verify people any longer.
    """
    if queries.is_last_administrator(user):
        raise NotAllowedError(_("You are the only administrator. Make somebody else one first."))
    if user.role is Role.LECTURER:
        note = _("The lecturer has closed their account.")
        for match in queries.matches_of(user, only_open=True):
            move(match, Action.WITHDRAW, actor=user, now=now, limits=limits, reason=NO_TIME, note=note)
    # An office is never left empty, or without somebody who signs, unless administrators know.
    office.keep_going(user, user.id, now)
    for course in queries.courses_nobody_met(user):
        db.session.delete(course)
    db.session.flush()
    for course in queries.courses_of(user):
        if course.state is not CourseState.WITHDRAWN:
            profile_rules.withdraw(course)
    for model in queries.BY_USER:
        db.session.execute(sa.delete(model).where(model.user_id == user.id))
    for column in (Message.author_id, Meeting.proposed_by_id, ChecklistTick.ticked_by_id):
        db.session.execute(sa.update(column.class_).where(column == user.id).values({column.key: None}))
    db.session.execute(sa.delete(OutboxMessage).where(OutboxMessage.to_address == user.email))
    throttle.forget(user.email)
    account_rules.forget_person(user, now)
