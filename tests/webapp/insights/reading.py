"""What stands on a page of insights: the cells of its tables, by figure and row."""

import re
from html import unescape

Tables = dict[str, dict[str, list[str]]]


def tables(page: str) -> Tables:
    """Read every table of figures out of a page."""
    found: Tables = {}
    for code, body in re.findall(r'<table data-figure="([a-z-]+)">(.*?)</table>', page, re.S):
        found[code] = {
            key: [unescape(cell) for cell in re.findall(r"<td[^>]*>(.*?)</td>", row)]
            for key, row in re.findall(r'<tr data-key="([^"]*)">(.*?)</tr>', body, re.S)
        }
    return found


def as_number(cell: str) -> float:
    """A number as it stands on an English page."""
    text = cell.replace(",", "").replace("\u202f", "").replace("\xa0", "")
    return float(text.removesuffix("%").strip()) / 100 if text.endswith("%") else float(text)
