"""Digests opened in a browser: nothing sticks out of a phone's window, nothing is too small to read."""

from collections.abc import Callable

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.live import DESK, PHONE, check_accessible, check_fits, serve
from tests.smtp import free_port
from tests.webapp.rounds.known_week import READERS, mails, promise, stage
from tests.webapp.rounds.test_digest_snapshots import FOLDER
from webapp.accounts.models import User
from webapp.db import db
from webapp.i18n import LANGUAGES
from webapp.rounds.models import DigestIssue

SMALLEST = 14
"""Pixels."""
SIZES = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
        const box = node.parentElement;
        if (!node.data.trim() || !box.checkVisibility()) continue;
        found.push([parseFloat(getComputedStyle(box).fontSize), node.data.trim()]);
    }
    return found;
}"""


def too_small(page: Page) -> list[str]:
    """Texts smaller than one can read; fails where there is no text at all."""
    found = page.evaluate(SIZES)
    assert len(found) > 10
    return [text for size, text in found if size < SMALLEST]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_mail_fits_a_phone_and_can_be_read(browser: Browser, language: str) -> None:
    page = browser.new_page(viewport=PHONE)
    for name in READERS:
        page.set_content((FOLDER / f"{name}.{language}.html").read_text(encoding="utf-8"))
        check_fits(page)
        assert too_small(page) == []
        bars = page.locator("table.bar td").all()
        assert all(8 <= bar.bounding_box()["height"] <= 24 for bar in bars)  # type: ignore[index]
        assert bool(bars) == ("coordinator" in name)
    page.close()


def test_the_archive_fits_and_is_accessible(app: Flask, browser: Browser, sign_in: Callable[[int], object]) -> None:
    with app.app_context():
        promise(stage())
        noor = db.session.query(User).filter_by(email=mails()["coordinator"].to_address).one()
        issue = db.session.query(DigestIssue).filter_by(user_id=noor.id).one().id
        noor_id = noor.id
    cookie = sign_in(noor_id).get_cookie("session")  # type: ignore[attr-defined]
    app.config["SERVER_NAME"] = None
    with serve(app, free_port()) as address:
        for size in (PHONE, DESK):
            context = browser.new_context(viewport=size)
            context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
            page = context.new_page()
            for path in ("/digests", f"/digests/{issue}"):
                page.goto(address + path)
                assert "Matching round of" in page.inner_text("main")
                check_fits(page)
                check_accessible(page)
            assert page.locator("table.bar").count() == 6
            assert page.locator("table.bar td").first.bounding_box()["width"] > 40  # type: ignore[index]
            context.close()
