"""What forcing a pair would cost, in Chromium: waited for in words, come by itself, and in words when it does not."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, Route, expect

from config import Settings
from tests import factories
from tests.live import DESK, PHONE, check_accessible, check_fits, serve
from tests.smtp import free_port
from tests.webapp.rounds.test_why_not import Town, pair, town
from tests.webapp.rounds.test_why_not_cost import round_of_town
from webapp import create_app
from webapp.db import db
from webapp.rounds import why_not

__all__ = ["round_of_town", "town"]

Open = Callable[..., AbstractContextManager[Page]]
LINK = "Compute what forcing it would cost"


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def app(settings: Settings, port: int) -> Iterator[Flask]:
    """The service under the address at which a browser visits it."""
    made = create_app(settings.model_copy(update={"public_url": f"http://localhost:{port}"}))
    yield made
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def opening(app: Flask, port: int, browser: Browser, round_of_town: Town) -> Open:
    """Open the page about a pair that was not made, as a coordinator."""
    with app.app_context():
        key = factories.session_key(round_of_town.coordinator)
        db.session.remove()

    @contextmanager
    def _open(on_cost: Callable[[Route], None] | None = None, colours: str = "light", **looking: Any) -> Iterator[Page]:
        client = app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = key, True
        cookie = client.get_cookie("session", domain="localhost")
        assert cookie is not None
        with serve(app, port) as address:
            context = browser.new_context(
                locale="en-GB", reduced_motion="reduce", color_scheme=colours, **({"viewport": DESK} | looking)
            )
            context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
            if on_cost:
                context.route(lambda url: "cost=1" in url, on_cost)
            page = context.new_page()
            page.goto(f"{address}/rounds/{round_of_town.round_id}/why-not{pair(round_of_town, 'books', 'rivers')}")
            yield page
            context.close()

    return _open


@pytest.mark.parametrize(("size", "colours"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"])
def test_the_page_says_what_is_computed_and_then_what_it_would_cost(
    opening: Open, size: dict[str, int], colours: str
) -> None:
    complaints: list[str] = []
    # Held, so that the answer takes as long as we look.
    why_not._one_at_a_time.acquire()
    try:
        with opening(colours=colours, viewport=size) as page:
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
            waiting = page.get_by_role("status").filter(has_text="Being computed: all pairs are chosen again")
            expect(waiting).to_be_visible()
            expect(page.locator("#cost progress")).to_be_visible()
            expect(page.get_by_role("link", name=LINK)).to_be_hidden()
            # What is cheap is there already.
            expect(page.get_by_role("status").filter(has_text="they would need")).to_be_visible()
            expect(page.get_by_text("Fit of the two:")).to_be_visible()
            check_accessible(page)
            check_fits(page)
            why_not._one_at_a_time.release()
            expect(page.get_by_role("heading", name="Pairs that would be lost")).to_be_visible()
            expect(page.get_by_role("status").filter(has_text="as they stand now, with the matches")).to_be_visible()
            expect(waiting).to_have_count(0)
            check_accessible(page)
            check_fits(page)
            assert complaints == []
    finally:
        if why_not._one_at_a_time.locked():
            why_not._one_at_a_time.release()


def _changed(route: Route) -> None:
    body = "<!doctype html><main><h1>This changed meanwhile</h1><p class='lead'>Open the page again.</p></main>"
    route.fulfill(status=409, content_type="text/html", body=body)


@pytest.mark.parametrize(
    ("on_cost", "words"),
    [
        (lambda route: route.abort(), "This could not be computed just now."),
        (_changed, "This could not be computed just now. This changed meanwhile. Open the page again."),
    ],
    ids=["no connection", "another page"],
)
def test_what_goes_wrong_is_said_in_its_place_with_a_way_to_try_again(
    opening: Open, on_cost: Callable[[Route], None], words: str
) -> None:
    with opening(on_cost) as page:
        expect(page.locator("#cost-said")).to_have_text(words)
        expect(page.locator("#cost progress")).to_be_hidden()
        expect(page.get_by_role("status").filter(has_text="they would need")).to_be_visible()
        page.context.unroute_all()
        page.get_by_role("link", name=LINK).click()
        expect(page.get_by_role("heading", name="Pairs that would be lost")).to_be_visible()


def test_while_another_question_is_computed_the_page_says_so(opening: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(why_not, "PATIENCE", 0.01)
    with why_not._one_at_a_time, opening() as page:
        expect(page.get_by_text("Another question of this kind is being computed just now.")).to_be_visible()
        expect(page.get_by_text("It would cost at least")).to_be_visible()


def test_without_scripts_a_link_brings_the_whole_page(opening: Open) -> None:
    with opening(java_script_enabled=False) as page:
        expect(page.get_by_role("status").filter(has_text="All pairs are chosen again")).to_be_visible()
        expect(page.locator("#cost progress")).to_be_hidden()
        page.get_by_role("link", name=LINK).click()
        expect(page.get_by_role("heading", name="Pairs that would be lost")).to_be_visible()
