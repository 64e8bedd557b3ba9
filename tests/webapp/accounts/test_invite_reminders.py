"""One reminder for each invitation nobody has followed, and a way out in every mail."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests import factories
from tests.factories import AT
from webapp.access import Role
from webapp.accounts import invite_reminders, invites
from webapp.accounts.models import AccountInvite
from webapp.db import db
from webapp.jobs import run_invitations
from webapp.mail.models import OutboxMessage

WEEK = timedelta(days=7)


@pytest.fixture
def invite(context: Flask) -> AccountInvite:
    """Somebody of Hanoi, invited by its office."""
    office = factories.user("lan@hanu.example", Role.OFFICE, factories.institution(), name="Lan")
    assert office.institution is not None
    return invites.invite(office.institution, "mai@hanu.example", "Mai", Role.LECTURER, "en", office, AT)


def reminders() -> list[OutboxMessage]:
    """Reminders promised."""
    found = sa.select(OutboxMessage).where(OutboxMessage.key.like("invite-reminder:%"))
    return list(db.session.scalars(found.order_by(OutboxMessage.id)))


def test_who_has_not_come_after_a_week_is_reminded_once(
    context: Flask, settings: Settings, invite: AccountInvite
) -> None:
    assert invite_reminders.remind(AT + WEEK - timedelta(seconds=1)) == 0
    said: list[str] = []
    for days in (7, 8, 12):
        run_invitations(settings, AT + timedelta(days=days), said.append)
    assert said == [f"Reminders of invitations promised: {n}." for n in (1, 0, 0)]
    (mail,) = reminders()
    assert mail.subject == "Hanoi University still waits for you on Causeway"
    for text in (mail.text, mail.html):
        assert "/invitation/" in text
        assert "/not-me" in text
        assert "The link works until Mon, 7 Dec 2026." in text
        assert "there is an account with your address" not in text


def test_who_is_invited_once_more_is_reminded_once_more(context: Flask, invite: AccountInvite) -> None:
    invite_reminders.remind(AT + WEEK)
    assert invite.invited_by is not None
    invites.send_again(invite, invite.invited_by, AT + WEEK)
    assert [invite_reminders.remind(AT + days * timedelta(days=1)) for days in (10, 14, 15)] == [0, 1, 0]


def test_nobody_is_reminded_of_a_link_that_ends_tomorrow_or_was_followed(context: Flask, invite: AccountInvite) -> None:
    assert invite_reminders.remind(AT + timedelta(days=13)) == 0
    invites.accept(invite, "Mai", "!", "en", AT + timedelta(days=1))
    assert invite_reminders.remind(AT + WEEK) == 0


def test_who_has_an_account_elsewhere_is_left_in_peace(context: Flask, invite: AccountInvite) -> None:
    factories.user("mai@hanu.example", at=factories.institution("Lisbon", "PT"))
    assert invite_reminders.remind(AT + WEEK) == 0


def test_a_withdrawn_invitation_takes_its_reminder_along(context: Flask, invite: AccountInvite) -> None:
    invite_reminders.remind(AT + WEEK)
    assert invite.invited_by is not None
    invites.withdraw(invite, invite.invited_by, AT + WEEK)
    assert reminders() == []
