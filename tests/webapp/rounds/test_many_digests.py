"""Promising digests to many people holds a batch of them in memory, never all."""

import tracemalloc
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.conftest import NOW
from tests.webapp.rounds import known_week
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.mail.models import OutboxMessage
from webapp.rounds import digest_jobs
from webapp.rounds.models import DigestIssue, Round

FEW, MANY = digest_jobs.BATCH, 3 * digest_jobs.BATCH
ROOM = 1024 * 1024
"""Bytes the peak may differ by; a digest with its row in the archive takes some forty thousand."""


@pytest.fixture
def this(context: Flask) -> Round:
    """The round of the known week, whose readers are coordinators only."""
    this = known_week.stage()
    db.session.execute(sa.update(User).values(wants_digest=False))
    db.session.commit()
    return this


def coordinators(first: int, last: int) -> None:
    """Coordinators who all want the digest."""
    db.session.execute(
        sa.insert(User),
        [
            {
                "email": f"noor{at}@asem.example", "name": f"Noor {at}", "role": Role.COORDINATOR, "password_hash": "!",
                "created_at": factories.AT, "confirmed_at": factories.AT, "verified_at": factories.AT,
                "language": "en", "time_zone": "UTC", "wants_digest": True, "countries": [], "network": "",
            }
            for at in range(first, last)
        ],
    )  # fmt: skip
    db.session.commit()


def promise(this: Round, said: list[str]) -> int:
    """Promise to all, and give the most memory it took beyond what there was."""
    this.digests_done_at, this.digests_up_to, this.progress = None, 0, {}
    db.session.commit()
    tracemalloc.start()
    digest_jobs.run(NOW, said.append, timedelta(minutes=10))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert this.digests_done_at is not None
    return peak


def test_promising_to_many_takes_no_more_memory_than_to_few_and_says_how_far_it_is(this: Round) -> None:
    said: list[str] = []
    coordinators(0, 1)
    promise(this, [])  # fills what is kept for good, such as compiled templates
    coordinators(1, FEW)
    few = promise(this, [])
    coordinators(FEW, FEW + MANY)
    db.session.execute(sa.update(User).where(User.id.in_(sa.select(DigestIssue.user_id))).values(wants_digest=False))
    many = promise(this, said)
    assert db.session.scalar(sa.select(sa.func.count(OutboxMessage.id))) == FEW + MANY
    assert db.session.scalar(sa.select(sa.func.count(DigestIssue.id))) == FEW + MANY
    assert many < few + ROOM, (few, many)
    assert said == [f"Digests: {n} of {MANY} people looked at, {n} promised." for n in range(100, MANY + 1, 100)]
