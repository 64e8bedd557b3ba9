"""The course form in a real browser, for the tests of its scripts."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page

from tests import factories
from tests.live import DESK, PHONE
from tests.smtp import free_port
from webapp import create_app
from webapp.db import db
from webapp.profiles.models import CourseProfile, FormDraft

LONG_AGO = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class FormPage:
    """A lecturer's browser at the course form, the service behind it, and what the browser complained of."""

    app: Flask
    address: str
    page: Page
    context: BrowserContext
    course_id: int
    complaints: list[str]

    def new(self) -> None:
        """Open the form of a new course."""
        self.page.goto(f"{self.address}/courses/new")

    def edit(self) -> None:
        """Open the form of the course."""
        self.page.goto(f"{self.address}/courses/{self.course_id}/edit")

    def sign_out(self) -> None:
        """Lose the session, as if it had expired."""
        self.context.clear_cookies()

    def sign_in(self) -> None:
        """Sign in again as the same person."""
        with self.app.app_context():
            course = db.session.get_one(CourseProfile, self.course_id)
            key = course.lecturer.get_id()
        client = self.app.test_client()
        with client.session_transaction() as session:
            session["_user_id"], session["_fresh"] = key, True
        cookie = client.get_cookie("session", domain="localhost")
        assert cookie is not None
        self.context.add_cookies([{"name": "session", "value": cookie.value, "url": self.address}])

    def local(self) -> list[str]:
        """What waits in the browser's own store."""
        found: list[str] = self.page.evaluate("Object.values({...localStorage})")
        return found

    def drafts(self) -> dict[str, dict[str, str]]:
        """What the service keeps: values by name, by form."""
        with self.app.app_context():
            return {row.form: dict(row.fields) for row in db.session.query(FormDraft)}

    def titles(self) -> list[str]:
        """The titles of all courses, in order of their making."""
        with self.app.app_context():
            return [row.title for row in db.session.query(CourseProfile).order_by(CourseProfile.id)]


def live_app(settings: Any) -> tuple[Flask, int]:
    """The service for a free port, and that port."""
    port = free_port()
    return create_app(settings.model_copy(update={"public_url": f"http://localhost:{port}"})), port


@contextmanager
def form_page(app: Flask, address: str, browser: Browser, phone: bool = False, **course: Any) -> Iterator[FormPage]:
    """Give the browser of a lecturer with one course."""
    with app.app_context():
        mai = factories.user(at=factories.institution())
        course_id = factories.course(mai, **({"updated_at": LONG_AGO} | course)).id
        db.session.commit()
    size: dict[str, Any] = {"viewport": PHONE, "has_touch": True, "is_mobile": True} if phone else {"viewport": DESK}
    context = browser.new_context(locale="en", **size)
    context.set_default_timeout(40_000)
    page = context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    found = FormPage(app, address, page, context, course_id, complaints)
    found.sign_in()
    yield found
    # Leaving hands over what is typed: the service is still there for it.
    page.goto(f"{address}/courses")
    context.close()
    assert complaints == [], "\n".join(complaints)
