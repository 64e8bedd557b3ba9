"""A course form filled in completely, and how a browser would send a page back."""

from html.parser import HTMLParser
from typing import Any

FULL: dict[str, Any] = {
    "title": "Rivers & cities",
    "discipline": "Hydrology <applied>",
    "isced_f": "0521",
    "description": "Students measure a river.\nThey compare what they find.",
    "outcomes": "Read a flood map\nExplain it to a council",
    "keywords": "floods, maps, 川",
    "level": "bachelor",
    "eqf": "6",
    "students": "28",
    "students_most": "34",
    "capacity": "2",
    "exchange_languages-0-language": "en",
    "exchange_languages-0-level": "B2",
    "exchange_languages-1-language": "fr",
    "exchange_languages-1-level": "",
    "native_languages-0": "vi",
    "learning_languages-0": "en",
    "learning_languages-1": "ja",
    "term_name": "Semester 2",
    "starts_on": "2027-02-15",
    "ends_on": "2027-06-04",
    "weeks_wanted": "6",
    "breaks-0-first": "2027-04-26",
    "breaks-0-last": "2027-05-02",
    "time_zone": "Asia/Ho_Chi_Minh",
    "slots-0-weekday": "tue",
    "slots-0-start": "09:00",
    "slots-0-end": "10:30",
    "slots-1-weekday": "mon",
    "slots-1-start": "15:00",
    "slots-1-end": "16:00",
    "mode": "mixed",
    "tools": ["zoom", "miro"],
    "tools_other": "our own wiki",
    "blocked_tools": ["facebook"],
    "blocked_other": "the neighbour's wiki",
    "bandwidth": "medium",
    "themes": "flood walls, town halls",
    "sdgs": ["6", "11"],
    "skills": ["U1.5", "D2.4"],
    "wish_field": "complementary",
    "wish_regions": ["europe"],
    "wish_countries": ["FI", "PT"],
    "wish_disciplines": "geography, law",
    "must_have_topic": "water",
}
"""Every field of the form with a value that is accepted."""


class SentBack(HTMLParser):
    """Reads what a browser would send for the form of a page: names with their values, several in a list."""

    def __init__(self) -> None:
        super().__init__()
        self.values: dict[str, list[str]] = {}
        self._select: str | None = None
        self._textarea: str | None = None

    def _add(self, name: str | None, value: str) -> None:
        if name:
            self.values.setdefault(name, []).append(value)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note inputs, and where selects and text areas begin."""
        given = dict(attrs)
        name, value = given.get("name"), given.get("value") or ""
        if tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self._add(self._select, value)
        elif tag == "textarea":
            self._textarea = name
            self._add(name, "")
        elif tag == "input" and (given.get("type") not in ("checkbox", "radio") or "checked" in given):
            self._add(name, value)

    def handle_endtag(self, tag: str) -> None:
        """Note where selects and text areas end."""
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            self._textarea = None

    def handle_data(self, data: str) -> None:
        """Collect the text of a text area."""
        if self._textarea:
            self.values[self._textarea][-1] += data


def sent_back(page: str) -> dict[str, list[str]]:
    """Give what a browser would send for the forms of a page, without the line end that opens a text area."""
    reader = SentBack()
    reader.feed(page)
    return {
        name: [value.replace("\r\n", "\n").removeprefix("\n") for value in values]
        for name, values in reader.values.items()
    }


def as_lists(data: dict[str, Any]) -> dict[str, list[str]]:
    """Give form data with every value in a list."""
    return {name: value if isinstance(value, list) else [value] for name, value in data.items()}
