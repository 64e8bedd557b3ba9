"""Keywords of a text in its own language: terms it repeats or names early that lie near to it and far from others."""

import json
import re
from collections.abc import Iterator
from functools import cache
from importlib.resources import files

import numpy as np

from webapp.syllabus.meaning import Doubles, Meaning
from webapp.syllabus.suggestion import Suggestion

FEWEST, MOST = 3, 8
_CANDIDATES = 18
_SIGNS_READ = 12_000
_LEAST_NEARNESS = 0.2
_LEAST_SHARE = 0.45
_GENERIC = 0.6
_CHANCE = 0.7
# Vowel signs of Indian scripts are no letters to Python, and yet parts of words.
_LETTERS = "(?:[^\\W_]|[\u0900-\u0dff\u1000-\u109f\u1780-\u17ff])+"
_SPACED = re.compile(rf"{_LETTERS}(?:[’'·.-]{_LETTERS})*")
_ELIDED = re.compile(r"^(?:l|d|qu|n|s|j|c|m|t|dell|all|nell|un|sull)[’'](?=\w{3})", re.I)
_GERMAN_BEGINNING = re.compile(r"^[^\W\d_a-zäöüß]|(?:e|er|es|en)$")
_KOREAN_ENDING = re.compile(
    r"(?<=[가-힣]{2})(?:에서의|에서|으로서|으로써|으로|까지의|까지|부터|에게|이나|처럼|보다|을|를|이|가|은|는|의|에|와|과|로|도)$"
)
_CLAUSE = re.compile(r"[\n\t.,;:!?()\[\]{}«»“”\"„/|•–—。、，；：！？（）「」『』·]+(?!\w\.)")
_JOINING = frozenset(["of", "de", "du", "des", "la", "der", "del", "della", "di", "do", "da", "van", "för"])
_JAPANESE = re.compile(r"[一-龯々]{2,8}|[ァ-ヴー]{3,14}(?:[一-龯々]{1,4})?|[A-Za-z][A-Za-z0-9+#.-]{1,20}")
_CHINESE_BREAK = re.compile(
    r"的|和|与|與|及|在|是|了|等|对|對|为|為|并|並|从|從|中|以|将|將|由|向|或|把|被|让|使|其|该|這|这|那|个|個|们|們|我|你|他|她|它|"
    r"如何|什么|哪些|通过|通過|进行|進行|以及|之间|之間|能够|各自|一个|一種|一种|不同|学习|學習|了解|分析|比较|比較|讨论|討論|"
    r"介绍|介紹|掌握|学会|提出|撰写|完成|制定|设计一|阅读|閱讀|包括|例如|不|会|會|也|都|就|要|可以|后|後|前|上|下|里|而|到|所|"
    r"[^\u3400-\u9fff]+"
)
_THAI_BREAK = re.compile(
    r"และ|ของ|ใน|ที่|การ|เป็น|ได้|ให้|จาก|กับ|หรือ|โดย|เพื่อ|ซึ่ง|มี|ต่อ|จะ|ว่า|ไม่|ความ|แบบ|ต้อง|ถึง|ตาม|แต่ละ|อย่าง|ผู้|ทำ|ใช้|คือ|นี้|"
    r"ระหว่าง|เรียนรู้|นักศึกษา|รายวิชา|เช่น|ด้วย|[^\u0e01-\u0e7f]+"
)


@cache
def _empty_words(language: str) -> frozenset[str]:
    """Words that name no topic: those of grammar and those that every course says."""
    folder = files("webapp.syllabus").joinpath("data")
    stop = json.loads(folder.joinpath("stop_words.json").read_text(encoding="utf-8"))
    teaching = json.loads(folder.joinpath("teaching_words.json").read_text(encoding="utf-8"))
    words = [*stop.get(language, "").split(), *teaching.get(language, "").split(), *teaching["en"].split()]
    return frozenset(word.replace("_", " ").casefold() for word in words)


def suggest_keywords(text: str, title: str, language: str, vector: Doubles, meaning: Meaning) -> list[Suggestion]:
    """Suggest three to eight keywords, none where fewer are found.

    Parameters
    ----------
    text
        Plain; its beginning is read.
    title
        Terms of it count more.
    language
        Primary tag; words of an unknown language cannot be told from its grammar.
    vector
        Of the course.
    meaning
        Tells which terms are near to the course, and nearer than to usual ones.
    """
    if not language:
        return []
    counted = _counted(f"{title}\n{text[:_SIGNS_READ]}", title, language)
    terms = sorted(counted, key=lambda term: (-counted[term], term))[:_CANDIDATES]
    if len(terms) < FEWEST:
        return []
    vectors = meaning.of_terms(terms, language)
    near = vectors @ vector
    worth = near - _GENERIC * np.maximum((vectors @ meaning.usual.T).mean(axis=1), 0)
    order = sorted(range(len(terms)), key=lambda at: (-worth[at] - 0.01 * min(counted[terms[at]], 8), terms[at]))
    chosen: list[str] = []
    least = max(_LEAST_NEARNESS, _LEAST_SHARE * float(near.max()))
    for at in order:
        if near[at] >= least and not any(_overlap(terms[at], other) for other in chosen):
            chosen.append(terms[at])
    chosen = chosen[:MOST]
    return [Suggestion("keywords", {"keywords": chosen}, "", _CHANCE)] if len(chosen) >= FEWEST else []


def _overlap(one: str, other: str) -> bool:
    """Tell whether two terms say the same: one is in the other, or they share a long beginning or a word."""
    a, b = one.casefold(), other.casefold()
    words_a, words_b = ({word[:6] for word in it.split() if word not in _JOINING} for it in (a, b))
    return a in b or b in a or bool(words_a & words_b)


def _counted(text: str, title: str, language: str) -> dict[str, float]:
    """Count the terms of a text as it writes them most often; longer ones and those of the title count more."""
    forms: dict[str, dict[str, int]] = {}
    for term in _terms(text, language):
        forms.setdefault(term.casefold(), {}).setdefault(term, 0)
        forms[term.casefold()][term] += 1
    named = title.casefold()
    found = {}
    for key, written in forms.items():
        n = sum(written.values())
        weight = n * (1.6 if " " in key else 1.0) * (2.5 if key in named else 1.0)
        best = max(written, key=lambda form: (written[form], form.islower(), form))
        found[best] = weight
    return found


def _terms(text: str, language: str) -> Iterator[str]:
    if language == "ja":
        return _unspaced(_JAPANESE.findall(text), language)
    if language == "zh":
        return _unspaced([part for part in _CHINESE_BREAK.split(text) if 2 <= len(part) <= 8], language)
    if language == "th":
        return _unspaced([part for part in _THAI_BREAK.split(text) if 4 <= len(part) <= 24], language)
    return _spaced(text, language)


def _unspaced(found: list[str], language: str) -> Iterator[str]:
    empty = _empty_words(language)
    for term in found:
        if term.casefold() not in empty and not any(map(str.isdigit, term)):
            yield term


def _spaced(text: str, language: str) -> Iterator[str]:
    """Runs of words between words of grammar, and the shorter runs in them."""
    empty = _empty_words(language)
    for clause in _CLAUSE.split(text):
        for run in _runs(_SPACED.findall(clause), empty, language):
            # Vietnamese writes a space between syllables: where its words end is told by the words of grammar only.
            if language == "vi":
                if 2 <= len(run) <= 5:
                    yield " ".join(run)
            else:
                yield from _within(run, empty, language)


def _runs(words: list[str], empty: frozenset[str], language: str) -> Iterator[list[str]]:
    run: list[str] = []
    for word in words:
        if _is_usable(word, empty, language) or (run and word.casefold() in _JOINING):
            run.append(word)
            continue
        yield run
        run = []
    yield run


def _within(run: list[str], empty: frozenset[str], language: str) -> Iterator[str]:
    most = 2 if language in ("ko", "hi", "de", "fi", "hu", "tr", "et") else 3
    for start in range(len(run)):
        for n in range(1, min(most, len(run) - start) + 1):
            part = run[start : start + n]
            if {part[0].casefold(), part[-1].casefold()} & _JOINING:
                continue
            term = _ELIDED.sub("", " ".join(part))
            # German nouns have capital letters, and nothing else ends a term.
            if language == "de" and not (part[-1][0].isupper() and _GERMAN_BEGINNING.search(part[0])):
                continue
            if language == "ko":
                term = _KOREAN_ENDING.sub("", term)
                # Verbs end so, nouns hardly ever.
                if term.endswith(("다", "며", "고", "여", "한", "하는", "되는")):
                    continue
            if term.casefold() not in empty:
                yield term


def _is_usable(word: str, empty: frozenset[str], language: str) -> bool:
    small = _ELIDED.sub("", word).casefold()
    shortest = 1 if language == "vi" else 2 if language in ("ko", "hi") or word.isupper() else 4
    return len(small) >= shortest and small not in empty and not any(map(str.isdigit, word))
