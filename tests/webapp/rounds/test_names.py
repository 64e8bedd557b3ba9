"""How rounds are called: by their week, and by their number where a week has several."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.access import Role
from webapp.accounts import audit_words
from webapp.accounts.audit_queries import Names
from webapp.accounts.models import User
from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.rounds import console, names
from webapp.rounds.models import Round, RoundState

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def second(app: Flask, town: dict[str, int]) -> int:
    """A second draft of the week of the town's draft; its id."""
    with app.app_context():
        again = factories.round_(
            "2026-W48", state=RoundState.DRAFT, published_week=None, published_at=None, based_on_id=town["draft"]
        ).id
        db.session.commit()
    return again


def test_the_number_stands_where_a_week_has_several_rounds_and_nowhere_else(
    app: Flask, town: dict[str, int], second: int
) -> None:
    with app.app_context():
        alone = factories.round_("2026-W46")
        one, other = (db.session.get_one(Round, id_) for id_ in (town["draft"], second))
        assert names.name(alone) == "Round of 9–15 Nov 2026"
        assert names.name(one) == f"Round of 23–29 Nov 2026 (no. {one.id})"
        assert names.name(other) == f"Round of 23–29 Nov 2026 (no. {other.id})"


def test_pages_links_back_and_the_home_page_tell_the_rounds_of_a_week_apart(
    sign_in: SignIn, town: dict[str, int], second: int
) -> None:
    browser, first = sign_in(town["coordinator"]), town["draft"]
    shown = {one: f"Round of 23–29 Nov 2026 (no. {one})" for one in (first, second)}
    page = browser.get(f"/rounds/{first}").text
    assert f"<title>{shown[first]} · Causeway</title>" in page
    assert f"<h1>{shown[first]}</h1>" in page
    for path in ("left-out", "compare", "why-not", f"pairs/{town['hanoi']}"):
        assert f">{shown[first]}</a>" in browser.get(f"/rounds/{first}/{path}").text
    for path in ("/", "/rounds"):
        listed = browser.get(path).text
        assert all(f'<a href="/rounds/{one}">{name}</a>' in listed for one, name in shown.items())


def test_the_audit_log_names_the_round_and_the_one_it_began_from(app: Flask, town: dict[str, int]) -> None:
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    with app.app_context():
        ines = factories.user("rounds@asem.example", Role.COORDINATOR)
        first = db.session.get_one(Round, town["draft"])
        begun = console.start(ines, now, app.config["SETTINGS"], based_on=first)
        db.session.flush()
        event = db.session.query(AuditEvent).one()
        line = audit_words.line(event, db.session.get_one(User, ines.id), Names({}, {}))
        assert line.name == f"23–29 Nov 2026 (no. {begun.id})"
        after = {change.label: change.after for change in line.changes}
        assert after["Beginning from round"] == f"23–29 Nov 2026 (no. {first.id})"
