"""Somebody who uses a window of Chromium by the keyboard alone: Tab to get there, Enter, space and arrows to act."""

from datetime import date
from typing import Any

from playwright.sync_api import Browser, Page

from tests.live import DESK, PHONE, check_fits, examine, leaving

FARTHEST = 600
"""Steps with the Tab key after which something is held to be out of reach."""

_HAS_FOCUS = "([selector, n]) => document.activeElement === document.querySelectorAll(selector)[n]"
_SHOWS_FOCUS = """() => {
    const style = getComputedStyle(document.activeElement);
    return style.outlineStyle !== "none" || style.boxShadow !== "none";
}"""
_IN_VIEW = """() => {
    const box = document.activeElement.getBoundingClientRect();
    return box.bottom > 0 && box.top < window.innerHeight && box.right > 0 && box.left < window.innerWidth;
}"""


class Hands:
    """One person at a keyboard.

    Parameters
    ----------
    browser
        A running Chromium.
    server
        Address of the service.
    size
        ``phone`` (360 px) or ``desk`` (1280 px).
    language
        What the browser says it prefers.
    """

    def __init__(self, browser: Browser, server: str, size: str, language: str) -> None:
        viewport: Any = PHONE if size == "phone" else DESK
        self.context = browser.new_context(locale=language, viewport=viewport, reduced_motion="reduce")
        self.context.set_default_timeout(60_000)
        self.page: Page = self.context.new_page()
        self.server = server
        self._size = size
        self._complaints: list[str] = []
        self.page.on("console", lambda said: self._complaints.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self._complaints.append(str(error)))

    @property
    def path(self) -> str:
        """Where the window is, without the query."""
        return self.page.url.removeprefix(self.server).split("?")[0].split("#")[0]

    @property
    def text(self) -> str:
        """What the page says, as one line."""
        return " ".join(self.page.inner_text("body").split())

    def go(self, address: str) -> "Hands":
        """Type an address."""
        self.page.goto(address if address.startswith("http") else self.server + address)
        return self.look()

    def look(self) -> "Hands":
        """Check what can be checked of the page that is open."""
        self.page.wait_for_load_state()
        check_fits(self.page)
        examine(self.page, self._size)
        assert self._complaints == [], f"{self.path}: {self._complaints}"
        return self

    def reach(self, selector: str, n: int = 0) -> "Hands":
        """Press Tab until the n-th element of a selector has the focus, and see that one can tell it has."""
        assert self.page.locator(selector).count() > n, f"no {selector} on {self.path}: {self.text[:600]}"
        for _step in range(FARTHEST):
            if self.page.evaluate(_HAS_FOCUS, [selector, n]):
                assert self.page.evaluate(_SHOWS_FOCUS), f"{selector} on {self.path} does not show its focus"
                assert self.page.evaluate(_IN_VIEW), f"{selector} on {self.path} has the focus out of sight"
                return self
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{selector} on {self.path} cannot be reached by the keyboard")

    def write(self, selector: str, text: str) -> "Hands":
        """Replace what stands in a field."""
        self.reach(selector)
        self.page.keyboard.press("ControlOrMeta+A")
        self.page.keyboard.insert_text(text)
        return self

    def choose(self, selector: str, value: str) -> "Hands":
        """Walk through a menu, or through a group of choices of which one can be taken, to a value."""
        self.reach(selector)
        for _step in range(FARTHEST):
            if self.page.evaluate("() => document.activeElement.value") == value:
                if self.page.evaluate("(it => it.type === 'radio' && !it.checked)(document.activeElement)"):
                    self.page.keyboard.press("Space")
                return self
            self.page.keyboard.press("ArrowDown")
        raise AssertionError(f"{selector} on {self.path} offers no {value}")

    def date(self, selector: str, day: date) -> "Hands":
        """Type a date; its parts stand in the order of the browser's own language, which a person sees."""
        for order in ("%m%d%Y", "%d%m%Y", "%Y\t%m%d"):
            self.reach(selector).keys("ArrowLeft", 4)
            self.page.keyboard.type(f"{day:{order}}")
            if self.page.input_value(selector) == day.isoformat():
                return self
        raise AssertionError(f"{selector} on {self.path} takes no date, it holds {self.page.input_value(selector)!r}")

    def keys(self, key: str, n: int = 1) -> "Hands":
        """Press a key so many times."""
        for _time in range(n):
            self.page.keyboard.press(key)
        return self

    def tick(self, selector: str) -> "Hands":
        """Tick a box."""
        self.reach(selector)
        self.page.keyboard.press("Space")
        return self

    def press(self, selector: str, n: int = 0) -> "Hands":
        """Press a button or follow a link that opens another page, and look at it."""
        self.reach(selector, n)
        with leaving(self.page):
            self.page.keyboard.press("Enter")
        return self.look()

    def close(self) -> None:
        """Close the window."""
        self.context.close()
