"""The words of the audit log."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from flask import Flask

from config import ROOT
from webapp.audit.labels import ACTION_LABELS, action_label

WRITERS = ("note", "_log", "_note")
"""Functions whose first argument is the code of what was done: the log's own, and short forms beside rules, which
are also known by what they are told of before and after."""


def codes(path: Path) -> Iterator[str]:
    """Codes a file writes to the audit log."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        function = node.func
        called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)
        if called in WRITERS or {"before", "after"} & {keyword.arg for keyword in node.keywords}:
            yield from (
                str(part.value)
                for part in ast.walk(node.args[0])
                if isinstance(part, ast.Constant) and re.fullmatch(r"[a-z_]+\.[a-z_]+", str(part.value))
            )


def written() -> set[str]:
    """Every code the service writes."""
    return {code for path in (ROOT / "webapp").rglob("*.py") for code in codes(path)}


def test_every_code_in_the_sources_has_words() -> None:
    assert written() >= {"accounts.verify", "accounts.refuse"}
    assert sorted(written() - set(ACTION_LABELS)) == [], "give it a line in webapp/audit/labels.py"


def test_a_code_is_shown_as_its_words(context: Flask) -> None:
    assert action_label("accounts.verify") == "Verified a person"
    assert action_label("nothing.known") == "nothing.known"
