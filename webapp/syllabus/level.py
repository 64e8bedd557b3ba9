"""The level of a course, from the words of its text; nothing is guessed where no word names it."""

import csv
import re
from functools import cache
from importlib.resources import files

from matcher.vocabulary.levels import LEVEL_OF_EQF
from webapp.syllabus.page_text import Page
from webapp.syllabus.passages import around, is_unspaced
from webapp.syllabus.suggestion import Suggestion

_EQF = re.compile(r"\b(?:EQF|EQR|DQR|NQF|CEC|MEC|QEQ|EKR|ERK-Niveau|Европейская рамка)\b[^\d\n]{0,14}([1-8])\b")
_LATIN_NUMBER = r"\b[A-Z]{2,5}[ -]?([1-9])(\d{2,3})[A-Z]?\b"
_COURSE_NUMBER = re.compile(_LATIN_NUMBER)
# Words that are also something else (names of degrees after a person's name, parts of words) count only where the
# text speaks of the level, or beside a word that says that a course or its students are meant.
_SHORT = frozenset(
    [
        "ba",
        "bsc",
        "b.a.",
        "b.sc.",
        "beng",
        "bba",
        "l1",
        "l2",
        "l3",
        "ma",
        "msc",
        "m.a.",
        "m.sc.",
        "mba",
        "meng",
        "m1",
        "m2",
        "s1",
        "s2",
        "s3",
        "but",
        "bts",
        "mbo",
    ]
)
_ALSO_OTHERWISE = frozenset(
    ["master", "masters", "magister", "magistrale", "магистр", "бакалавр", "bachelor", "licence", "grado", "kandidat"]
)
_SPEAKS_OF_COURSES = re.compile(
    r"students?|course|class|programme|program|degree|level|year|étudiants?|niveau|semestre|année|"
    r"studierende|studiengang|semester|studenten|estudiantes|studenti|corso|curso|alunos|студент|mahasiswa|sinh viên",
    re.I,
)
# What is asked before a course, or who teaches it, does not say what level it has.
_OF_SOMEBODY_ELSE = re.compile(
    r"(?:holds? an?|holders? of|prerequisite|required|requirement|prior|completed|thesis|dissertation|supervis|"
    r"admission|voraussetzung|abgeschlossen|titulaire|prérequis)[^.\n]{0,40}$",
    re.I,
)
# "Students master the basics" names no degree.
_VERB = re.compile(r"\s+(?:the|their|a|an|basic|key|it|this|these|all)\b")
_NAMED, _SAID, _NUMBERED, _SAID_AND_DOUBTED = 0.95, 0.85, 0.5, 0.6


@cache
def _words() -> dict[str, tuple[re.Pattern[str], ...]]:
    """Patterns of each level: words found anywhere, then those that need company."""
    text = files("webapp.syllabus").joinpath("data", "level_words.csv").read_text(encoding="utf-8")
    found: dict[str, tuple[re.Pattern[str], ...]] = {}
    for row in csv.DictReader(text.splitlines()):
        words = row["words"].split("|")
        needy = {word for word in words if word in _SHORT or word in _ALSO_OTHERWISE}
        found[row["level"]] = (_pattern([w for w in words if w not in needy]), _pattern(sorted(needy)))
    return found


def _pattern(words: list[str]) -> re.Pattern[str]:
    each = [re.escape(w) if is_unspaced(w) else rf"(?<!\w){re.escape(w)}(?!\w)" for w in sorted(words, key=len)[::-1]]
    return re.compile("|".join(each) or "(?!)", re.I)


def suggest_level(page: Page) -> list[Suggestion]:
    """Suggest level and EQF level, each only where the text names it."""
    eqf = _EQF.search(page.text)
    found = _named(page) or _said(page) or _numbered(page)
    if eqf is None:
        return found
    number, why = int(eqf.group(1)), around(page.text, eqf.start(), eqf.end())
    level = LEVEL_OF_EQF[number].value
    said = found[0].values["level"] if found else level
    if found and said != level and found[0].chance > _NUMBERED:
        # Both are named and they contradict each other: the word stands, nothing is said of the number.
        return found
    return [
        Suggestion("level", {"level": level}, why, _NAMED),
        Suggestion("eqf", {"eqf": number}, why, _NAMED),
    ]


def _named(page: Page) -> list[Suggestion]:
    """The level as the part of that name, or the title, tells it."""
    for part in page.under("level"):
        first = part.lines[0].text if part.lines else ""
        levels = {level for level, patterns in _words().items() if any(p.search(first) for p in patterns)}
        # "Bachelor or master" is no level.
        if len(levels) == 1:
            return [Suggestion("level", {"level": levels.pop()}, f"{part.heading}: {first}"[:160], _NAMED)]
    return []


def _said(page: Page) -> list[Suggestion]:
    """The level that words of the text name; two levels of like standing leave it open."""
    hits: dict[str, list[tuple[int, str]]] = {}
    for level, (clear, needy) in _words().items():
        for match in (*clear.finditer(page.text), *filter(lambda m: _has_company(page, m), needy.finditer(page.text))):
            before = page.text[max(0, match.start() - 60) : match.start()]
            if not _OF_SOMEBODY_ELSE.search(before):
                hits.setdefault(level, []).append((match.start(), around(page.text, match.start(), match.end())))
    if not hits:
        return []
    order = sorted(hits, key=lambda level: (-len(hits[level]), min(hits[level])[0]))
    if len(order) > 1 and len(hits[order[0]]) < 2 * len(hits[order[1]]):
        return []
    chance = _SAID if len(order) == 1 else _SAID_AND_DOUBTED
    return [Suggestion("level", {"level": order[0]}, min(hits[order[0]])[1], chance)]


def _has_company(page: Page, match: re.Match[str]) -> bool:
    if _VERB.match(page.text, match.end()):
        return False
    near = page.text[max(0, match.start() - 25) : match.end() + 25].split("\n")
    line = next((part for part in near if match.group() in part), "")
    rest = line.replace(match.group(), " ", 1)
    return _SPEAKS_OF_COURSES.search(rest) is not None


def _numbered(page: Page) -> list[Suggestion]:
    """The level as numbers of courses tell it at many places: 100 to 499 bachelor, 500 to 799 master."""
    for line in page.lines[:3]:
        match = _COURSE_NUMBER.search(line.text)
        if match is None or re.fullmatch(r"(?:19|20)\d{2}", match.group(1) + match.group(2)):
            continue
        level = "bachelor" if match.group(1) in "1234" else "master" if match.group(1) in "567" else ""
        if level:
            return [Suggestion("level", {"level": level}, match.group(), _NUMBERED)]
    return []
