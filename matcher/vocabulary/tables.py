"""Reads the tables under data/; their origins and licences are in data/README.md."""

from __future__ import annotations

import csv
from importlib.resources import files


def read_table(name: str) -> list[dict[str, str]]:
    """Return the rows of data/<name>.csv as mappings from column to text, in file order."""
    text = files("matcher.vocabulary").joinpath("data", f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))
