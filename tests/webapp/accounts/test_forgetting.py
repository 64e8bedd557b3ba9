"""What about people is forgotten after a while."""

from datetime import timedelta

import sqlalchemy as sa
from flask import Flask

from tests import factories
from webapp.access import Role
from webapp.accounts import institution_requests, invites
from webapp.accounts.models import AccountInvite
from webapp.db import db
from webapp.institutions.models import InstitutionRequest


def test_old_invitations_are_forgotten(context: Flask) -> None:
    hanoi = factories.institution()
    for days, email in ((181, "old@hanu.example"), (179, "new@hanu.example")):
        at = factories.AT - timedelta(days=days)
        db.session.add(
            AccountInvite(institution_id=hanoi.id, email=email, role=Role.LECTURER, invited_at=at, used_at=at)
        )
    db.session.flush()
    assert invites.forget_before(factories.AT - invites.KEPT_FOR) == 1
    assert db.session.scalars(sa.select(AccountInvite.email)).all() == ["new@hanu.example"]


def test_requests_are_forgotten_a_year_after_the_answer(context: Flask) -> None:
    for name, decided_at in (("Old", factories.AT - timedelta(days=366)), ("New", factories.AT), ("Waits", None)):
        db.session.add(
            InstitutionRequest(
                name=name, country="TH", email="noi@a.example", asked_at=factories.AT, decided_at=decided_at
            )
        )
    db.session.flush()
    assert institution_requests.forget_before(factories.AT - institution_requests.KEPT_FOR) == 1
    assert set(db.session.scalars(sa.select(InstitutionRequest.name))) == {"New", "Waits"}
