"""The same figures on PostgreSQL, which counts by its own rules."""

from pathlib import Path

from flask_migrate import upgrade

from tests import factories
from tests.conftest import make_settings
from tests.webapp.insights.market import build
from tests.webapp.insights.recount import recount
from tests.webapp.insights.test_recount import compare
from webapp import create_app
from webapp.db import db
from webapp.insights.figures import FIGURES


def test_the_figures_are_those_of_the_count_on_postgresql_too(postgres_url: str, tmp_path: Path) -> None:
    app = create_app(make_settings(tmp_path, database_url=postgres_url))
    app.config.update(TESTING=True)
    with app.app_context():
        upgrade()
        people = build(300)
        told = recount(country="JP")
        keys = [factories.session_key(people.of_japan), factories.session_key(people.of_network)]
    pages = []
    for key in keys:
        browser = app.test_client()
        with browser.session_transaction() as session:
            session["_user_id"] = key
        pages.append(browser.get("/insights/network").text)
        assert browser.get("/insights/asem.csv").status_code == 200
        assert browser.get("/insights/reach").status_code == 200
    with app.app_context():
        network = recount(network="COIL Circle")
        db.session.remove()
        db.engine.dispose()
    assert compare(pages[0], told, list(FIGURES))[0] > 20
    assert compare(pages[1], network, list(FIGURES))[0] > 20
