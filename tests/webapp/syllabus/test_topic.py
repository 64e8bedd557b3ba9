"""How often the field of education and the goals are right, counted on courses whose field was set by hand."""

import csv
import json
from functools import cache
from pathlib import Path
from typing import NamedTuple

from matcher.background import FIELD_TEXTS
from matcher.embedders import clean_text
from webapp.syllabus.meaning import Doubles, Meaning
from webapp.syllabus.page_text import Page
from webapp.syllabus.topic import suggest_field, suggest_goals
from webapp.syllabus.vectors import delivered, goal_texts, subject_texts

DATA = Path(__file__).parent / "data"
MATCHER_DATA = Path(__file__).parents[2] / "matcher" / "data"
NOTHING = Page("", (), (), "")


class Case(NamedTuple):
    """A course with what is right for it."""

    title: str
    description: str
    field: str
    goals: frozenset[int]


@cache
def meaning() -> Meaning:
    return Meaning()


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def partnerships() -> list[Case]:
    """Sides of real partnerships; their subject is withheld."""
    field = {row["discipline"]: row["field"] for row in rows(DATA / "disciplines.csv")}
    lines = (MATCHER_DATA / "coil_pairs_dev.jsonl").read_text(encoding="utf-8").splitlines()
    sides = [side for line in lines for side in (json.loads(line)["a"], json.loads(line)["b"])]
    return [
        Case(side["course_title"], side["description"], field[side["discipline"]], frozenset())
        for side in sides
        if side.get("discipline") in field and side.get("description") and side.get("course_title")
    ]


def topics(languages: str = "de en fr hi id ja ko th vi zh") -> list[Case]:
    """Fourteen topics in ten languages."""
    right = {row["topic"]: row for row in rows(DATA / "topics.csv")}
    return [
        Case(row["title"], row["description"], its["field"], frozenset(map(int, its["goals"].split())))
        for row in rows(MATCHER_DATA / "topics_in_ten_languages.csv")
        for its in [right[row["topic"]]]
        if row["language"] in languages.split()
    ]


class Count(NamedTuple):
    """Of how many courses something was suggested, and right."""

    n: int
    suggested: int
    broad: int
    whole: int
    broad_of_three: int


@cache
def vector(case: Case) -> Doubles:
    return meaning().of_course(case.title, case.description)


def counted(cases: list[Case]) -> Count:
    suggested = broad = whole = of_three = 0
    for case in cases:
        found = suggest_field(vector(case), case.title, meaning())
        if not found:
            continue
        code = found[0].values["isced_f"]
        suggested += 1
        broad += code[:2] == case.field[:2]
        whole += case.field.startswith(code)
        of_three += case.field[:2] in {code[:2], *(other[:2] for other, _chance in found[0].alternates)}
    return Count(len(cases), suggested, broad, whole, of_three)


def goals_counted(cases: list[Case]) -> tuple[int, int, int]:
    """Return how many goals are right, wrong and missed."""
    right = wrong = missed = 0
    for case in cases:
        found = suggest_goals(NOTHING, vector(case), meaning())
        goals = set(found[0].values["sdgs"]) if found else set()
        right += len(goals & case.goals)
        wrong += len(goals - case.goals)
        missed += len(case.goals - goals)
    return right, wrong, missed


def test_fields_of_real_partnerships_are_right_as_often_as_written_down() -> None:
    assert counted(partnerships()[::3]) == Count(n=35, suggested=26, broad=22, whole=20, broad_of_three=23)


def test_fields_and_goals_are_mostly_right_in_another_language() -> None:
    cases = topics("vi")
    found = counted(cases)
    right, wrong, _missed = goals_counted(cases)
    assert found.suggested >= 0.8 * found.n
    assert found.broad_of_three >= 0.85 * found.suggested
    assert right >= 4 * wrong
    assert right > 0


def test_the_vectors_of_all_vocabularies_are_delivered() -> None:
    class Refusing:
        version = meaning().embedder.version
        is_fallback = False
        dimension = 384

        def embed(self, texts: object) -> None:
            raise AssertionError(f"not delivered: {texts}")

    other = Meaning(Refusing())  # type: ignore[arg-type]
    assert (other.fields == meaning().fields).all()
    assert (other.goals == meaning().goals).all()
    assert len(delivered()) == len({*subject_texts(), *(text for its in goal_texts() for text in its)})
    assert all(clean_text(text) == text for text in FIELD_TEXTS)
