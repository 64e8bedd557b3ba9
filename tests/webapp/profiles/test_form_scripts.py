"""The scripts of the course form in Chromium: typing is kept, long lists are searched, the meter follows."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from config import Settings
from tests.live import check_accessible, check_fits, serve
from tests.webapp.profiles.course_form_page import FormPage, form_page, live_app
from webapp.db import db


@pytest.fixture
def at(settings: Settings, browser: Browser, request: pytest.FixtureRequest) -> Iterator[FormPage]:
    """A lecturer's browser."""
    app, port = live_app(settings)
    with serve(app, port) as address, form_page(app, address, browser, **getattr(request, "param", {})) as found:
        yield found
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def kept(at: FormPage) -> None:
    """Wait until the page says that the service has it."""
    expect(at.page.locator("[data-autosave-status]")).to_contain_text("Kept at")


def test_what_is_typed_is_kept_and_outlives_the_page(at: FormPage) -> None:
    at.new()
    at.page.get_by_label("Title of the course").fill("Rivers of two cities")
    kept(at)
    assert at.drafts()["course:new"]["title"] == "Rivers of two cities"
    assert at.local() == []
    assert at.titles() == ["Urban water"]
    at.new()
    expect(at.page.get_by_label("Title of the course")).to_have_value("Rivers of two cities")
    expect(at.page.locator(".kept-draft")).to_contain_text("not saved yet")
    at.page.get_by_role("button", name="Drop it").click()
    expect(at.page.get_by_label("Title of the course")).to_have_value("")
    assert at.drafts() == {}


def test_leaving_at_once_loses_nothing(at: FormPage) -> None:
    at.new()
    at.page.get_by_label("Title of the course").fill("Rivers in haste")
    at.page.goto(f"{at.address}/courses")
    at.new()
    expect(at.page.get_by_label("Title of the course")).to_have_value("Rivers in haste")


def test_an_expired_session_loses_nothing(at: FormPage) -> None:
    at.new()
    at.sign_out()
    at.page.get_by_label("Title of the course").fill("Rivers after hours")
    expect(at.page.locator("[data-autosave-status]")).to_contain_text("no longer signed in")
    assert len(at.local()) == 1
    assert "csrf" not in at.local()[0]
    at.page.get_by_role("button", name="Save as draft").click()
    at.page.wait_for_url(re.compile(r"/sign-in\?next="))
    at.sign_in()
    at.new()
    expect(at.page.locator(".kept-draft")).to_be_visible()
    expect(at.page.get_by_label("Title of the course")).to_have_value("Rivers after hours")
    assert at.local() == []
    at.page.get_by_role("button", name="Save as draft").click()
    at.page.wait_for_url("**/courses/2")
    assert at.titles() == ["Urban water", "Rivers after hours"]
    assert at.drafts() == {}
    at.new()
    expect(at.page.get_by_label("Title of the course")).to_have_value("")


def test_a_saved_course_offers_what_a_lost_session_left(at: FormPage) -> None:
    at.edit()
    at.sign_out()
    at.page.get_by_label("Title of the course").fill("Urban floods")
    expect(at.page.locator("[data-autosave-status]")).to_contain_text("no longer signed in")
    at.sign_in()
    at.edit()
    expect(at.page.locator(".kept-draft")).to_contain_text("You were typing here on")
    expect(at.page.get_by_label("Title of the course")).to_have_value("Urban water")
    at.page.get_by_role("link", name="Continue with what I typed").click()
    expect(at.page.get_by_label("Title of the course")).to_have_value("Urban floods")
    at.page.get_by_role("button", name="Save changes").click()
    at.page.wait_for_url(f"**/courses/{at.course_id}")
    assert at.titles() == ["Urban floods"]
    assert at.drafts() == {}


def test_while_the_service_is_out_of_reach_the_browser_keeps_it(at: FormPage) -> None:
    at.new()
    at.page.route("**/courses/drafts*", lambda route: route.abort())
    at.page.get_by_label("Title of the course").fill("Rivers offline")
    expect(at.page.locator("[data-autosave-status]")).to_contain_text("Kept in this browser for now")
    assert len(at.local()) == 1
    at.page.unroute("**/courses/drafts*")
    at.page.get_by_role("button", name="Save as draft").click()
    at.page.wait_for_url("**/courses/2")
    assert at.titles() == ["Urban water", "Rivers offline"]
    assert at.local() == []


def test_pressing_twice_saves_once(at: FormPage) -> None:
    at.new()
    at.page.get_by_label("Title of the course").fill("Rivers twice")
    at.page.get_by_role("button", name="Save as draft").dblclick()
    at.page.wait_for_url("**/courses/2")
    assert at.titles() == ["Urban water", "Rivers twice"]


def test_a_long_select_is_searched_with_keys(at: FormPage) -> None:
    at.new()
    box = at.page.get_by_label("Search in “Field of education”")
    box.fill("ecoNomics")
    expect(at.page.locator(".pick", has=box).locator("[role=status]")).to_have_text("Entries found: 1")
    box.press("Enter")
    field = at.page.locator("#isced_f")
    expect(field).to_have_value("0311")
    expect(field).to_be_focused()
    expect(box).to_have_value("")
    assert field.evaluate("it => it.options.length") > 80
    box.fill("engineering")
    box.press("ArrowDown")
    expect(field).to_be_focused()
    at.page.keyboard.press("ArrowDown")
    at.page.keyboard.press("Enter")
    assert field.input_value().startswith("07")
    assert field.evaluate("it => it.size") == 0
    box.fill("nothing like this")
    expect(at.page.locator(".pick", has=box).locator("[role=status]")).to_contain_text("Nothing found")
    chosen = field.input_value()
    box.press("Escape")
    expect(field).to_have_value(chosen)
    assert at.page.url.endswith("/courses/new")


def test_checkboxes_are_searched_across_their_groups_and_accents(at: FormPage) -> None:
    at.edit()
    box = at.page.get_by_label("Search in “Countries you wish for”")
    box.fill("LAND")
    countries = at.page.locator("#wish_countries")
    shown = countries.locator("label:visible")
    assert "Finland" in shown.all_inner_texts()
    assert all("land" in text.lower() for text in shown.all_inner_texts())
    box.press("Enter")
    at.page.keyboard.press("Space")
    checked = countries.locator("input:checked")
    assert checked.count() == 1
    value = checked.get_attribute("value")
    box.fill("")
    expect(countries.locator("label:visible")).to_have_count(0)
    assert checked.get_attribute("value") == value
    box.fill("zzz")
    expect(countries.locator(".pick [role=status]")).to_contain_text("Nothing found")
    expect(countries.locator("details:visible")).to_have_count(0)


def test_the_meter_and_the_parts_follow_what_is_typed(at: FormPage) -> None:
    at.edit()
    words = at.page.locator("[data-levels]")
    before = words.inner_text()
    seeks = at.page.locator("[data-parts] li", has_text="What it seeks")
    expect(seeks).to_contain_text("still empty")
    at.page.get_by_label("The partner's field of education").select_option("same")
    expect(seeks).to_contain_text("complete")
    at.page.get_by_label("Description").fill("Students measure a river.")
    expect(words).not_to_have_text(before)
    points = int(words.inner_text().split(" ", 1)[0])
    assert points == int(before.split(" ", 1)[0]) + 13
    assert at.page.locator("meter").evaluate("it => it.value") == points
    assert "Add a description" not in at.page.locator("[data-gains]").inner_text()
    expect(at.page.locator("[data-gains] li:visible")).to_have_count(3)
    at.page.get_by_role("button", name="Save changes").click()
    at.page.wait_for_url(f"**/courses/{at.course_id}")
    expect(at.page.locator(".completeness")).to_contain_text(f"{points} of 100")
    at.edit()
    expect(words).to_contain_text(f"{points} of 100")


@pytest.mark.parametrize("at", [{"phone": True}, {}], indirect=True)
def test_the_form_fits_its_window_and_everyone(at: FormPage) -> None:
    at.edit()
    at.page.get_by_label("Title of the course").fill("Urban floods")
    kept(at)
    at.page.get_by_label("Search in “Skills”").fill("team")
    check_fits(at.page)
    check_accessible(at.page)
