"""Title, description and learning outcomes, as the text itself words them."""

import re

from matcher.course_texts import count_words
from webapp.syllabus.page_text import Line, Page, Part, heading_of
from webapp.syllabus.passages import sentences
from webapp.syllabus.suggestion import Suggestion

_MOST_TITLE, _LEAST_WORDS, _MOST_WORDS = 160, 8, 120
_MOST_OUTCOMES, _MOST_OUTCOME = 10, 300
_NOT_A_TITLE = re.compile(
    r"^(?:university|université|universität|faculty|department|school of|institute|college|syllabus|"
    r"course syllabus|home|menu|search|login|log in|skip to|search|page|welcome|module handbook|modulhandbuch|"
    r"plan de cours|シラバス|"
    r"교수요목|강의계획서|教学大纲|課程大綱|đề cương|rencana pembelajaran)\b|@|https?://|www\.|©|^\W*\d+\W*$",
    re.I,
)
_INSTITUTION = re.compile(
    r"\b(?:university|université|universität|universidad|università|universidade|universiteit|uniwersytet|univerzita|"
    r"universitas|hochschule|college|institute of technology|polytechnic|faculty of|department of|school of|"
    r"faculté d|fakultät|fakultas|khoa |trường đại học)",
    re.I,
)
_UNSPACED_NOT_A_TITLE = re.compile(
    r"^(?:シラバス|강의계획서|教学大纲|課程大綱|课程大纲).{0,6}$|^.{2,14}(?:大学|大學|대학교|학부|学部|학과|学科|学院)$"
)
_CODE_BEFORE = re.compile(r"^(?:[A-Z]{2,6}[ -]?\d{2,5}[A-Z]?|\d{4,8})\s*[:：–—-]?\s+(?=\S{2})")
_LEAD_IN = re.compile(
    r"(?:will be able to|able to|on completion|by the end|following|seront capables|sera capable|à l'issue|in der lage|"
    r"serán capaces|saranno in grado|serão capazes|sinh viên có thể|できるように|以下|能够)[^.]{0,80}[:：.…]?\s*$",
    re.I,
)
_NAMED, _FIRST_LINE, _DESCRIBED, _PARAGRAPH, _ANY_PARAGRAPH, _LISTED = 0.95, 0.7, 0.9, 0.65, 0.45, 0.9
_COURSE_WORDS = re.compile(
    r"\b(?:course|students?|module|class|cours|étudiant\w*|kurs|studierende\w*|seminar|modul|veranstaltung|curso|"
    r"estudiantes|corso|studenti|disciplina|przedmiot|studen\w+|mata kuliah|mahasiswa|môn học|học phần|sinh viên)\b|"
    r"授業|学生|講義|课程|課程|学生|수업|강의|학생|รายวิชา|นักศึกษา|पाठ्यक्रम|छात्र",
    re.I,
)


def title_of(page: Page) -> Suggestion | None:
    """Suggest the title: what a heading of that name gives, else the first line that looks like one."""
    for part in page.under("title"):
        if part.lines and len(part.lines[0].text) <= _MOST_TITLE:
            return Suggestion("title", {"title": _without_code(part.lines[0].text)}, part.heading, _NAMED)
    lines = [line for line in page.lines[:8] if len(page.lines) > 1 and _is_title(line)]
    # A number of the course stands before its title; the name of the institution often stands above it.
    lines.sort(key=lambda line: (_CODE_BEFORE.search(line.text) is None, _INSTITUTION.search(line.text) is not None))
    if not lines:
        return None
    return Suggestion("title", {"title": _without_code(lines[0].text)}, lines[0].text, _FIRST_LINE)


def _is_title(line: Line) -> bool:
    text = line.text
    if line.is_item or len(text) > 110 or heading_of(text) or _NOT_A_TITLE.search(text):
        return False
    if _UNSPACED_NOT_A_TITLE.search(text) or re.search(r"[.;,、。；！？!?][\"”»]?$", text):
        return False
    return 1 <= count_words(text) <= 14 and sum(map(str.isalpha, text)) >= 3


def _without_code(title: str) -> str:
    bare = _CODE_BEFORE.sub("", title).strip(' *#"“”„«»')
    return bare or title


def description_of(page: Page) -> Suggestion | None:
    """Suggest the paragraph that describes the course, cut at a sentence to about 120 words."""
    for part in page.under("description"):
        text = _cut(_prose(part.lines))
        if count_words(text) >= _LEAST_WORDS:
            return Suggestion("description", {"description": text}, part.heading, _DESCRIBED)
    best = max(_paragraphs(page), key=lambda text: _telling(text), default="")
    text = _cut(best)
    if count_words(text) < 2 * _LEAST_WORDS:
        return None
    chance = _PARAGRAPH if _COURSE_WORDS.search(text) else _ANY_PARAGRAPH
    return Suggestion("description", {"description": text}, sentences(text)[0][:160], chance)


def _paragraphs(page: Page) -> list[str]:
    found: list[list[str]] = []
    for part in page.parts:
        if part.kind in ("other", "outcomes", "language", "level", "title") and count_words(part.text) < 60:
            continue
        gathered: list[str] = []
        for line in part.lines:
            if line.after_gap and gathered:
                found.append(gathered)
                gathered = []
            gathered.append(line.text)
        found.append(gathered)
    return [" ".join(lines) for lines in found if lines]


def _telling(text: str) -> float:
    """How well a paragraph describes a course: sentences, words of teaching, not too short, no references."""
    n_words = count_words(text)
    ends = len(sentences(text))
    speaks = len(_COURSE_WORDS.findall(text))
    digits = sum(map(str.isdigit, text)) / max(len(text), 1)
    return min(n_words, _MOST_WORDS) / _MOST_WORDS + min(speaks, 3) / 3 + min(ends, 4) / 8 - 8 * digits


def _prose(lines: tuple[Line, ...]) -> str:
    return " ".join(line.text for line in lines)


def _cut(text: str) -> str:
    kept: list[str] = []
    for sentence in sentences(text):
        if kept and count_words(" ".join((*kept, sentence))) > _MOST_WORDS:
            break
        kept.append(sentence)
    # Sentences of scripts without spaces follow each other without one.
    joined = "".join(part if not at or kept[at - 1][-1] in "。！？" else f" {part}" for at, part in enumerate(kept))
    words = joined.split()
    return joined if len(words) <= 2 * _MOST_WORDS else " ".join(words[:_MOST_WORDS]) + " …"


def outcomes_of(page: Page) -> Suggestion | None:
    """Suggest learning outcomes: the lines listed under a heading of that name."""
    for part in page.under("outcomes"):
        lines = _listed(part)
        if lines:
            return Suggestion("outcomes", {"outcomes": lines}, part.heading, _LISTED)
    return None


def _listed(part: Part) -> list[str]:
    items = [line.text for line in part.lines if line.is_item]
    if not items:
        # One sentence each, where no bullets survived the copy.
        lines = [line.text for line in part.lines if not _LEAD_IN.search(line.text)]
        items = lines if len(lines) > 1 else sentences(" ".join(lines))
    kept = [re.sub(r"\s+", " ", item).strip(" ;；,，") for item in items]
    return list(dict.fromkeys(item for item in kept if 3 <= len(item) <= _MOST_OUTCOME))[:_MOST_OUTCOMES]
