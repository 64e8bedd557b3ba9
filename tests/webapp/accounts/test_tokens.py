"""Signed links."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import pytest
from flask import Flask

from tests import factories
from webapp.accounts.models import User
from webapp.accounts.tokens import BadLinkError, ExpiredLinkError, Purpose, read, sign, unsubscribe_url
from webapp.db import db


@pytest.fixture
def mai(context: Flask) -> User:
    """A lecturer."""
    return factories.user(at=factories.institution())


def now() -> datetime:
    """The present instant: signatures carry the machine's own clock."""
    return datetime.now(UTC)


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_link_leads_back_to_its_person(purpose: Purpose, mai: User) -> None:
    assert read(purpose, sign(purpose, mai), now(), timedelta(hours=1)) is mai


@pytest.mark.parametrize("purpose", list(Purpose))
def test_a_link_is_worth_nothing_for_another_purpose(purpose: Purpose, mai: User) -> None:
    token = sign(purpose, mai)
    for other in set(Purpose) - {purpose}:
        with pytest.raises(BadLinkError):
            read(other, token, now())


@pytest.mark.parametrize("token", ["", "x", "WzEsInh4Il0.aGVsbG8.c2lnbmF0dXJl"])
def test_a_made_up_link_is_worth_nothing(token: str, mai: User) -> None:
    with pytest.raises(BadLinkError):
        read(Purpose.RESET, token, now())


def test_a_link_with_one_letter_changed_is_worth_nothing(mai: User) -> None:
    token = sign(Purpose.RESET, mai)
    changed = ("x" if token[0] != "x" else "y") + token[1:]
    with pytest.raises(BadLinkError):
        read(Purpose.RESET, changed, now())


def test_an_old_link_says_whose_it_is(mai: User) -> None:
    token = sign(Purpose.CONFIRM, mai)
    with pytest.raises(ExpiredLinkError) as caught:
        read(Purpose.CONFIRM, token, now() + timedelta(hours=73), timedelta(hours=72))
    assert caught.value.user is mai


def test_a_reset_link_dies_with_the_old_password(mai: User) -> None:
    token = sign(Purpose.RESET, mai)
    mai.password_hash = "another"
    with pytest.raises(BadLinkError):
        read(Purpose.RESET, token, now())


def test_a_reset_link_dies_when_the_person_signs_out_everywhere(mai: User) -> None:
    token = sign(Purpose.RESET, mai)
    mai.session_version += 1
    with pytest.raises(BadLinkError):
        read(Purpose.RESET, token, now())


def test_an_unsubscribe_link_lives_on_after_a_new_password_and_for_years(mai: User) -> None:
    token = sign(Purpose.UNSUBSCRIBE, mai)
    mai.password_hash = "another"
    mai.session_version += 1
    assert read(Purpose.UNSUBSCRIBE, token, now() + timedelta(days=2000)) is mai


def test_links_of_a_closed_or_deleted_account_are_worth_nothing(mai: User) -> None:
    token = sign(Purpose.UNSUBSCRIBE, mai)
    mai.closed_at = now()
    with pytest.raises(BadLinkError):
        read(Purpose.UNSUBSCRIBE, token, now())
    db.session.delete(mai)
    db.session.flush()
    with pytest.raises(BadLinkError):
        read(Purpose.UNSUBSCRIBE, token, now())


def test_the_unsubscribe_address_is_complete(mai: User) -> None:
    address = urlsplit(unsubscribe_url(mai))
    assert (address.scheme, address.netloc) == ("http", "localhost")
    assert address.path.startswith("/unsubscribe/")
