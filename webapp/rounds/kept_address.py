"""Filters and page of a list, kept while something is done to one of its rows: the way back leads where one was."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

PAIRS = ("text", "country", "institution", "at_least", "at_most", "warning", "locked", "order", "page", "as")
"""What the address of a round's pairs may say; see `draft_forms.PairFilterForm`."""
LEFT_OUT = ("text", "country", "reason", "helped", "page")
"""What the address of the courses left out may say; see `left_out_forms.LeftOutFilterForm`."""

_LONGEST = 2000


def of_pairs(address: Mapping[str, str]) -> dict[str, Any]:
    """Pick from an address what says which pairs of a round are shown."""
    return {name: address[name] for name in PAIRS if address.get(name)}


def of_left_out(address: Mapping[str, str]) -> dict[str, Any]:
    """Pick from an address what says which courses left out are shown."""
    return {name: address[name] for name in LEFT_OUT if address.get(name)}


def packed(kept: Mapping[str, str]) -> str:
    """Write it for a hidden field."""
    return urlencode(kept)


def pairs_of(field: str) -> dict[str, Any]:
    """Read which pairs were shown from a hidden field; whatever else it says is forgotten."""
    return of_pairs(dict(parse_qsl(field[:_LONGEST])))
