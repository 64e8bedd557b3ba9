"""Passages of a text that are shown as the reason of a suggestion, and sentences."""

import re

_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7a3]")
_SENTENCE_END = re.compile(
    r"(?<=[.!?…])(?<!\b[A-Z]\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\betc\.)\s+(?=[^a-z\s])|(?<=[。！？।])\s*"
)
_REACH = 40


def is_unspaced(text: str) -> bool:
    """Tell whether a text has signs of a script that is looked for inside words (Chinese, Thai, Korean and others)."""
    return _UNSPACED.search(text) is not None


def around(text: str, start: int, end: int) -> str:
    """Quote a place of a text with some words around it, on its own line."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", start)
    last = len(text) if last < 0 else last
    end = min(end, last)
    left, right = max(first, start - _REACH), min(last, end + _REACH)
    # Not in the middle of a word, where words have spaces.
    if left > first and " " in text[left:start]:
        left = text.index(" ", left) + 1
    if right < last and " " in text[end:right]:
        right = text.rindex(" ", end, right)
    return ("… " if left > first else "") + text[left:right].strip() + (" …" if right < last else "")


def sentences(text: str) -> list[str]:
    """Cut a text into its sentences."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part.strip()]
