"""Joining, confirming, verifying, new passwords."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from webapp.access import Role
from webapp.accounts import queries, rules
from webapp.accounts.models import User
from webapp.db import db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.institutions.models import Institution
from webapp.mail.models import OutboxMessage

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def hanoi(context: Flask) -> Institution:
    """An institution with a domain."""
    return factories.institution(website_domain="hanu.edu.vn")


def mails() -> list[tuple[str, str]]:
    """What was promised to whom, as (kind, address)."""
    rows = db.session.scalars(sa.select(OutboxMessage).order_by(OutboxMessage.id))
    return [(row.key.partition(":")[0], row.to_address) for row in rows]


def details(at: Institution | None, email: str = "mai@hanu.edu.vn", **fields: Any) -> rules.SignUp:
    """What a lecturer says when signing up."""
    values: dict[str, Any] = {
        "name": "Mai",
        "role": Role.LECTURER,
        "language": "en",
        "time_zone": "Asia/Ho_Chi_Minh",
        "password_hash": "hash",
    }
    return rules.SignUp(email=email, institution=at, **(values | fields))


def join(at: Institution | None, email: str = "mai@hanu.edu.vn", **fields: Any) -> User:
    """Sign up and find the account made."""
    rules.sign_up(details(at, email, **fields), NOW, 72)
    user = queries.by_email(email)
    assert user is not None
    return user


def test_who_signs_up_is_written_to_and_cannot_come_in_yet(hanoi: Institution) -> None:
    user = join(hanoi)
    assert not user.is_active
    assert not user.is_verified
    assert mails() == [("confirm", "mai@hanu.edu.vn")]


def test_an_address_with_an_account_is_told_so_and_nothing_changes(hanoi: Institution) -> None:
    known = factories.user("mai@hanu.edu.vn", at=hanoi, name="The real Mai")
    rules.sign_up(details(hanoi, name="Somebody else", password_hash="stolen"), NOW, 72)
    assert (known.name, known.password_hash) == ("The real Mai", "!")
    assert mails() == [("known-address", "mai@hanu.edu.vn")]


def test_the_newest_sign_up_of_an_unconfirmed_address_counts(hanoi: Institution) -> None:
    first = join(hanoi, password_hash="of a stranger")
    second = join(hanoi, name="The real Mai", password_hash="of the owner")
    assert first is second
    assert (second.name, second.password_hash, second.session_version) == ("The real Mai", "of the owner", 2)


def test_a_closed_account_can_be_opened_again_but_is_not_verified_any_more(hanoi: Institution) -> None:
    closed = factories.user("mai@hanu.edu.vn", at=hanoi, closed_at=NOW)
    join(hanoi)
    assert (closed.closed_at, closed.confirmed_at, closed.verified_at) == (None, None, None)


def test_one_address_is_sent_only_so_much_in_an_hour(hanoi: Institution) -> None:
    for minute in range(rules.MAILS_AN_HOUR + 3):
        rules.sign_up(details(hanoi), NOW + timedelta(minutes=minute), 72)
    assert len(mails()) == rules.MAILS_AN_HOUR
    rules.sign_up(details(hanoi), NOW + timedelta(minutes=90), 72)
    assert len(mails()) == rules.MAILS_AN_HOUR + 1


@pytest.mark.parametrize("email", ["mai@hanu.edu.vn", "mai@staff.hanu.edu.vn"])
def test_a_lecturer_with_an_address_of_the_institution_is_verified_by_confirming(
    hanoi: Institution, email: str
) -> None:
    user = join(hanoi, email)
    assert rules.confirm(user, NOW)
    assert (user.confirmed_at, user.verified_at) == (NOW, NOW)


@pytest.mark.parametrize(
    ("email", "role"),
    [
        ("mai@nothanu.edu.vn", Role.LECTURER),
        ("mai@hanu.edu.vn.example", Role.LECTURER),
        ("mai@mail.example", Role.LECTURER),
        ("office@hanu.edu.vn", Role.OFFICE),
        ("kim@hanu.edu.vn", Role.COORDINATOR),
    ],
)
def test_everybody_else_waits_for_an_administrator(hanoi: Institution, email: str, role: Role) -> None:
    factories.user("root@causeway.example", Role.ADMINISTRATOR)
    user = join(hanoi, email, role=role)
    rules.confirm(user, NOW)
    assert user.is_active
    assert not user.is_verified
    assert mails()[-1] == ("somebody-waits", "root@causeway.example")


def test_an_institution_whose_domain_nobody_knows_verifies_nobody(context: Flask) -> None:
    user = join(factories.institution("Nameless College", "VN"), "mai@hanu.edu.vn")
    rules.confirm(user, NOW)
    assert not user.is_verified


def test_the_office_of_the_institution_is_asked_about_its_lecturers_first(hanoi: Institution) -> None:
    factories.user("root@causeway.example", Role.ADMINISTRATOR)
    factories.user("office@hanu.edu.vn", Role.OFFICE, hanoi)
    rules.confirm(join(hanoi, "mai@mail.example"), NOW)
    assert [to for kind, to in mails() if kind == "somebody-waits"] == ["office@hanu.edu.vn"]


@pytest.mark.parametrize(
    ("office", "told"),
    [
        ({"ref": (True, False), "dean": (False, True)}, ["ref"]),
        ({"ref": (True, True), "clerk": (False, False)}, ["ref", "clerk"]),
        ({"dean": (False, True)}, ["dean"]),
    ],
)
def test_who_only_signs_as_second_person_is_not_written_to_about_people_to_verify(
    hanoi: Institution, office: dict[str, tuple[bool, bool]], told: list[str]
) -> None:
    factories.user("root@causeway.example", Role.ADMINISTRATOR)
    for name, (signs, second) in office.items():
        address = f"{name}@hanu.edu.vn"
        factories.user(address, Role.OFFICE, hanoi, signs_for_office=signs, signs_as_second=second)
    rules.confirm(join(hanoi, "mai@mail.example"), NOW)
    assert [to.partition("@")[0] for kind, to in mails() if kind == "somebody-waits"] == told


def test_confirming_twice_is_the_same_as_once(hanoi: Institution) -> None:
    user = join(hanoi)
    rules.confirm(user, NOW)
    assert not rules.confirm(user, NOW + timedelta(days=1))
    assert user.confirmed_at == NOW


def waiting(at: Institution, role: Role = Role.LECTURER, email: str = "mai@mail.example") -> User:
    """Somebody who confirmed their address and waits."""
    return factories.user(email, role, at, verified_at=None)


@pytest.mark.parametrize("role", [Role.LECTURER, Role.OFFICE, Role.COORDINATOR])
def test_an_administrator_verifies_anybody(hanoi: Institution, role: Role) -> None:
    user, root = waiting(hanoi, role), factories.user("root@causeway.example", Role.ADMINISTRATOR)
    rules.verify(user, root, NOW)
    assert user.verified_at == NOW
    assert mails() == [("verified", "mai@mail.example")]


def test_an_office_verifies_lecturers_of_its_own_institution(hanoi: Institution) -> None:
    user, office = waiting(hanoi), factories.user("office@hanu.edu.vn", Role.OFFICE, hanoi)
    rules.verify(user, office, NOW)
    assert user.is_verified


@pytest.mark.parametrize(
    ("actor_role", "at_home", "role"),
    [
        (Role.OFFICE, False, Role.LECTURER),
        (Role.OFFICE, True, Role.OFFICE),
        (Role.COORDINATOR, True, Role.LECTURER),
        (Role.LECTURER, True, Role.LECTURER),
    ],
)
def test_nobody_else_verifies_or_refuses(hanoi: Institution, actor_role: Role, at_home: bool, role: Role) -> None:
    elsewhere = factories.institution("University of Lisbon", "PT")
    user = waiting(hanoi, role)
    actor = factories.user("actor@mail.example", actor_role, hanoi if at_home else elsewhere)
    with pytest.raises(NotAllowedError):
        rules.verify(user, actor, NOW)
    with pytest.raises(NotAllowedError):
        rules.refuse(user, actor, "no", NOW)
    assert not user.is_verified
    assert user.closed_at is None


def test_who_is_refused_is_told_why_and_signed_out(hanoi: Institution) -> None:
    user, root = waiting(hanoi), factories.user("root@causeway.example", Role.ADMINISTRATOR)
    rules.refuse(user, root, "Nobody of this name works here.", NOW)
    assert (user.closed_at, user.session_version) == (NOW, 2)
    message = db.session.scalars(sa.select(OutboxMessage)).one()
    assert "Nobody of this name works here." in message.text
    assert "Nobody of this name works here." in message.html


def test_what_was_decided_is_not_decided_again(hanoi: Institution) -> None:
    user, root = waiting(hanoi), factories.user("root@causeway.example", Role.ADMINISTRATOR)
    rules.verify(user, root, NOW)
    with pytest.raises(WrongStateError):
        rules.verify(user, root, NOW)
    with pytest.raises(WrongStateError):
        rules.refuse(user, root, "no", NOW)


def test_a_reset_is_sent_only_to_those_who_have_an_account(hanoi: Institution) -> None:
    factories.user("mai@hanu.edu.vn", at=hanoi)
    factories.user("gone@hanu.edu.vn", at=hanoi, closed_at=NOW)
    factories.user("new@hanu.edu.vn", at=hanoi, confirmed_at=None)
    for name in ("mai", "gone", "new", "nobody"):
        rules.ask_for_reset(f"{name}@hanu.edu.vn", NOW, 60, 72)
    assert mails() == [("reset", "mai@hanu.edu.vn"), ("confirm", "new@hanu.edu.vn")]


def test_a_new_password_ends_every_session_and_is_told(hanoi: Institution) -> None:
    user = factories.user("mai@hanu.edu.vn", at=hanoi)
    rules.set_password(user, "new hash", NOW)
    assert (user.password_hash, user.session_version) == ("new hash", 2)
    assert mails() == [("password-changed", "mai@hanu.edu.vn")]
