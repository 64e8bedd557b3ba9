"""Mail about accounts."""

from collections.abc import Callable

import pytest
from flask import Flask

from tests import factories
from webapp.access import Role
from webapp.accounts import emails
from webapp.accounts.models import AccountInvite, User
from webapp.db import db
from webapp.i18n import LANGUAGES
from webapp.mail.render import Mail


def an_invite(user: User) -> AccountInvite:
    """An invitation to somebody's address, in their language."""
    row = AccountInvite(
        institution=user.institution,
        email=user.email,
        name="Mai",
        role=Role.LECTURER,
        language=user.language,
        invited_at=factories.AT,
    )
    db.session.add(row)
    db.session.flush()
    return row


MAILS: dict[str, Callable[[User], Mail]] = {
    "confirm": lambda user: emails.confirm(user, 72),
    "known_address": emails.known_address,
    "reset": lambda user: emails.reset(user, 60),
    "password_changed": emails.password_changed,
    "somebody_waits": lambda user: emails.somebody_waits(user, user),
    "verified": emails.verified,
    "refused": lambda user: emails.refused(user, "Nobody of this name <works> here."),
    "account_invited": lambda user: emails.account_invited(an_invite(user), user),
    "account_reminded": lambda user: emails.account_reminded(an_invite(user)),
    "office_yours": lambda user: emails.office_yours(user, user),
    "office_empty": lambda user: emails.office_empty(user, user),
    "role_changed": emails.role_changed,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", list(MAILS))
def test_every_mail_says_the_same_in_text_and_html_and_leads_back(context: Flask, name: str, language: str) -> None:
    user = factories.user(at=factories.institution(), language=language)
    mail = MAILS[name](user)
    assert (mail.to_address, mail.subject.strip() != "") == ("mai@hanu.example", True)
    assert "{" not in mail.subject + mail.text
    links = [word for word in mail.text.split() if word.startswith("http://localhost/")]
    assert links
    assert all(link in mail.html for link in links)
    assert f'lang="{language}' in mail.html


@pytest.mark.parametrize("name", ["confirm", "known_address", "reset"])
def test_mail_a_stranger_can_cause_does_not_repeat_what_the_stranger_wrote(context: Flask, name: str) -> None:
    user = factories.user(at=factories.institution(), name="Win a million now")
    mail = MAILS[name](user)
    assert "million" not in mail.subject + mail.text + mail.html


@pytest.mark.parametrize("name", ["account_invited", "account_reminded"])
def test_who_has_no_account_is_not_told_that_there_is_one(context: Flask, name: str) -> None:
    mail = MAILS[name](factories.user(at=factories.institution()))
    for text in (mail.text, mail.html):
        assert "because an office of your institution entered your address." in text
        assert "there is an account with your address" not in text


def test_the_reason_of_a_refusal_is_shown_as_it_was_written(context: Flask) -> None:
    mail = MAILS["refused"](factories.user(at=factories.institution()))
    assert "Nobody of this name <works> here." in mail.text
    assert "Nobody of this name &lt;works&gt; here." in mail.html


def test_a_coordinator_without_institution_is_announced_too(context: Flask) -> None:
    user = factories.user("kim@network.example", Role.COORDINATOR)
    assert "signed up as Coordinator." in emails.somebody_waits(user, user).text
    assert "verified" in emails.verified(user).text
