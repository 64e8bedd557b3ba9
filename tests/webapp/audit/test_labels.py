"""The words of the audit log."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from config import ROOT
from webapp.audit.columns import COLUMN_LABELS, COURSE_LABELS, VALUE_LABELS, column_label
from webapp.audit.labels import ACTION_LABELS, action_label
from webapp.institutions.models import Chain, TargetScope
from webapp.matches.labels import REASONS
from webapp.matches.lifecycle import State
from webapp.offices.bulk_log import PLAIN
from webapp.profiles.rules import COLUMNS
from webapp.rounds.models import DecisionKind, RoundState

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


def told(path: Path) -> Iterator[str]:
    """Keys of what a file tells the log of before and after, as far as they are written out in the call."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        called = getattr(node, "func", None)
        name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", None)
        if not isinstance(node, ast.Call) or name not in WRITERS:
            continue
        facts = [keyword.value for keyword in node.keywords if keyword.arg in ("before", "after")]
        for fact in [*node.args, *facts]:
            if isinstance(fact, ast.Dict):
                yield from (key.value for key in fact.keys if isinstance(key, ast.Constant))


def test_every_column_told_of_has_words() -> None:
    found = {key for path in (ROOT / "webapp").rglob("*.py") for key in told(path)}
    assert {"verified_at", "reason"} <= found
    assert sorted(found - set(COLUMN_LABELS)) == [], "give it a line in webapp/audit/columns.py"


@pytest.mark.parametrize(
    ("column", "codes"),
    [
        ("state", {*State, *RoundState}),
        ("kind", set(DecisionKind)),
        ("scope", set(TargetScope)),
        ("chain", set(Chain)),
        ("reason", set(REASONS)),
    ],
)
def test_every_code_of_a_column_has_words(column: str, codes: set[str]) -> None:
    assert set(VALUE_LABELS[column]) == codes


def test_every_part_of_a_course_that_an_import_changes_has_words() -> None:
    assert set(PLAIN) | set(COURSE_LABELS) == set(COLUMNS)
    assert set(PLAIN) <= set(COLUMN_LABELS)


def test_reasons_are_called_as_where_they_are_chosen(context: Flask) -> None:
    assert {code: str(label) for code, label in VALUE_LABELS["reason"].items()} == {
        code: str(label) for code, label in REASONS.items()
    }


def test_a_column_without_words_is_spelled_out(context: Flask) -> None:
    assert column_label("partner_id") == "Partner"
    assert column_label("some_thing") == "Some thing"
