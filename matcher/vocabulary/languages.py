"""Languages by BCP 47 primary subtag."""

from __future__ import annotations

import re

from matcher.vocabulary.tables import read_table

_TAG = re.compile(r"[A-Za-z]{2,3}([-_][A-Za-z0-9]{1,8})*")
_ROWS = read_table("languages")

# English names by primary subtag.
LANGUAGES: dict[str, str] = {row["code"]: row["name_en"] for row in _ROWS}
_ALSO_WRITTEN = {other: row["code"] for row in _ROWS for other in row["also_written"].split()}


def primary_language(tag: str) -> str:
    """Return the primary language of a BCP 47 tag, one code for one language.

    Regions and scripts are dropped (``en-GB`` and ``EN`` give ``en``), three-letter codes and old codes give
    the usual one (``jpn`` gives ``ja``, ``tl`` gives ``fil``), and the two Norwegian written standards count
    as one language.

    Raises
    ------
    ValueError
        If the text is no tag or the two letters are no language.
    """
    if not _TAG.fullmatch(tag):
        raise ValueError(f"must be a language code such as en, ja or fil, not {tag!r}")
    code = re.split("[-_]", tag.lower())[0]
    code = _ALSO_WRITTEN.get(code, code)
    # The table holds every two-letter language; three-letter codes number thousands and pass unchecked.
    if len(code) == len("en") and code not in LANGUAGES:
        raise ValueError(f"{tag!r} is not the code of a language")
    return code


def language_name(code: str) -> str:
    """Return the English name of a language, or the code itself when it is unknown."""
    return LANGUAGES.get(code, code)
