"""A browser without a screen for stories over HTTP: it opens pages, fills in their forms and presses their buttons.

It sends only what a form on the page offers, tokens included, so a field or button that is missing from the page
fails the story.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag
from flask import Flask
from werkzeug.test import Client, TestResponse


def _options(select: Tag) -> list[str]:
    return [str(option.get("value", option.get_text())) for option in select.find_all("option")]


def values_of(form: Tag) -> list[tuple[str, str]]:
    """What a form would send if submitted untouched, without its buttons."""
    values: list[tuple[str, str]] = []
    for control in form.find_all(["input", "select", "textarea"]):
        name = control.get("name")
        if not name or control.has_attr("disabled"):
            continue
        kind = str(control.get("type", "text")).lower()
        if control.name == "select":
            chosen = [o for o in control.find_all("option") if o.has_attr("selected")]
            if not chosen and not control.has_attr("multiple"):
                chosen = control.find_all("option")[:1]
            values += [(str(name), str(o.get("value", o.get_text()))) for o in chosen]
        elif control.name == "textarea":
            values.append((str(name), control.get_text().removeprefix("\n")))
        elif kind in ("checkbox", "radio"):
            if control.has_attr("checked"):
                values.append((str(name), str(control.get("value", "on"))))
        elif kind not in ("submit", "button", "image", "reset", "file"):
            values.append((str(name), str(control.get("value", ""))))
    return values


def find_form(page: BeautifulSoup, address: str, action: str, holding: str) -> Tag:
    """Find a form of a page by the end of its address, and a hidden value if there are several."""
    for found in page.find_all("form"):
        if str(found.get("action") or address).split("?")[0].endswith(action) and (
            not holding or found.find("input", attrs={"type": "hidden", "value": holding})
        ):
            return found
    text = " ".join(page.get_text(" ").split())
    raise AssertionError(f"no form for {action} {holding} on {address}: {text[:500]}")


@dataclass
class Surfer:
    """One person's browser.

    Parameters
    ----------
    app
        The service.
    language
        What the browser says it prefers.
    """

    app: Flask
    language: str = "en"
    page: BeautifulSoup = field(init=False)
    address: str = field(init=False, default="")
    status: int = field(init=False, default=0)
    client: Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = self.app.test_client()
        self.page = BeautifulSoup("", "html.parser")

    @property
    def text(self) -> str:
        """What the page says, as one line."""
        return " ".join(self.page.get_text(" ").split())

    @property
    def heading(self) -> str:
        """The page's first heading."""
        found = self.page.find("h1")
        return " ".join(found.get_text(" ").split()) if found else ""

    def _arrive(self, response: TestResponse) -> "Surfer":
        self.status = response.status_code
        self.address = response.request.path
        self.page = BeautifulSoup(response.get_data(as_text=True), "html.parser")
        return self

    def open(self, address: str, status: int = 200) -> "Surfer":
        """Open a page, following redirects, and check its status."""
        path = urlsplit(address).path
        arrived = self._arrive(self.client.get(path, follow_redirects=True, headers={"Accept-Language": self.language}))
        assert self.status == status, f"{path} answered {self.status}: {self.text[:500]}"
        return arrived

    def form(self, action: str, holding: str = "") -> Tag:
        """Find the form that is sent to an address ending so, as one looks for a button on the page."""
        return find_form(self.page, self.address, action, holding)

    def send(
        self,
        action: str,
        fill: dict[str, Any] | None = None,
        button: tuple[str, str] | None = None,
        status: int = 200,
        holding: str = "",
    ) -> "Surfer":
        """Fill in a form of this page and press a button of it.

        Parameters
        ----------
        action
            How the form's address ends.
        fill
            New values by field name; a list for several.
        button
            Name and value of the button, for forms with more than one.
        status
            The expected status of the page one arrives at.
        holding
            A hidden value of the form, where several are sent to the same address.
        """
        form = self.form(action, holding)
        names = {str(c.get("name")) for c in form.find_all(["input", "select", "textarea"]) if c.get("name")}
        fill = fill or {}
        assert set(fill) <= names, f"not on the page: {set(fill) - names}"
        for select in form.find_all("select"):
            wanted = fill.get(str(select.get("name")))
            for value in wanted if isinstance(wanted, list) else [wanted]:
                assert value is None or str(value) in _options(select), f"{select.get('name')} offers no {value}"
        sent = [(name, value) for name, value in values_of(form) if name not in fill]
        for name, value in fill.items():
            sent += [(name, str(one)) for one in (value if isinstance(value, list) else [value])]
        if button:
            assert form.find(["button", "input"], attrs={"name": button[0], "value": button[1]}), f"no button {button}"
            sent.append(button)
        data: dict[str, list[str]] = {}
        for name, value in sent:
            data.setdefault(name, []).append(value)
        target = str(form.get("action") or self.address)
        arrived = self._arrive(
            self.client.post(target, data=data, follow_redirects=True, headers={"Accept-Language": self.language})
        )
        assert self.status == status, f"{target} answered {self.status}: {self.text[:800]}"
        return arrived
