"""Languages a course is taught in, and their levels on the CEFR scale, as its text names them."""

import re
from functools import cache

from matcher.vocabulary.taught_languages import NAMED_AS_SUBJECT, language_names, language_patterns, taught_languages
from webapp.syllabus.page_text import Page
from webapp.syllabus.passages import around
from webapp.syllabus.suggestion import Suggestion

# What stands before or behind the name of a language in which a course is taught.
_TAUGHT_IN = re.compile(
    r"(?:taught|held|given|conducted|offered|delivered|instruction is|classes are|lectures are|enseigné|dispensé|donné|"
    r"assuré|unterrichtet|abgehalten|gehalten|impartid[oa]|se imparte|tenut[oa]|impartit[oa]|ministrad[oa]|"
    r"lecionad[oa]|gegeven|prowadzon[yae]|vyučuje se|undervisningen ges|diajarkan|disampaikan|giảng dạy|được dạy)"
    r"[^.\n]{0,25}?\b(?:in|en|auf|em|w|v|på|dalam|bằng)\b[ \w]{0,30}"
    r"|\bin [\w]+er sprache\b|[^\s、。，]{1,6}(?:で行|で授業|で講義|による授業|授课|授課|教学|로 진행|로 강의)"
    r"|สอนเป็นภาษา\S{1,12}",
    re.I,
)
_CEFR = re.compile(r"(?<![A-Za-z0-9/.])([ABC][12])(?:\s*[-–/]\s*[ABC][12])?\+?(?![A-Za-z0-9.]\w)(?![A-Za-z0-9])")
_REACH = 30
_TESTS = re.compile(r"\b(?:room|raum|salle|aula|sala|building|block|bloc|gebäude|paper|format|vitamin)\s*$", re.I)
_NAMED, _SAID, _WRITTEN_IN, _LEARNT = 0.95, 0.85, 0.5, 0.7


@cache
def _inflected(code: str) -> re.Pattern[str]:
    """Names of a language with the endings of "englischer", "anglais(e)"."""
    names = [name for name in language_names()[code] if len(name) > 2]
    return re.compile(
        rf"\b(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?:er|en|e|em|a|ą|m|u)?\b", re.I
    )


def languages_in(text: str) -> list[tuple[int, int, str]]:
    """Find the languages named in a short text, with the place of each, in order."""
    small = text.casefold()
    found: dict[str, tuple[int, int, str]] = {}
    for code in language_names():
        places = [(m.start(), m.end()) for m in _inflected(code).finditer(small)]
        places += [(at, at + len(n)) for n in language_patterns(code).unspaced if (at := small.find(n)) >= 0]
        if places:
            found[code] = (*min(places), code)
    return sorted(found.values())


def suggest_languages(page: Page, title: str) -> list[Suggestion]:
    """Suggest languages of the exchange, those learnt, with the levels the text names."""
    levels = _levels(page)
    taught, why, chance = _taught_in(page)
    if not taught and page.language:
        # Better than nothing, and said so: courses are mostly described in the language they are taught in.
        taught, chance = [page.language], _WRITTEN_IN
    learnt = [code for code, sure in taught_languages(title).items() if sure >= NAMED_AS_SUBJECT]
    found = []
    if taught:
        values = {code: levels.get(code, ("", None))[1] for code in taught}
        reasons = [why, *(levels[code][0] for code in taught if code in levels and levels[code][0] not in why)]
        found.append(
            Suggestion("exchange_languages", {"exchange_languages": values}, " / ".join(filter(None, reasons)), chance)
        )
    elif levels:
        values = {code: level for code, (_why, level) in levels.items() if code not in learnt}
        if values:
            reason = " / ".join(dict.fromkeys(levels[code][0] for code in values))
            found.append(Suggestion("exchange_languages", {"exchange_languages": values}, reason, _LEARNT))
    if learnt:
        found.append(Suggestion("learning_languages", {"learning_languages": learnt}, title[:160], _LEARNT))
    return found


def _taught_in(page: Page) -> tuple[list[str], str, float]:
    for part in page.under("language"):
        first = part.lines[0].text[:120] if part.lines else ""
        codes = [code for _start, _end, code in languages_in(first)]
        if codes:
            return codes[:3], f"{part.heading}: {first}", _NAMED
    for match in _TAUGHT_IN.finditer(page.text):
        codes = [code for _start, _end, code in languages_in(match.group())]
        if codes:
            return codes[:2], around(page.text, match.start(), match.end()), _SAID
    return [], "", 0.0


def _levels(page: Page) -> dict[str, tuple[str, str | None]]:
    """CEFR levels with the passage each stands in, by the language named nearest to it on the same line."""
    found: dict[str, tuple[str, str | None]] = {}
    for match in _CEFR.finditer(page.text):
        line_start = page.text.rfind("\n", 0, match.start()) + 1
        line_end = page.text.find("\n", match.end())
        left = max(line_start, match.start() - _REACH)
        right = min(len(page.text) if line_end < 0 else line_end, match.end() + _REACH)
        before, after = page.text[left : match.start()], page.text[match.end() : right]
        if _TESTS.search(before):
            continue
        near = [(len(before) - end, code) for _start, end, code in languages_in(before)]
        near += [(start + 5, code) for start, _end, code in languages_in(after)]
        if near:
            found.setdefault(min(near)[1], (around(page.text, match.start(), match.end()), match.group(1)))
    return found
