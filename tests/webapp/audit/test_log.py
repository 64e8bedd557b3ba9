"""Writing the audit log, and taking people out of it."""

from datetime import date

import sqlalchemy as sa
from flask import Flask

from tests import factories
from webapp.access import Role
from webapp.audit.log import FORMER, forget_person, note
from webapp.audit.models import AuditEvent
from webapp.db import db


def test_only_what_changed_is_kept_as_plain_values(context: Flask) -> None:
    before = {"role": Role.OFFICE, "city": "Hanoi", "starts_on": date(2027, 2, 15)}
    after = before | {"role": Role.LECTURER, "starts_on": None}
    event = note("a.b", actor_id=None, now=factories.AT, kind="users", before=before, after=after, name="n" * 300)
    assert (event.before, event.after) == (
        {"role": "office", "starts_on": "2027-02-15"},
        {"role": "lecturer", "starts_on": None},
    )
    assert len(event.object_name) == 200


def test_who_leaves_is_taken_out_wherever_they_stand(context: Flask) -> None:
    mai = factories.user(at=factories.institution())
    facts = {"made": {mai.email: ["Rivers"], "binh@hanu.example": []}, "by_word": [mai.email]}
    note("a.b", actor_id=None, now=factories.AT, kind="users", object_id=mai.id, name="Mai")
    note("a.b", actor_id=None, now=factories.AT, kind="account_invites", object_id=mai.id, name=mai.email)
    note("a.b", actor_id=None, now=factories.AT, kind="matches", object_id=mai.id, name="Rivers", after=facts)
    db.session.flush()
    forget_person(mai.id, mai.email)
    db.session.flush()
    db.session.expire_all()
    rows = db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id)).all()
    assert [row.object_name for row in rows] == ["", "", "Rivers"]
    assert rows[-1].after == {"made": {FORMER: ["Rivers"], "binh@hanu.example": []}, "by_word": [FORMER]}
