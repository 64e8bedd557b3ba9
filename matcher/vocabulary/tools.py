"""Tools classes work with: ids, names, kinds, and countries where they are commonly blocked.

The list of countries is general knowledge of autumn 2026 with the confidence given in the table; blocks
come and go and differ between networks. It is a suggestion for a form, to be corrected by each lecturer and
editable in data/tools.csv. No rule reads it: only what a profile itself calls blocked is blocked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from matcher.vocabulary.tables import read_table


@dataclass(frozen=True)
class Tool:
    """A tool of the vocabulary.

    `kind` is one of meeting, documents, whiteboard, course platform, messages, social media, video, quiz;
    `blocked_in` holds ISO 3166-1 alpha-2 codes; `confidence` (high, medium, low) is about `blocked_in`.
    """

    tool_id: str
    name: str
    kind: str
    blocked_in: tuple[str, ...]
    confidence: str


_ROWS = read_table("tools")

TOOLS: dict[str, Tool] = {
    row["tool_id"]: Tool(row["tool_id"], row["name"], row["kind"], tuple(row["blocked_in"].split()), row["confidence"])
    for row in _ROWS
}


def _key(text: str) -> str:
    return re.sub(r"[\W_]+", " ", text.casefold()).strip()


_IDS = {
    _key(name): row["tool_id"]
    for row in _ROWS
    for name in (row["tool_id"], row["name"], *filter(None, row["also_written"].split("|")))
}


def tool_id(text: str) -> str:
    """Return the id of a tool given by id or name; free text in small letters otherwise.

    So two profiles that name the same tool agree however they write it: `MS Teams` and `teams` both give
    ``teams``.
    """
    return _IDS.get(_key(text)) or " ".join(text.casefold().split())


def tool_name(tool: str) -> str:
    """Return the name of a tool, or the text itself when it is free text."""
    return TOOLS[tool].name if tool in TOOLS else tool


def commonly_blocked(country: str) -> tuple[Tool, ...]:
    """Return the tools commonly blocked in a country (ISO 3166-1 alpha-2), in the order of the table."""
    return tuple(tool for tool in TOOLS.values() if country in tool.blocked_in)
