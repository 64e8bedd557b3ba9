"""Limits of institutions on PostgreSQL, where two lecturers of one institution really invite at the same time."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from tests import factories
from tests.conftest import NOW, make_settings
from tests.webapp.matches.samples import explanation
from webapp import create_app
from webapp.db import db
from webapp.directory import invitations
from webapp.errors import WrongStateError
from webapp.matches.models import Match
from webapp.matches.wording import read
from webapp.profiles.models import CourseProfile


@pytest.fixture
def town(postgres_url: str, tmp_path: Path) -> Iterator[tuple[Flask, list[tuple[int, int]]]]:
    """The service on PostgreSQL, two lecturers in Hanoi and whom each invites in Lisbon; Hanoi allows one exchange."""
    app = create_app(make_settings(tmp_path, database_url=postgres_url))
    with app.app_context():
        upgrade()
        hanoi, lisbon = factories.institution(), factories.institution("University of Lisbon", "PT")
        pairs = [
            (
                factories.course(factories.user(f"{n}@hanu.example", at=hanoi), f"Water {n}").id,
                factories.course(factories.user(f"{n}@ulisboa.example", at=lisbon), f"Rivers {n}").id,
            )
            for n in (1, 2)
        ]
        factories.target(hanoi, at_most=1)
        db.session.commit()
    yield app, pairs
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def test_of_two_invitations_at_the_same_moment_only_one_comes_within_the_limit(
    town: tuple[Flask, list[tuple[int, int]]], tmp_path: Path
) -> None:
    app, pairs = town
    settings = make_settings(tmp_path)
    barrier = Barrier(2)

    def invite(ids: tuple[int, int]) -> str:
        with app.test_request_context():
            own, partner = (db.session.get_one(CourseProfile, each) for each in ids)
            (chance,) = invitations.chances([own], partner, settings, NOW)
            barrier.wait(20)
            try:
                invitations.invite(chance, partner, read(explanation()), "", settings=settings, now=NOW)
            except WrongStateError as error:
                return error.message
            db.session.commit()
            return ""

    with ThreadPoolExecutor(2) as pool:
        answers = sorted(pool.map(invite, pairs))
    assert answers[0] == ""
    assert "allows at most 1 match at once with University of Lisbon" in answers[1]
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count()).select_from(Match)) == 1
