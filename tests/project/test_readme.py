"""The README names every setting with its default, every job, every folder and every command it promises."""

import re

import pytest

from config import ROOT, Settings
from webapp.jobs import JOBS

README = (ROOT / "README.md").read_text(encoding="utf-8")
FIELDS = Settings.model_fields


def setting_row(name: str) -> str:
    """The line of the settings table about one setting."""
    found = re.search(rf"^\| `CAUSEWAY_{name.upper()}` \|.*$", README, re.MULTILINE)
    return found.group(0) if found else ""


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting_is_explained_with_its_own_words(name: str) -> None:
    assert FIELDS[name].description
    assert FIELDS[name].description in setting_row(name)


def test_the_readme_names_no_setting_that_is_gone() -> None:
    named = {name.lower() for name in re.findall(r"^\| `CAUSEWAY_([A-Z_]+)`", README, re.MULTILINE)}
    assert named == set(FIELDS)


def test_every_job_is_in_the_readme() -> None:
    missing = [job for job in JOBS if f"| `{job}` |" not in README]
    assert missing == []


def test_the_folders_of_the_readme_exist_and_none_is_left_out() -> None:
    for name in re.findall(r"^\| `([a-z/]+/)`", README, re.MULTILINE):
        assert (ROOT / name).is_dir(), name
    rooms = {path.name for path in (ROOT / "webapp").iterdir() if (path / "__init__.py").exists()}
    assert [room for room in rooms if f"`webapp/{room}/`" not in README] == []


def test_the_commands_of_the_readme_are_in_the_makefile() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"`?make ([a-z]+)", README))
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_the_pictures_of_the_readme_exist() -> None:
    for picture in re.findall(r"\]\((docs/[^)]+)\)", README):
        assert (ROOT / picture).stat().st_size > 10_000, picture


@pytest.mark.parametrize("name", FIELDS)
def test_every_setting_is_used(name: str) -> None:
    sources = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "webapp").rglob("*.py"))
    assert f"settings.{name}" in sources or f'["SETTINGS"].{name}' in sources
