"""Every language is complete, says the same with the same placeholders, and is up to date with the source."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from config import ROOT
from webapp.i18n import LANGUAGES, SOURCE_LANGUAGE

TRANSLATED = [language for language in LANGUAGES if language != SOURCE_LANGUAGE]
PLACEHOLDER = re.compile(r"%\((\w+)\)[a-z]|%%")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "lazy_gettext": None,
    "_l": None,
    "N_": None,
    "ngettext": (1, 2),
    "lazy_ngettext": (1, 2),
    "pgettext": ((1, "c"), 2),
    "lazy_pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def catalogue(language: str) -> Catalog:
    """Read one language's catalogue."""
    with (ROOT / "translations" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=language)


def messages(of: Catalog) -> Iterator[Message]:
    """Its messages without the header."""
    return (message for message in of if message.id)


@pytest.fixture(scope="module")
def in_source() -> set[tuple[str | None, str]]:
    """Every text in the source, as (context, text); of a plural the singular."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, methods, options, KEYWORDS, directory_filter=_is_ours)
    return {(context, text if isinstance(text, str) else text[0]) for _, _, text, _, context in found}


def _is_ours(folder: str | Path) -> bool:
    return Path(folder).name not in {".venv", ".git", "var", "tests", "node_modules"}


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_of_the_source_is_in_the_catalogue(language: str, in_source: set[tuple[str | None, str]]) -> None:
    known = {(m.context, m.id if isinstance(m.id, str) else m.id[0]) for m in messages(catalogue(language))}
    assert sorted(map(str, in_source - known)) == [], "run `make messages` and translate what is new"
    assert sorted(map(str, known - in_source)) == [], "run `make messages` to drop what is no longer said"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_text_is_translated(language: str) -> None:
    """Counted by hand: tools count a plural as done when only one of its forms is."""
    empty = [
        m.id
        for m in messages(catalogue(language))
        if m.fuzzy or not all(m.string if isinstance(m.string, tuple) else [m.string])
    ]
    assert empty == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_plurals_have_as_many_forms_as_the_language(language: str) -> None:
    of = catalogue(language)
    wrong = [m.id for m in messages(of) if isinstance(m.id, tuple) and len(m.string) != of.num_plurals]
    assert wrong == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_the_placeholders(language: str) -> None:
    differing = []
    for message in messages(catalogue(language)):
        ids = message.id if isinstance(message.id, tuple) else (message.id,)
        strings = message.string if isinstance(message.string, tuple) else (message.string,)
        wanted = set().union(*(PLACEHOLDER.findall(text) for text in ids))
        # A form for one thing may leave out the number, as "a week" does; nothing may be added.
        for text in strings:
            given = set(PLACEHOLDER.findall(text))
            if given - wanted or (isinstance(message.id, str) and given != wanted):
                differing.append((message.id, text))
    assert differing == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_no_faults_of_form(language: str) -> None:
    of = catalogue(language)
    faults = [(m.id, str(error)) for m in messages(of) for error in m.check(of)]
    assert faults == []
