"""How far the digests are, as the page of a round and the list of rounds tell it; with and without a scheduler."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup, Tag
from flask import Flask
from flask.testing import FlaskClient

from webapp.db import db
from webapp.matches.models import Match
from webapp.rounds import digest_jobs
from webapp.rounds.models import Round

SignIn = Callable[[int], FlaskClient]

NOT_RUNNING = "the scheduler may not be running"


@pytest.fixture
def browser(sign_in: SignIn, town: dict[str, int]) -> FlaskClient:
    """A coordinator of all who has just published the draft."""
    browser = sign_in(town["coordinator"])
    assert browser.post(f"/rounds/{town['draft']}/publish").status_code == 303
    return browser


def set_round(app: Flask, town: dict[str, int], **fields: Any) -> None:
    """Change the round behind everybody's back."""
    with app.app_context():
        db.session.execute(sa.update(Round).where(Round.id == town["draft"]).values(**fields))
        db.session.commit()


def run(app: Flask, longest: timedelta) -> None:
    """Run the job that promises digests."""
    with app.app_context():
        digest_jobs.run(datetime.now(UTC), lambda _said: None, longest)


def told(answer: Any) -> Tag:
    """The part of a page that tells how far the digests are; by itself and inside the page it is the same."""
    assert answer.status_code == 200
    part = BeautifulSoup(answer.text, "html.parser").find(id="round-digests")
    assert isinstance(part, Tag)
    return part


def test_the_page_shows_how_far_the_digests_are_from_the_first_to_the_last(
    app: Flask, browser: FlaskClient, town: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest_jobs, "BATCH", 4)
    page, part = f"/rounds/{town['draft']}", f"/rounds/{town['draft']}/digests"
    before = told(browser.get(page))
    assert "No digest is promised yet; the scheduler does it in the background." in before.text
    assert before["hx-get"] == part
    assert before["hx-trigger"] == "load delay:2s"
    run(app, timedelta(0))
    for address in (page, part):
        between = told(browser.get(address))
        assert "Digests: 4 of 9 people looked at, 4 promised." in between.text
        bar = between.find("progress")
        assert (bar["value"], bar["max"]) == ("4", "9")  # type: ignore[index]
        assert between["hx-get"] == part
        # Without scripts the page is loaded again by a link.
        assert between.find("a")["href"] == page  # type: ignore[index]
    assert "Digests: 4 of 9" in browser.get("/rounds").text
    run(app, timedelta(minutes=5))
    for address in (page, part):
        after = told(browser.get(address))
        assert "9 digests were promised." in after.text
        assert "hx-get" not in after.attrs
        assert after.find("progress") is None
    assert "Digests:" not in browser.get("/rounds").text


def test_without_a_scheduler_the_page_promises_nothing_and_soon_says_so(
    app: Flask, browser: FlaskClient, town: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest_jobs, "BATCH", 4)
    page, long_ago = f"/rounds/{town['draft']}", datetime.now(UTC) - timedelta(minutes=4)
    assert NOT_RUNNING not in told(browser.get(page)).text
    assert "Digests not begun" in browser.get("/rounds").text
    set_round(app, town, published_at=long_ago)
    waiting = told(browser.get(page)).text
    assert NOT_RUNNING in waiting
    assert "No digest is promised yet" in waiting
    run(app, timedelta(0))
    assert NOT_RUNNING not in told(browser.get(page)).text
    with app.app_context():
        progress = db.session.get_one(Round, town["draft"]).progress
    set_round(app, town, progress=progress | {"at": long_ago.isoformat()})
    stuck = told(browser.get(page)).text
    assert NOT_RUNNING in stuck
    assert "Digests: 4 of 9 people looked at" in stuck
    run(app, timedelta(minutes=5))
    assert NOT_RUNNING not in told(browser.get(page)).text


def test_digests_that_could_not_be_written_are_named(app: Flask, browser: FlaskClient, town: dict[str, int]) -> None:
    run(app, timedelta(minutes=5))
    with app.app_context():
        progress = db.session.get_one(Round, town["draft"]).progress
    set_round(app, town, progress=progress | {"failed": 2})
    assert "2 digests could not be written." in told(browser.get(f"/rounds/{town['draft']}")).text


def test_taking_a_round_back_says_what_became_of_its_digests(
    app: Flask, browser: FlaskClient, town: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(digest_jobs, "BATCH", 4)
    run(app, timedelta(0))
    answer = browser.post(f"/rounds/{town['draft']}/take-back", follow_redirects=True)
    assert "4 digests that had not been sent are withdrawn. Nobody else gets one." in answer.text
    part = browser.get(f"/rounds/{town['draft']}/digests")
    assert part.status_code == 200
    assert "hx-get" not in part.text


def test_an_old_round_of_which_nothing_is_known_says_nothing(
    app: Flask, browser: FlaskClient, town: dict[str, int]
) -> None:
    set_round(app, town, digests_done_at=datetime.now(UTC))
    assert "round-digests" not in browser.get(f"/rounds/{town['draft']}").text
    assert browser.get(f"/rounds/{town['draft']}/digests").text.strip() == ""


@pytest.mark.parametrize("is_published", [False, True])
def test_the_filter_names_only_institutions_of_pairs_the_reader_may_see(
    sign_in: SignIn, app: Flask, town: dict[str, int], is_published: bool
) -> None:
    if is_published:
        sign_in(town["coordinator"]).post(f"/rounds/{town['draft']}/publish")
        with app.app_context():
            assert db.session.scalar(sa.select(sa.func.count(Match.id))) == 3

    def offered(who: str, field: str) -> set[str]:
        page = BeautifulSoup(sign_in(town[who]).get(f"/rounds/{town['draft']}").text, "html.parser")
        return {str(option.text) for option in page.select(f"select[name={field}] option")} - {"All"}

    own = {"Hanoi University", "Hanoi Partner College", "Hue University", "Hue Partner College"}
    assert offered("vietnam", "institution") == own
    assert offered("vietnam", "country") == {"Vietnam", "Portugal"}
    assert offered("coordinator", "institution") == own | {"Kyoto University", "Kyoto Partner College"}
    page = sign_in(town["vietnam"]).get(f"/rounds/{town['draft']}").text
    assert "Kyoto" not in page
