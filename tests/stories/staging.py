"""What a story plays on: the service, its mail, and visitors who come over plain HTTP or in windows of Chromium."""

from dataclasses import dataclass
from typing import Any, Protocol

from bs4 import BeautifulSoup
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Response

from tests.live import DESK, PHONE, check_fits, examine, leaving
from tests.smtp import MailServer
from tests.stories.surfing import Surfer, find_form

UNFOLD = """form => {
    for (let around = form; around; around = around.parentElement) {
        if (around.tagName === "DETAILS") around.open = true;
    }
    for (const inside of form.querySelectorAll("details")) inside.open = true;
}"""


class Visitor(Protocol):
    """Somebody with a browser; `Surfer` says what each part means."""

    page: BeautifulSoup
    address: str

    @property
    def text(self) -> str: ...

    def open(self, address: str, status: int = 200) -> "Visitor": ...

    def send(
        self,
        action: str,
        fill: dict[str, Any] | None = None,
        button: tuple[str, str] | None = None,
        status: int = 200,
        holding: str = "",
    ) -> "Visitor": ...


class Way(Protocol):
    """How visitors come."""

    def visitor(self, language: str) -> Visitor: ...


@dataclass
class Stage:
    """The service and what a story needs around it."""

    app: Flask
    mail: MailServer
    way: Way

    def visitor(self, language: str) -> Visitor:
        """Somebody new, whose browser prefers a language."""
        return self.way.visitor(language)


@dataclass
class OverHttp:
    """Visitors without a screen."""

    app: Flask

    def visitor(self, language: str) -> Surfer:
        """Somebody new."""
        return Surfer(self.app, language)


class Window:
    """One person's window of Chromium: every page it shows must fit, be accessible and break no content policy."""

    def __init__(self, page: Page, server: str, size: str) -> None:
        self._page = page
        self._server = server
        self.page = BeautifulSoup("", "html.parser")
        self.address = ""
        self._complaints: list[str] = []
        self._size = size
        page.on("console", lambda said: self._complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self._complaints.append(str(error)))

    @property
    def text(self) -> str:
        """What the page says, as one line, opened or not."""
        return " ".join(self.page.get_text(" ").split())

    def _arrive(self, response: Response | None, status: int) -> "Window":
        assert response is not None, self.address
        self.address = self._page.url.removeprefix(self._server).split("?")[0]
        self.page = BeautifulSoup(self._page.content(), "html.parser")
        assert response.status == status, f"{self.address} answered {response.status}: {self.text[:600]}"
        check_fits(self._page)
        examine(self._page, self._size)
        if status < 400:
            assert self._complaints == [], self.address
        self._complaints.clear()
        return self

    def open(self, address: str, status: int = 200) -> "Window":
        """Open a page and look at it."""
        url = address if address.startswith("http") else self._server + address
        return self._arrive(self._page.goto(url), status)

    def send(
        self,
        action: str,
        fill: dict[str, Any] | None = None,
        button: tuple[str, str] | None = None,
        status: int = 200,
        holding: str = "",
    ) -> "Window":
        """Fill in a form of this page as a person does, and press its button."""
        wanted = find_form(self.page, self.address, action, holding)
        form = self._page.locator("form").nth(self.page.find_all("form").index(wanted))
        # What is folded away is opened first, as its summary asks.
        form.evaluate(UNFOLD)
        for name, value in (fill or {}).items():
            _enter(form, name, str(value))
        selector = f'button[name="{button[0]}"][value="{button[1]}"]' if button else 'button[type="submit"]'
        press = form.locator(f"{selector}:not(.visually-hidden)").last
        # The answer itself is waited for: a navigation that redirects may be told without one.
        with leaving(self._page), self._page.expect_response(_is_a_page) as answered:
            press.click()
        return self._arrive(answered.value, status)


def _is_a_page(response: Response) -> bool:
    return response.request.is_navigation_request() and not 300 <= response.status < 400


def _enter(form: Locator, name: str, value: str) -> None:
    """Enter one value the way its kind of field takes it."""
    field = form.locator(f'[name="{name}"]')
    assert field.count(), f"no field {name}"
    kind = field.first.get_attribute("type")
    if kind in ("radio", "checkbox"):
        form.locator(f'[name="{name}"][value="{value}"]').check()
    elif field.first.evaluate("element => element.tagName") == "SELECT":
        field.first.select_option(value)
    else:
        field.first.fill(value)


class Windows:
    """Visitors in windows of one size, light on a desk and dark on a phone, each with cookies of their own."""

    def __init__(self, browser: Browser, server: str, size: str) -> None:
        self._browser = browser
        self._server = server
        self._options: dict[str, Any] = (
            {"viewport": PHONE, "color_scheme": "dark", "has_touch": True}
            if size == "phone"
            else {"viewport": DESK, "color_scheme": "light"}
        )
        self._contexts: list[BrowserContext] = []
        self._size = size

    def visitor(self, language: str) -> Window:
        """Somebody new."""
        context = self._browser.new_context(locale=language, **self._options)
        context.set_default_timeout(15_000)
        self._contexts.append(context)
        return Window(context.new_page(), self._server, self._size)

    def __enter__(self) -> "Windows":
        return self

    def __exit__(self, *_raised: object) -> None:
        for context in self._contexts:
            context.close()
