"""Rules about the source itself that keep the house in order; each says what to do instead."""

import ast
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from config import ROOT

LONGEST = 300
SOURCES = ("matcher", "webapp", "tests", "tools", "benchmarks")


def python_files(*folders: str) -> list[Path]:
    """Every Python file of some folders, and the settings."""
    found = [path for folder in folders for path in (ROOT / folder).rglob("*.py")]
    return sorted([*found, ROOT / "config.py"])


def names(files: list[Path]) -> list[str]:
    """Their names, for messages."""
    return [str(path.relative_to(ROOT)) for path in files]


@cache
def parsed(path: Path) -> ast.Module:
    """A file as a tree, read once for all the rules."""
    return ast.parse(path.read_text(encoding="utf-8"))


def test_no_python_file_is_longer_than_300_lines() -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in python_files(*SOURCES)
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST} == {}, "split by what the file is about"


def calls_of(name: str, path: Path) -> Iterator[int]:
    """Lines of a file that call something by this name, as a function or as a method."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Call):
            function = node.func
            called = function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", None)
            if called == name:
                yield node.lineno


def test_only_views_jobs_commands_and_the_outbox_commit() -> None:
    allowed = ("views.py", "home.py", "jobs.py", "cli.py", "outbox.py")
    offenders = [p for p in python_files("webapp") if not p.name.endswith(allowed) and any(calls_of("commit", p))]
    assert names(offenders) == [], "let the view or the job commit, once"


def test_no_view_builds_a_query() -> None:
    views = [p for p in python_files("webapp") if p.name.endswith(("views.py", "home.py"))]
    assert names([p for p in views if any(calls_of("select", p))]) == [], "move it to queries.py"


def test_the_old_query_interface_is_not_used() -> None:
    used = [p for p in python_files("webapp") if re.search(r"\b[A-Z]\w+\.query\b", p.read_text(encoding="utf-8"))]
    assert names(used) == []


def assigns_state(path: Path) -> bool:
    """Whether a file sets an attribute called ``state``."""
    for node in ast.walk(parsed(path)):
        targets = node.targets if isinstance(node, ast.Assign) else [getattr(node, "target", None)]
        if any(isinstance(target, ast.Attribute) and target.attr == "state" for target in targets):
            return True
    return False


def test_only_decisions_write_the_state_of_a_match() -> None:
    writers = [p for p in python_files("webapp") if p.parent.name != "profiles" and assigns_state(p)]
    assert names(writers) == ["webapp/matches/decisions.py"]


def imports_of(path: Path) -> set[str]:
    """Top-level names of the packages a file imports."""
    found: set[str] = set()
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.partition(".")[0])
    return found


def test_rules_know_no_web() -> None:
    rules = {"decisions.py", "deadlines.py", "rules.py", "proposals.py", "alternates.py", "completeness.py"}
    offenders = [p for p in python_files("webapp") if p.name in rules and "flask" in imports_of(p)]
    assert names(offenders) == [], "pass in what the rule needs"


def test_the_matcher_knows_neither_web_nor_database() -> None:
    for path in python_files("matcher"):
        if path.parent != ROOT:
            assert not imports_of(path) & {"webapp", "flask", "sqlalchemy", "config"}, path


def test_migrations_never_import_the_app() -> None:
    for path in sorted((ROOT / "migrations" / "versions").glob("*.py")):
        assert not imports_of(path) & {"webapp", "matcher", "config"}, path


def test_there_is_no_room_called_utils() -> None:
    vague = {"utils", "helpers", "common", "misc"}
    assert [p for p in python_files(*SOURCES) if p.stem in vague or p.parent.name in vague] == []


@pytest.mark.parametrize("pattern", [r"\b(TODO|FIXME|XXX)\b", r"NotImplementedError", r"pytest\.(mark\.)?(skip|xfail)"])
def test_nothing_is_left_open_in_the_code(pattern: str) -> None:
    this = Path(__file__)
    left = [p for p in python_files(*SOURCES) if p != this and re.search(pattern, p.read_text(encoding="utf-8"))]
    assert names(left) == []


def test_templates_hold_no_inline_script_or_style() -> None:
    for path in sorted((ROOT / "webapp" / "templates").rglob("*.html")):
        if "mail" in path.relative_to(ROOT / "webapp" / "templates").parts[:1]:
            continue
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=", text), path
        assert not re.search(r"""(?:src|href|action)=["']?(?:https?:)?//""", text), f"{path}: another host"


def test_what_is_tracked_is_source() -> None:
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert [name for name in tracked if name.endswith((".mo", ".pyc", ".sqlite3")) or name.startswith("var/")] == []
