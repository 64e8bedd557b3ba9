"""An office cannot have us write to strangers without end: so many mails an hour, the rest later, none lost."""

from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from tests import factories
from tests.webapp.accounts.steps import mails
from webapp.access import Role
from webapp.accounts.mail_limits import INVITED, LONGEST_QUEUE, Places
from webapp.accounts.models import AccountInvite
from webapp.db import db
from webapp.errors import NotAllowedError
from webapp.mail.models import OutboxMessage
from webapp.mail.outbox import promise
from webapp.mail.render import Mail

SignIn = Callable[[int], FlaskClient]
HOUR = timedelta(hours=1)
NOW = datetime(2026, 11, 23, 9, 20, tzinfo=UTC)
FULL = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Three mails an hour for an office, two for one of its people."""
    return settings.model_copy(update={"office_mails_an_hour": 3, "person_mails_an_hour": 2})


@pytest.fixture
def office(app: Flask) -> int:
    """Somebody of the office of Hanoi (id)."""
    with app.app_context():
        person = factories.user("lan@hanu.example", Role.OFFICE, factories.institution())
        db.session.commit()
        return person.id


def promised(actor_id: int, n: int, now: datetime = NOW) -> list[datetime]:
    """Promise mails of institution 1 in their places; gives when they go."""
    places, found = Places(1, actor_id, now), []
    for number in range(n):
        at = places.next()
        mail = Mail(f"x{number}@hanu.example", "s", "t", "h", {})
        promise(places.key(INVITED, number, now.isoformat()), mail, now, not_before=at)
        found.append(at)
    db.session.flush()
    return found


def test_what_is_over_the_limit_of_a_person_goes_in_the_next_hours(app: Flask, office: int) -> None:
    with app.app_context():
        assert promised(office, 5) == [NOW, NOW, FULL + HOUR, FULL + HOUR, FULL + 2 * HOUR]
        assert promised(office, 1, NOW + timedelta(minutes=5)) == [FULL + 2 * HOUR]


def test_colleagues_share_the_limit_of_their_institution_and_another_has_its_own(app: Flask, office: int) -> None:
    with app.app_context():
        other = factories.institution("Lisbon", "PT")
        promised(office, 4)
        assert promised(office + 1, 3) == [NOW, FULL + HOUR, FULL + 2 * HOUR]
        assert Places(other.id, office, NOW).next() == NOW


def test_sent_mail_counts_in_its_hour_and_no_longer(app: Flask, office: int) -> None:
    with app.app_context():
        promised(office, 2)
        db.session.execute(sa.update(OutboxMessage).values(sent_at=NOW))
        assert Places(1, office, NOW + timedelta(minutes=30)).next() == FULL + HOUR
        later = NOW + timedelta(minutes=45)
        assert Places(1, office, later).next() == later


def test_a_queue_of_more_than_two_days_is_not_taken_on(app: Flask, office: int) -> None:
    with app.test_request_context():
        places = Places(1, office, NOW)
        hours = Counter(places.next().replace(minute=0) for _ in range(2 * 49))
        with pytest.raises(NotAllowedError):
            places.next()
    assert max(hours) <= NOW + LONGEST_QUEUE
    assert set(hours.values()) == {2}


def test_an_invitation_over_the_limit_is_kept_and_says_when_it_goes(app: Flask, office: int, sign_in: SignIn) -> None:
    client = sign_in(office)
    pages = [
        client.post(
            "/people/invitations",
            data={"email": f"{name}@hanu.example", "name": name, "role": "lecturer", "language": "en"},
            follow_redirects=True,
        ).text
        for name in ("anh", "binh", "chi")
    ]
    assert ["goes later" in page for page in pages] == [False, False, True]
    assert "chi@hanu.example is invited." in pages[2]
    sent = mails(app)
    assert [mail.try_again_at == mail.promised_at for mail in sent] == [True, True, False]
    assert sent[2].try_again_at > sent[2].promised_at
    # Who waits for mail already is not sent it twice.
    assert client.post("/people/invitations/3/again").status_code == 409
    with app.app_context():
        assert db.session.get_one(AccountInvite, 3).invited_at == sent[2].try_again_at


def test_sending_again_counts_too(app: Flask, office: int, sign_in: SignIn) -> None:
    with app.app_context():
        at = datetime.now(UTC) - 2 * HOUR
        for name in ("anh", "binh", "chi"):
            db.session.add(
                AccountInvite(
                    institution_id=1, email=f"{name}@hanu.example", role=Role.LECTURER, invited_at=at
                )
            )  # fmt: skip
        db.session.commit()
    client = sign_in(office)
    pages = [client.post(f"/people/invitations/{n}/again", follow_redirects=True).text for n in (1, 2, 3)]
    assert ["This one goes later" in page for page in pages] == [False, False, True]


def test_mail_of_a_withdrawn_invitation_that_has_not_gone_never_goes(app: Flask, office: int, sign_in: SignIn) -> None:
    client = sign_in(office)
    data = {"email": "anh@hanu.example", "name": "", "role": "lecturer", "language": "en"}
    client.post("/people/invitations", data=data)
    assert len(mails(app)) == 1
    client.post("/people/invitations/1/withdraw")
    assert mails(app) == []


def test_one_address_is_spared_by_delay_and_not_by_loss(app: Flask, office: int, sign_in: SignIn) -> None:
    now = datetime.now(UTC)
    with app.app_context():
        for n in range(5):
            promise(f"reset:{n}", Mail("anh@hanu.example", "s", "t", "h", {}), now)
        db.session.commit()
    data = {"email": "anh@hanu.example", "name": "", "role": "lecturer", "language": "en"}
    page = sign_in(office).post("/people/invitations", data=data, follow_redirects=True).text
    assert "goes later" not in page
    assert mails(app)[-1].try_again_at >= now + HOUR
