"""Reads off a course's own words which languages it teaches, as a guess with its strength.

Most descriptions of language classes name the language and no form field does. Names of languages are
known in 36 languages; a bare name may also be an adjective ("Japanese pop culture"), so what stands around
it decides how sure the guess is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from types import MappingProxyType
from typing import NamedTuple

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
_UNSPACED_SIGN = re.compile("[\u0e00-\u0e7f\u3040-\ud7ff]")
_WORD = re.compile(r"\w+")
# A language's name or abbreviation, and its primary tag.
_Name = tuple[str, str]
_CLASS_AFTER = r"\s+(?:class|course|lessons?|learners?|majors?)\b"


class LanguagePatterns(NamedTuple):
    """What tells that a language is the subject, is practised or is mentioned, for small letters.

    Parameters
    ----------
    subject, mention, practice : re.Pattern
        Of the names that are written with spaces between words.
    unspaced : tuple of str
        The names in other scripts, which count wherever they are.
    """

    subject: re.Pattern[str]
    mention: re.Pattern[str]
    practice: re.Pattern[str]
    unspaced: tuple[str, ...]


@cache
def language_patterns(code: str) -> LanguagePatterns:
    """Return the patterns of a language of the table of names."""
    names = language_names()[code]
    name = rf"\b(?:{'|'.join(re.escape(name) for name in names if not _is_unspaced(name))})"
    short = "|".join(_ABBREVIATIONS.get(code, ("(?!)",)))
    return LanguagePatterns(
        re.compile(rf"{name}{_SUBJECT_AFTER}|\b(?:{short})\b"),
        re.compile(rf"{name}\b"),
        re.compile(rf"(?:{_LEARNERS_OF}|{_PRACTISE}){name}\b|{name}{_CLASS_AFTER}"),
        tuple(filter(_is_unspaced, names)),
    )


@cache
def language_names() -> Mapping[str, Sequence[str]]:
    """Return the names of each language, in small letters, by its primary tag."""
    return MappingProxyType({row["code"]: tuple(row["names"].split("|")) for row in read_table("language_names")})


@cache
def _names_by_start() -> tuple[Mapping[str, Sequence[_Name]], Mapping[str, Sequence[_Name]]]:
    """Return names and abbreviations by their first word, and names in scripts without spaces by their first sign."""
    words: defaultdict[str, list[_Name]] = defaultdict(list)
    signs: defaultdict[str, list[_Name]] = defaultdict(list)
    for code, names in language_names().items():
        for name in (*names, *_ABBREVIATIONS.get(code, ())):
            if _is_unspaced(name):
                signs[name[0]].append((name, code))
            else:
                words[_WORD.findall(name)[0]].append((name, code))
    return dict(words), dict(signs)


def _perhaps_named(text: str) -> set[str]:
    """Return the languages of which a name or an abbreviation is in a text.

    No pattern of another language can match: each begins a name at the start of a word and ends it at the end
    of one, so that the name's first word is a word of the text. Trying a few patterns instead of two hundred
    makes the search some forty times faster.
    """
    words, signs = _names_by_start()
    found = {code for word in words.keys() & _WORD.findall(text) for name, code in words[word] if name in text}
    if _UNSPACED_SIGN.search(text):
        found.update(code for sign in signs.keys() & set(text) for name, code in signs[sign] if name in text)
    return found


def _is_unspaced(name: str) -> bool:
    """Tell whether a name is in a script that writes words without spaces (Chinese, Japanese, Thai, Korean)."""
    return _UNSPACED_SIGN.search(name) is not None


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
    in_heading, in_text = _perhaps_named(heading), _perhaps_named(text)
    found: dict[str, float] = {}
    # In the order of the table, since the order of a set is not the same in every process.
    for code in filter((in_heading | in_text).__contains__, language_names()):
        subject, mention, practice, unspaced = language_patterns(code)
        if code in in_heading and (subject.search(heading) or any(name in heading for name in unspaced)):
            found[code] = NAMED_AS_SUBJECT
        elif code in in_text and (practice.search(text) or any(name in text for name in unspaced)):
            found[code] = PRACTISED
        elif code in in_heading and mention.search(heading):
            found[code] = MENTIONED
    # Read-only, because the cache hands out the same object again.
    return MappingProxyType(found)
