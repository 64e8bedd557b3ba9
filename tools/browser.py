"""Which Chromium the tests and the screenshots use: ``python -m tools.browser`` prints it, or fails."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Page, Response, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
PATIENCE = 60
"""Seconds for what a page shows to be prepared."""
NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def starts(path: str) -> bool:
    """Tell whether this program is a browser that really starts, and not a pointer to a missing one."""
    try:
        run = subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return False
    return run.returncode == 0 and b"hrom" in run.stdout


def find() -> str:
    """Find a Chromium: the one named in ``CAUSEWAY_TEST_BROWSER``, the system's, or Playwright's own.

    Raises
    ------
    FileNotFoundError
        When there is none.
    """
    named = os.environ.get("CAUSEWAY_TEST_BROWSER")
    candidates = [named] if named else [path for name in NAMES if (path := shutil.which(name))]
    for path in candidates:
        if starts(path):
            return path
    if not named:
        with sync_playwright() as playwright:
            own = playwright.chromium.executable_path
        if Path(own).exists() and starts(own):
            return own
    raise FileNotFoundError("no Chromium that starts")


def sign_in_as(page: Page, address: str, person: str, password: str) -> None:
    """Sign somebody in through the page."""
    page.goto(f"{address}/sign-in")
    page.fill("input[name=email]", person)
    page.fill("input[name=password]", password)
    page.click("main button[type=submit]")
    page.wait_for_selector(".menu")


def open_prepared(page: Page, address: str) -> Response | None:
    """Open a page, once more while it says that what it shows is still being prepared."""
    answer = page.goto(address)
    for _time in range(PATIENCE):
        if not page.locator("[data-preparing]").count():
            break
        page.wait_for_timeout(1000)
        answer = page.goto(address)
    return answer


if __name__ == "__main__":
    try:
        print(find())
    except FileNotFoundError as error:
        sys.exit(str(error))
