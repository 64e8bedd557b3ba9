"""Names and words in a form that can be compared: small letters, no accents, no punctuation, no plural."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from matcher.profile import CourseProfile

_ACCENTS = re.compile("[\u0300-\u036f]")
# Scripts that write no spaces between words, and Korean, which joins nouns and adds particles to them: a word is
# looked for inside the text instead. Latin words among them, as in "AIと社会", end where the script changes.
_NO_SPACES = re.compile(
    "([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff]+)"
)
# Words that say nothing about a topic.
_SMALL_WORDS = frozenset({"a", "an", "and", "for", "in", "of", "on", "or", "the", "to", "with"})


class _Kept(dict[int, str]):
    """Maps letters, vowel signs and digits to themselves and all else to a space; looks each up once."""

    def __missing__(self, code: int) -> str:
        sign = chr(code)
        return self.setdefault(code, sign if unicodedata.category(sign)[0] in "LMN" else " ")


_KEPT = _Kept()


def plain(text: str) -> str:
    """Return a text in small letters with single spaces, without the accents of Latin, Greek and Cyrillic
    letters and without punctuation; vowel signs of Asian scripts stay, since they tell words apart.
    """
    text = text.casefold()
    if text.isascii():
        # Nothing to decompose, which is most of the time a text takes.
        return " ".join(text.replace("&", " and ").translate(_KEPT).split())
    decomposed = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    composed = unicodedata.normalize("NFC", decomposed.replace("&", " and "))
    return " ".join(composed.translate(_KEPT).split())


@lru_cache(maxsize=1 << 16)
def stem(word: str) -> str:
    """Return an English word without its plural ending; other words of the same shape are cut alike."""
    if len(word) < 4 or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zes")):
        return word[:-2]
    return word.removesuffix("s")


def stems(text: str) -> frozenset[str]:
    """Return the stems of the words of a text, without small words such as "and"."""
    return _stems_of_plain(plain(text))


def is_looked_for_inside(word: str) -> bool:
    """Tell whether a word may be part of a longer one, because its script writes no spaces between words."""
    return _NO_SPACES.search(word) is not None


def same_name_key(name: str) -> str:
    """Return what two spellings of an institution's name have in common.

    Case, accents, punctuation, "&" for "and" and a leading "the" make no difference.
    """
    return plain(name).removeprefix("the ") or name.strip().casefold()


@dataclass(frozen=True)
class CourseText:
    """The words of a course.

    Parameters
    ----------
    is_known : bool
        Whether there is more than a title and a discipline, so that a word not found is really missing.
    stems : frozenset of str
    plain : str
        The whole text in small letters.
    """

    is_known: bool
    stems: frozenset[str]
    plain: str

    @classmethod
    def of(cls, profile: CourseProfile) -> CourseText:
        """Return the words of title, discipline, description, outcomes and keywords."""
        detail = (profile.description or "", *profile.outcomes, *profile.keywords)
        text = plain("\n".join((profile.title, profile.discipline or "", *detail)))
        return cls(any(part.strip() for part in detail), _stems_of_plain(text), text)

    @classmethod
    def of_heading(cls, profile: CourseProfile) -> CourseText:
        """Return the words of title and discipline only, which name the subject."""
        text = plain(f"{profile.title}\n{profile.discipline or ''}")
        return cls(False, _stems_of_plain(text), text)

    def has(self, word: str) -> bool:
        """Tell whether a stem occurs, inside longer words too where a script writes no spaces."""
        return word in self.stems or (is_looked_for_inside(word) and word in self.plain)

    def those_of(self, words: frozenset[str]) -> frozenset[str]:
        """Return which of many stems occur, as `has` tells of each."""
        inside = {word for word in words - self.stems if is_looked_for_inside(word) and word in self.plain}
        return words & self.stems | inside


def _stems_of_plain(text: str) -> frozenset[str]:
    if not text.isascii():
        text = _NO_SPACES.sub(r" \1 ", text)
    return frozenset(stem(word) for word in text.split() if word not in _SMALL_WORDS)
