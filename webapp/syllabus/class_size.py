"""The number of students, where a text states one and no other."""

import re

from webapp.syllabus.page_text import Page
from webapp.syllabus.passages import around
from webapp.syllabus.suggestion import Suggestion

_PEOPLE = (
    r"(?:students?|participants?|learners|places|étudiante?s?|participants|places|studierende[nr]?|teilnehmer\w*|"
    r"studenti|studentów|studenter|studenten|studentů|estudiantes|alumnos|alunos|estudantes|participantes|plazas|"
    r"opiskelijaa|студент\w*|öğrenci|mahasiswa|peserta|sinh viên|học viên|名|人|명|คน|छात्र\w*)"
)
_LABEL = (
    r"(?:class size|number of students|number of participants|enrol?ment|students|participants|capacity|quota|"
    r"effectifs?|nombre d'étudiants|teilnehmerzahl|teilnehmer|número de estudiantes|plazas|numero di studenti|"
    r"số sinh viên|sĩ số|jumlah mahasiswa|定員|受講定員|履修者数|受講者数|人数|课程人数|选课人数|學生人數|"
    r"수강 ?인원|정원|จำนวนนักศึกษา|จำนวนผู้เรียน)"
)
_RANGE = r"(\d{1,3})(?:\s*(?:[-–—~〜～]|to|à|bis|a|đến|至)\s*(\d{1,3}))?"
_LABELLED = re.compile(
    rf"(?:^|(?<=[\s　(（])){_LABEL}\s*(?:\([^)]{{0,20}}\))?[ \t]*[:：][^\d\n]{{0,20}}?{_RANGE}(?!\d)", re.I | re.M
)
_COUNTED = re.compile(rf"(?<![\d.,:/年]){_RANGE}\s*{_PEOPLE}(?![\w]*年)", re.I)
# Numbers of a team, of an age, of another class.
_NOT_THE_CLASS = re.compile(
    r"(?:\b(?:groups?|teams?|pairs?|groupes?|équipes?|gruppen?|grupos?|equipos?|gruppi|nhóm|kelompok|each|per|pro|par)\b|"
    r"小组|グループ|チーム|分组|조별|กลุ่ม)[^.\n]{0,22}$",
    re.I,
)
_FEWEST, _MOST = 5, 999
_LABELLED_CHANCE, _COUNTED_CHANCE = 0.9, 0.7


def suggest_students(page: Page) -> list[Suggestion]:
    """Suggest the size of the class: of a range both ends; nothing where two numbers are named."""
    for pattern, chance in ((_LABELLED, _LABELLED_CHANCE), (_COUNTED, _COUNTED_CHANCE)):
        found: dict[tuple[int, int | None], str] = {}
        for match in pattern.finditer(page.text):
            size = _size(match)
            before = page.text[max(0, match.start() - 40) : match.start()]
            if size is not None and not _NOT_THE_CLASS.search(before):
                found.setdefault(size, around(page.text, match.start(), match.end()))
        if len(found) == 1:
            ((fewest, most), why) = next(iter(found.items()))
            values = {"students": fewest} | ({} if most is None else {"students_most": most})
            return [Suggestion("students", values, why, chance)]
    return []


def _size(match: re.Match[str]) -> tuple[int, int | None] | None:
    fewest, most = int(match.group(1)), int(match.group(2)) if match.group(2) else None
    if not _FEWEST <= fewest <= _MOST or (most is not None and not fewest <= most <= _MOST):
        return None
    return fewest, None if most == fewest else most
