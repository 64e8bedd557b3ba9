"""The dial in Chromium: turned by keyboard, its answer comes by itself; without scripts a button brings it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from config import Settings
from tests import factories
from tests.live import DESK, PHONE, check_accessible, check_fits, serve
from tests.smtp import free_port
from tests.webapp.rounds import dial_market
from webapp import create_app
from webapp.db import db

SENTENCE = "2.9% less fit, 33 more of 100 European courses have a partner."


@contextmanager
def opened(settings: Settings, browser: Browser, **looking: Any) -> Iterator[Page]:
    """The page of the dial as a coordinator's browser shows it."""
    port = free_port()
    app = create_app(settings.model_copy(update={"public_url": f"http://localhost:{port}"}))
    with app.app_context():
        ids = dial_market.stage()
        key = factories.session_key(ids["coordinator"])
        db.session.remove()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = key, True
    cookie = client.get_cookie("session", domain="localhost")
    assert cookie is not None
    with serve(app, port) as address:
        context = browser.new_context(locale="en-GB", reduced_motion="reduce", **looking)
        context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/rounds/{ids['round']}/dial")
        yield page
        context.close()
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_the_slider_is_turned_by_keyboard_and_the_answer_comes_by_itself(
    settings: Settings, browser: Browser, size: dict[str, int]
) -> None:
    with opened(settings, browser, viewport=size) as page:
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
        slider = page.get_by_role("slider", name="Position of the dial")
        slider.focus()
        expect(slider).to_have_attribute("aria-valuetext", "0: the best fit, whoever gets it")
        for _ in range(10):
            page.keyboard.press("ArrowRight")
        expect(slider).to_have_value("0.5")
        expect(slider).to_have_attribute("aria-valuetext", "0.5: between fit and balance")
        expect(page.locator("#dial-words")).to_have_text("0.5: between fit and balance")
        answer = page.get_by_role("status").filter(has_text=SENTENCE)
        expect(answer).to_be_visible()
        expect(page.get_by_text("Parisian ponds")).to_be_visible()
        assert page.url.endswith("/dial?at=0.5")
        expect(slider).to_be_focused()
        check_accessible(page)
        check_fits(page)
        page.keyboard.press("Home")
        expect(page.get_by_role("status").filter(has_text="This is the position of this round.")).to_be_visible()
        page.keyboard.press("End")
        expect(slider).to_have_attribute("aria-valuetext", "1: shared out as evenly as possible")
        expect(page).to_have_url(re.compile(r"/dial\?at=1$"))
        page.reload()
        expect(slider).to_have_value("1")
        page.get_by_label("Why (optional)").fill("Everybody once.")
        page.get_by_role("button", name="Use position 1 from now on").click()
        expect(page.get_by_text("From now on rounds are computed at position 1.")).to_be_visible()
        expect(page.get_by_text("Everybody once.")).to_be_visible()
        assert complaints == []


def test_without_scripts_a_button_shows_the_position(settings: Settings, browser: Browser) -> None:
    with opened(settings, browser, viewport=PHONE, java_script_enabled=False) as page:
        slider = page.get_by_role("slider", name="Position of the dial")
        slider.focus()
        for _ in range(10):
            page.keyboard.press("ArrowRight")
        page.get_by_role("button", name="Show", exact=True).click()
        expect(page.get_by_text(SENTENCE)).to_be_visible()
        assert page.url.endswith("/dial?at=0.5")
