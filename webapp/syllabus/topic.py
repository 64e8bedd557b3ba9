"""The field of education and the goals a text speaks of, as the sentence model tells.

Measured on courses whose field was set by hand: 104 sides of real partnerships (title and description, the
subject withheld) and 140 texts on 14 topics in ten languages. Something is suggested for 85 of the 104 and 129 of
the 140; the right broad field is among the suggestion and its two alternates for 76 and 125 of these. On every
third partnership, 26 of 35 get a suggestion: its broad field is right for 22, the whole code for 20. Of the goals
suggested for the 140 texts 60 are right and 5 wrong, and 60 others are not found: silence is meant to be the
usual mistake. `tests/webapp/syllabus/test_topic.py` repeats the count on a part.
"""

import re

import numpy as np

from matcher.background import DETAILED_FIELDS
from matcher.vocabulary.isced import FIELDS
from matcher.vocabulary.sdg import FIRST_GOAL, GOALS, LAST_GOAL
from matcher.vocabulary.taught_languages import NAMED_AS_SUBJECT, taught_languages
from webapp.syllabus.meaning import Doubles, Meaning
from webapp.syllabus.page_text import Page
from webapp.syllabus.passages import around
from webapp.syllabus.suggestion import Suggestion

SHARPNESS = 22.0
"""Chance of a field from its nearness: at this value the mean chance of the best field equals how often it is right."""
_LANGUAGE_CLASS, _LANGUAGE_BONUS = "0231", 0.1
_DETAILED_FROM, _NARROW_FROM, _BROAD_FROM, _ONE_OF_THREE_FROM = 0.4, 0.5, 0.5, 0.3
_LEAST_NEARNESS = 0.17
_ALTERNATES = 2
_GOAL_LIKELY, _GOAL_PERHAPS = 0.25, 0.22
_GOAL_NAMED, _GOAL_LIKELY_CHANCE, _GOAL_PERHAPS_CHANCE = 0.95, 0.8, 0.65
MOST_GOALS = 3
_GOAL = re.compile(
    r"(?:\b(?:SDGs?|ODD|ODS|OSS|ЦУР|TPB|Sustainable Development Goals?|Global Goals?)|"
    r"可持续发展目标|永續發展目標|지속가능발전목표)[ \t]*(?:n[°º.] ?|#|:|：|第)?[ \t]*"
    r"(\d{1,2}(?!\d)(?:[ \t]*(?:[,、，&+・]|and|et|und|y|e|dan|và|和)[ \t]*(?:SDG ?|OD[DS] ?)?\d{1,2}(?!\d|[ \t]*%))*)"
)


def suggest_field(vector: Doubles, title: str, meaning: Meaning) -> list[Suggestion]:
    """Suggest the field of education with two alternates.

    Parameters
    ----------
    vector
        Of the course, see `Meaning.of_course`.
    title
        A title that names a language as its subject speaks for language classes.
    meaning
        The fields' vectors.
    """
    nearness = meaning.fields @ vector
    if nearness.max() < _LEAST_NEARNESS:
        return []
    if any(sure >= NAMED_AS_SUBJECT for sure in taught_languages(title).values()):
        nearness[DETAILED_FIELDS.index(_LANGUAGE_CLASS)] += _LANGUAGE_BONUS
    weight = np.exp(SHARPNESS * (nearness - nearness.max()))
    chances = dict(zip(DETAILED_FIELDS, (weight / weight.sum()).tolist(), strict=True))
    chosen = _deepest_sure(chances)
    if chosen is None:
        return []
    code, chance = chosen
    others = sorted(((other, its) for other, its in chances.items() if other != code), key=lambda pair: -pair[1])
    return [Suggestion("isced_f", {"isced_f": code}, "", round(chance, 4), tuple(others[:_ALTERNATES]))]


def _deepest_sure(chances: dict[str, float]) -> tuple[str, float] | None:
    """The most detailed field that is likely enough."""
    for digits, least in ((4, _DETAILED_FROM), (3, _NARROW_FROM), (2, _BROAD_FROM), (4, _ONE_OF_THREE_FROM)):
        above: dict[str, float] = {}
        for code, chance in chances.items():
            above[code[:digits]] = above.get(code[:digits], 0.0) + chance
        best = max(above, key=lambda code: above[code])
        if above[best] >= least:
            return _offered(best, chances), above[best]
    return None


def _offered(code: str, chances: dict[str, float]) -> str:
    """A narrow field named like the field above or below it is not in the list to choose from."""
    if len(code) != len("000"):
        return code
    if FIELDS[code] == FIELDS[code[:2]]:
        return code[:2]
    below = [it for it in chances if it.startswith(code)]
    return next((it for it in below if FIELDS[it] == FIELDS[code]), code)


def suggest_goals(page: Page, vector: Doubles | None, meaning: Meaning) -> list[Suggestion]:
    """Suggest at most three goals: those the text names by number, then those it is near to."""
    named: dict[int, str] = {}
    for match in _GOAL.finditer(page.text):
        for number in map(int, re.findall(r"\d+", match.group(1))):
            if FIRST_GOAL <= number <= LAST_GOAL:
                named.setdefault(number, around(page.text, match.start(), match.end()))
    if named:
        goals = list(named)[:MOST_GOALS]
        why = " / ".join(dict.fromkeys(named[goal] for goal in goals))
        return [Suggestion("sdgs", {"sdgs": sorted(goals)}, why, _GOAL_NAMED)]
    if vector is None:
        return []
    nearness = dict(zip(GOALS, (meaning.goals @ vector).tolist(), strict=True))
    near = sorted((n for n in nearness if nearness[n] >= _GOAL_PERHAPS), key=lambda n: -nearness[n])[:MOST_GOALS]
    if not near:
        return []
    chance = _GOAL_LIKELY_CHANCE if nearness[near[-1]] >= _GOAL_LIKELY else _GOAL_PERHAPS_CHANCE
    return [Suggestion("sdgs", {"sdgs": sorted(near)}, "", chance)]
