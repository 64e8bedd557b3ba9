"""Skills that the words of a text name: those that students are to practise."""

import csv
import re
from functools import cache
from importlib.resources import files

from webapp.syllabus.page_text import Page
from webapp.syllabus.passages import around, is_unspaced
from webapp.syllabus.suggestion import Suggestion

MOST = 5
_ONCE, _OFTEN, _OUTCOME = 0.65, 0.8, 0.9


@cache
def _words() -> dict[str, tuple[str, ...]]:
    """Words of each skill in all languages, in small letters."""
    text = files("webapp.syllabus").joinpath("data", "skill_words.csv").read_text(encoding="utf-8")
    return {row["skill"]: tuple(row["words"].split("|")) for row in csv.DictReader(text.splitlines())}


def _places(small: str, words: tuple[str, ...]) -> list[tuple[int, int]]:
    """Where any of the words stands; trying only those that are somewhere is fifty times faster."""
    there = [word for word in words if word in small]
    each = (re.escape(w) if is_unspaced(w) else rf"(?<!\w){re.escape(w)}(?!\w)" for w in there)
    return [match.span() for match in re.finditer("|".join(each), small)] if there else []


def suggest_skills(page: Page) -> list[Suggestion]:
    """Suggest the skills a text names, those of the learning outcomes and those named most often first."""
    outcomes = "\n".join(part.text for part in page.under("outcomes")).lower()
    small = page.text.lower()
    if len(small) != len(page.text):
        small = page.text
    found: list[tuple[bool, int, int, str, str]] = []
    for skill, words in _words().items():
        hits = _places(small, words)
        if hits:
            found.append((not _places(outcomes, words), -len(hits), hits[0][0], skill, around(page.text, *hits[0])))
    chosen = sorted(found)[:MOST]
    if not chosen:
        return []
    is_elsewhere, n, *_rest = chosen[0]
    chance = _OUTCOME if not is_elsewhere else _OFTEN if n < -1 else _ONCE
    why = " / ".join(dict.fromkeys(one[4] for one in chosen))
    return [Suggestion("skills", {"skills": [one[3] for one in chosen]}, why, chance)]
