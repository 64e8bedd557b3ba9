"""Reads off a course's own words which languages it teaches, as a guess with its strength.

Most descriptions of language classes name the language and no form field does. Names of languages are
known in 36 languages; a bare name may also be an adjective ("Japanese pop culture"), so what stands around
it decides how sure the guess is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from types import MappingProxyType

from matcher.vocabulary.tables import read_table

# How sure a language is taught that the heading names ...
NAMED_AS_SUBJECT = 1.0
# ... that the text says students learn or practise ...
PRACTISED = 0.7
# ... that the heading merely mentions.
MENTIONED = 0.6

_ABBREVIATIONS = {
    "en": ("efl", "esl", "esp", "eap", "tefl", "tesol", "ielts", "toefl", "toeic"),
    "fr": ("fle", "delf", "dalf"),
    "de": ("daf", "daz"),
    "es": ("ele", "dele"),
    "ja": ("jlpt",),
    "zh": ("hsk",),
}
_SUBJECT_AFTER = (
    r"(?:\s+(?:language|languages|as\s+an?|for|course|courses|class|classes|lesson|lessons|studies|philology|majors?"
    r"|teacher|teachers|teaching|workshop|skills|proficiency|programme|program|communication|conversation"
    r"|[ivx]+|[abc][12]|[0-9]+)\b|\s*[;,/():.]|\s*$)"
)
_LEARNERS_OF = r"\b(?:learners?|students?|class(?:es)?|course|majors?|lessons?)\s+(?:of|in)\s+"
_PRACTISE = (
    r"\b(?:practi[sc](?:e|ing)|improv(?:e|ing)(?:\s+their)?|speak(?:ing)?|learn(?:ing)?|us(?:e|ing)|teach(?:ing)?)"
    r"\s+(?:their\s+)?"
)
_CLASS_AFTER = r"\s+(?:class|course|lessons?|learners?|majors?)\b"


@cache
def _patterns() -> tuple[tuple[str, re.Pattern[str], re.Pattern[str], re.Pattern[str], tuple[str, ...]], ...]:
    """Return code, subject pattern, mention pattern, practice pattern and names in scripts without spaces."""
    rows = []
    for row in read_table("language_names"):
        names = row["names"].split("|")
        spaced = [re.escape(name) for name in names if not _is_unspaced(name)]
        name = rf"\b(?:{'|'.join(spaced)})"
        short = "|".join(_ABBREVIATIONS.get(row["code"], ("(?!)",)))
        rows.append(
            (
                row["code"],
                re.compile(rf"{name}{_SUBJECT_AFTER}|\b(?:{short})\b"),
                re.compile(rf"{name}\b"),
                re.compile(rf"(?:{_LEARNERS_OF}|{_PRACTISE}){name}\b|{name}{_CLASS_AFTER}"),
                tuple(name for name in names if _is_unspaced(name)),
            )
        )
    return tuple(rows)


def _is_unspaced(name: str) -> bool:
    """Tell whether a name is in a script that writes words without spaces (Chinese, Japanese, Thai, Korean)."""
    return any("\u0e00" <= sign <= "\u0e7f" or "\u3040" <= sign <= "\ud7ff" for sign in name)


@lru_cache(maxsize=1 << 16)
def taught_languages(heading: str, text: str = "") -> Mapping[str, float]:
    """Return the languages a course seems to teach, with the strength of each guess.

    Parameters
    ----------
    heading : str
        Title and discipline, which name the subject.
    text : str, optional
        The description, of which only sayings such as "learners of Korean" count.

    Returns
    -------
    Mapping
        Primary language to strength: 1.0, 0.7 or 0.6 (see the constants); empty when none is named.
    """
    heading, text = heading.casefold(), text.casefold()
    found: dict[str, float] = {}
    for code, subject, mention, practice, unspaced in _patterns():
        if subject.search(heading) or any(name in heading for name in unspaced):
            found[code] = NAMED_AS_SUBJECT
        elif practice.search(text) or any(name in text for name in unspaced):
            found[code] = PRACTISED
        elif mention.search(heading):
            found[code] = MENTIONED
    # Read-only, because the cache hands out the same object again.
    return MappingProxyType(found)
