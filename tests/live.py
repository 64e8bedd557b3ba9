"""The service as a real server, and a real browser to use it with."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Thread
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page, sync_playwright
from waitress import create_server

from tools.browser import FLAGS, find

PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


@contextmanager
def serve(app: Flask, port: int) -> Iterator[str]:
    """Run the production web server in a thread; gives its address."""
    server = create_server(app, host="127.0.0.1", port=port, threads=4)
    is_closing = Event()

    def run() -> None:
        try:
            server.run()
        except OSError:
            # Its sockets are closed from here while it may still be waiting for them.
            if not is_closing.is_set():
                raise

    thread = Thread(target=run, daemon=True)
    thread.start()
    try:
        yield f"http://localhost:{port}"
    finally:
        is_closing.set()
        server.close()
        thread.join(5)


@contextmanager
def chromium() -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find(), args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def leaving(page: Page) -> Iterator[None]:
    """Wait until another document is there and loaded.

    Playwright's own waiting for a navigation is content with a page that rewrites its address, as htmx does when it
    starts; on a busy machine that happens late, and what follows would still look at the page that is being left.
    """
    page.evaluate("() => { window.isLeft = false; }")
    yield
    page.wait_for_function("() => window.isLeft === undefined && document.readyState === 'complete'")


_examined: set[tuple[object, ...]] = set()


def examine(page: Page, size: str) -> None:
    """Let axe look at a page, unless it has seen one with the same address, headings and labels in this size before.

    Looking takes half a second, and every story signs people up, in and out.
    """
    parts = page.evaluate("() => [...document.querySelectorAll('h1, h2, label')].map(part => part.textContent)")
    kind = (size, re.sub(r"\d+|[\w-]{24,}[\w.-]*", "N", urlsplit(page.url).path), tuple(parts))
    if kind not in _examined:
        check_accessible(page)
        _examined.add(kind)


def check_accessible(page: Page) -> None:
    """Let axe look at the page, and fail with what it found."""
    found = Axe().run(page)
    violations = [
        f"{v['id']}: {v['help']} at {[node['target'] for node in v['nodes']][:4]}" for v in found.response["violations"]
    ]
    assert violations == [], f"{page.url}: {violations}"


def check_fits(page: Page) -> None:
    """Fail when the page is wider than the window, so that one would have to scroll sideways."""
    width = page.evaluate("document.documentElement.scrollWidth")
    window = page.evaluate("window.innerWidth")
    assert width <= window, f"{page.url} is {width} px wide in a window of {window} px"
