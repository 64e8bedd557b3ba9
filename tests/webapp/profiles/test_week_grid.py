"""The week grid in Chromium: by keys, by mouse and by touch, on a phone and on a desk, over the rows it writes into."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, CDPSession, Locator, Page, expect

from config import Settings
from tests import factories
from tests.live import DESK, PHONE, check_accessible, check_fits, serve
from tests.smtp import free_port
from webapp import create_app
from webapp.db import db
from webapp.profiles.models import CourseProfile

MONDAY_NINE = (4, 0)
HOLD = 600


@pytest.fixture
def live(settings: Settings) -> Iterator[tuple[Flask, str]]:
    """The service on a port, with its address."""
    port = free_port()
    app = create_app(settings.model_copy(update={"public_url": f"http://localhost:{port}"}))
    with serve(app, port) as address:
        yield app, address
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


class Grid:
    """The form of a course in a window, with its week grid."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.table = page.locator("[data-week-grid] table")

    def cell(self, line: int, day: int) -> Locator:
        """The cell of a half hour (0 is 07:00) on a day (0 is Monday)."""
        return self.table.locator("tbody tr").nth(line).locator("td").nth(day)

    def rows(self) -> list[tuple[str, str, str]]:
        """What stands in the rows that are sent."""
        found = self.page.evaluate(
            """[...document.querySelectorAll('#slots .row')].map(row =>
                ['weekday', 'start', 'end'].map(name => row.querySelector(`[name$="-${name}"]`).value))"""
        )
        return [(weekday, start, end) for weekday, start, end in found if weekday or start or end]

    def total(self) -> str:
        """What the live region says."""
        return self.page.locator("[data-week-grid] [role=status]").inner_text().strip()

    def press(self, *keys: str) -> None:
        """Press keys one after another."""
        for key in keys:
            self.page.keyboard.press(key)

    def middle(self, line: int, day: int) -> tuple[float, float]:
        """The middle of a cell in the window."""
        box = self.cell(line, day).bounding_box()
        assert box is not None
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def opened(live: tuple[Flask, str], browser: Browser, phone: bool = False, **course: Any) -> Iterator[Grid]:
    """Show the form of a course in a window."""
    app, address = live
    with app.app_context():
        mai = factories.user(at=factories.institution())
        course_id = factories.course(mai, **({"time_zone": "Asia/Ho_Chi_Minh"} | course)).id
        db.session.commit()
        key = mai.get_id()
    client = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"], session["_fresh"] = key, True
    cookie = client.get_cookie("session", domain="localhost")
    assert cookie is not None
    size: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if phone else {"viewport": DESK}
    context = browser.new_context(locale="en", **size)
    context.set_default_timeout(30_000)
    context.add_cookies([{"name": "session", "value": cookie.value, "url": address}])
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(f"{address}/courses/{course_id}/edit")
    yield Grid(page)
    assert complaints == [], "\n".join(complaints)
    context.close()


@pytest.fixture
def desk(live: tuple[Flask, str], browser: Browser, request: pytest.FixtureRequest) -> Iterator[Grid]:
    """A window on a desk."""
    yield from opened(live, browser, **getattr(request, "param", {}))


@pytest.fixture
def phone(live: tuple[Flask, str], browser: Browser, request: pytest.FixtureRequest) -> Iterator[Grid]:
    """A window of a phone."""
    yield from opened(live, browser, phone=True, **getattr(request, "param", {}))


def test_keys_move_choose_and_extend(desk: Grid) -> None:
    desk.cell(*MONDAY_NINE).focus()
    desk.press("Space")
    assert desk.rows() == [("mon", "09:00", "09:30")]
    desk.press("ArrowRight")
    desk.page.keyboard.down("Shift")
    desk.press("ArrowDown", "ArrowDown", "ArrowDown", "ArrowUp")
    desk.page.keyboard.up("Shift")
    desk.press("ArrowRight")
    assert desk.rows() == [("mon", "09:00", "09:30"), ("tue", "09:00", "10:30")]
    assert desk.total() == "Live hours per week: 2"
    desk.press("Home", "Enter")
    assert desk.rows()[1] == ("mon", "10:00", "10:30")
    desk.press("End", "ArrowRight", "PageUp", "PageUp", "Enter")
    assert desk.rows()[-1] == ("sun", "07:00", "07:30")
    assert desk.page.evaluate("document.activeElement.getAttribute('aria-label')") == "Sunday, 07:00 to 07:30"


def test_only_one_cell_is_reached_by_tab_and_tab_leaves_the_grid(desk: Grid) -> None:
    desk.cell(*MONDAY_NINE).focus()
    desk.press("ArrowDown")
    assert desk.table.locator("td[tabindex='0']").count() == 1
    desk.press("Tab")
    assert not desk.page.evaluate("document.activeElement.closest('table')")


@pytest.mark.parametrize(
    "desk", [{"slots": [{"weekday": "mon", "start": "09:00", "end": "10:00"}]}], indirect=True, ids=["monday"]
)
def test_half_hours_side_by_side_become_one_row_and_a_gap_makes_two(desk: Grid) -> None:
    assert desk.cell(5, 0).get_attribute("aria-selected") == "true"
    desk.cell(6, 0).click()
    assert desk.rows() == [("mon", "09:00", "10:30")]
    desk.cell(5, 0).click()
    assert desk.rows() == [("mon", "09:00", "09:30"), ("mon", "10:00", "10:30")]
    assert desk.total() == "Live hours per week: 1"


def test_the_mouse_draws_over_several_days(desk: Grid) -> None:
    desk.cell(8, 3).scroll_into_view_if_needed()
    desk.page.mouse.move(*desk.middle(6, 1))
    desk.page.mouse.down()
    desk.page.mouse.move(*desk.middle(8, 3), steps=5)
    desk.page.mouse.up()
    assert desk.rows() == [(day, "10:00", "11:30") for day in ("tue", "wed", "thu")]
    assert desk.total() == "Live hours per week: 4.5"


ODD = {"weekday": "fri", "start": "09:15", "end": "10:45"}
LATE = {"weekday": "fri", "start": "21:30", "end": "23:00"}


@pytest.mark.parametrize("desk", [{"slots": [ODD, LATE]}], indirect=True, ids=["odd"])
def test_rows_that_do_not_fit_the_grid_stay_as_they_are(desk: Grid) -> None:
    desk.cell(*MONDAY_NINE).click()
    desk.cell(5, 4).click()
    assert set(desk.rows()) == {("mon", "09:00", "09:30"), ("fri", "09:15", "10:45"), ("fri", "21:30", "23:00")}
    assert desk.total().startswith("Live hours per week: 3.5")
    assert "stand in the rows below" in desk.total()
    assert "stand in the rows below" in (desk.cell(29, 4).get_attribute("aria-label") or "")


def test_what_is_typed_into_the_rows_is_shown_on_the_grid(desk: Grid) -> None:
    desk.page.get_by_text("The same hours as rows").click()
    desk.page.select_option("[name=slots-0-weekday]", "wed")
    desk.page.fill("[name=slots-0-start]", "14:00")
    desk.page.fill("[name=slots-0-end]", "15:00")
    desk.page.locator("[name=slots-0-end]").blur()
    assert [desk.cell(line, 2).get_attribute("aria-selected") for line in (13, 14, 15, 16)] == [
        *("false", "true", "true", "false")
    ]


def test_more_separate_hours_than_there_are_rows_are_refused(desk: Grid) -> None:
    for line in range(0, 30, 2):
        desk.cell(line, 0).click()
    for line in range(0, 12, 2):
        desk.cell(line, 2).click()
    assert len(desk.rows()) == 20
    assert "Join some" in desk.total()
    assert desk.cell(10, 2).get_attribute("aria-selected") == "false"


def test_chosen_hours_are_saved(live: tuple[Flask, str], desk: Grid) -> None:
    for day in (0, 2, 4):
        desk.cell(4, day).click()
        desk.cell(5, day).click()
    save = desk.page.locator("form.profile-form button[name=then][value=save]:not(.visually-hidden)")
    save.last.click()
    # Waiting for the address of the answer: a navigation that redirects may be told too early.
    desk.page.wait_for_url("**/courses/1")
    with live[0].app_context():
        slots = db.session.get_one(CourseProfile, 1).slots
    assert slots == [{"weekday": day, "start": "09:00", "end": "10:00"} for day in ("mon", "wed", "fri")]


def test_the_zone_is_named_and_follows_the_choice(desk: Grid) -> None:
    zone = desk.page.locator("[data-zone]")
    assert zone.inner_text() == "Local time in Ho Chi Minh City."
    desk.page.select_option("#time_zone", "Europe/Lisbon")
    assert zone.inner_text() == "Local time in Lisbon."


def test_a_tap_chooses_one_half_hour_and_the_page_is_no_wider_than_the_phone(phone: Grid) -> None:
    phone.cell(*MONDAY_NINE).scroll_into_view_if_needed()
    phone.cell(*MONDAY_NINE).tap()
    assert phone.rows() == [("mon", "09:00", "09:30")]
    check_fits(phone.page)
    box = phone.cell(*MONDAY_NINE).bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert box["width"] >= 44
    check_accessible(phone.page)


def finger(session: CDPSession, kind: str, *at: float) -> None:
    """Move a finger on the screen."""
    points = [{"x": at[0], "y": at[1]}] if at else []
    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def draw(grid: Grid, wait: int) -> None:
    """Put a finger on Tuesday, wait, and draw three half hours down."""
    grid.cell(10, 1).scroll_into_view_if_needed()
    grid.cell(6, 1).scroll_into_view_if_needed()
    (x, start), (_, there) = grid.middle(6, 1), grid.middle(8, 1)
    session = grid.page.context.new_cdp_session(grid.page)
    finger(session, "touchStart", x, start)
    grid.page.wait_for_timeout(wait)
    for n in range(1, 9):
        finger(session, "touchMove", x, start + (there - start) * n / 8)
        grid.page.wait_for_timeout(20)
    finger(session, "touchEnd")


def test_holding_a_finger_down_and_drawing_chooses_several(phone: Grid) -> None:
    draw(phone, HOLD)
    assert phone.rows() == [("tue", "10:00", "11:30")]


def test_a_finger_that_moves_at_once_scrolls_and_chooses_nothing(phone: Grid) -> None:
    phone.cell(6, 1).scroll_into_view_if_needed()
    draw(phone, 0)
    phone.page.wait_for_timeout(HOLD)
    assert phone.rows() == []


@pytest.mark.parametrize("desk", [{"starts_on": None, "ends_on": None}], indirect=True, ids=["no dates"])
def test_a_chosen_term_fills_the_form_at_once_and_its_weeks_appear(desk: Grid) -> None:
    strip = desk.page.locator("#calendar-strip")
    assert strip.locator("svg").count() == 0
    desk.page.locator("[data-term-first]").nth(1).click()
    assert desk.page.input_value("#term_name") == "Semester 2"
    assert desk.page.input_value("#starts_on")[4:] == "-02-12"
    assert "Correct its days" in desk.page.locator("[data-calendar-said]").inner_text()
    assert desk.page.evaluate("document.activeElement.id") == "starts_on"
    strip.locator("svg.cal").wait_for()


@pytest.mark.parametrize("desk", [{"starts_on": date(2027, 2, 1)}], indirect=True, ids=["with Tet"])
def test_holidays_taken_over_fill_a_row_and_the_strip_follows(desk: Grid) -> None:
    offers = desk.page.locator("[data-break-first]")
    assert offers.count() == 2
    offers.first.click()
    assert desk.page.input_value("[name=breaks-0-first]") == "2027-02-04"
    assert desk.page.input_value("[name=breaks-0-last]") == "2027-02-10"
    expect(offers).to_have_count(1, timeout=30_000)
    offers.first.click()
    assert desk.page.input_value("[name=breaks-1-last]") == "2027-05-03"
    expect(offers).to_have_count(0, timeout=30_000)
    assert desk.page.locator("#calendar-strip .cal-edge").count() == 3  # two breaks and the legend
