"""The sentences of both courses in which the words they share stand, with those words marked.

Words come from the stored explanation, the sentences from the courses as they are now; nothing is compared anew.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from markupsafe import Markup, escape

from matcher.explanation import Explanation
from matcher.words import is_looked_for_inside
from webapp.matches.lifecycle import Side
from webapp.matches.models import Match
from webapp.profiles.models import CourseProfile

MOST = 3
"""Passages shown of each course."""
LONGEST = 280
"""Signs of a passage; a longer one is cut around its first marked word."""
_BEFORE = 80
_ELLIPSIS = "…"

_ENDS = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？])|[\r\n]+")
_TOPIC_WITH_TERMS = frozenset({"topic_shared_terms", "topic_related"})


@dataclass(frozen=True)
class SidePassages:
    """Passages of one course, marked and escaped; none where the words stand in no text of it any more."""

    side: Side
    course: str
    region: str
    passages: tuple[Markup, ...]


@dataclass(frozen=True)
class Passages:
    """What both texts say: the words they share, where they stand, and a sentence where there is nothing to show."""

    terms: tuple[str, ...]
    sides: tuple[SidePassages, ...]
    words: str


def of(match: Match, explanation: Explanation) -> Passages | None:
    """Find the passages behind what an explanation says of the topic; None when it says nothing of it."""
    topic = next((reason for reason in explanation.reasons if reason.criterion == "topic"), None)
    if topic is None:
        return None
    named = topic.params.get("terms") if topic.code in _TOPIC_WITH_TERMS else ()
    # Korean comes taken apart into its letters.
    terms = tuple(unicodedata.normalize("NFC", str(term)) for term in named) if isinstance(named, list) else ()
    if not terms:
        close = _("The two texts are close in meaning, though they share few words: they may stand in two languages.")
        return Passages((), (), str(close)) if topic.code == "topic_close" else None
    sides = tuple(_of_side(match, side, terms) for side in Side)
    changed = _("The texts have changed since they were compared: the shared words no longer stand in both.")
    return Passages(terms, sides, "" if all(side.passages for side in sides) else str(changed))


def _of_side(match: Match, side: Side, terms: Sequence[str]) -> SidePassages:
    course = match.course(side)
    return SidePassages(side, course.title, course.institution.region, tuple(marked(course, terms)))


def marked(course: CourseProfile, terms: Sequence[str]) -> list[Markup]:
    """Choose the fewest sentences of a course that carry the most of some words, in the order of the text.

    Parameters
    ----------
    course
        Its description, outcomes, keywords and title are searched; what comes first wins where two carry as much.
    terms
        Words or pairs of words, small and without accents.

    Returns
    -------
    list of Markup
        At most `MOST`, the words within ``<mark>``.
    """
    found = [(sentence, places(sentence, terms)) for sentence in sentences(course)]
    left, chosen = set(terms), set[int]()
    while left and len(chosen) < MOST:
        best = max(range(len(found)), key=lambda at: (len(left & found[at][1].keys()), -at), default=None)
        if best is None or not left & found[best][1].keys():
            break
        chosen.add(best)
        left -= found[best][1].keys()
    return [_mark(found[at][0], [span for spans in found[at][1].values() for span in spans]) for at in sorted(chosen)]


def sentences(course: CourseProfile) -> list[str]:
    """Cut what a course says into sentences; outcomes, keywords and the title count as one each."""
    parts = [*_ENDS.split(course.description), *course.outcomes, ", ".join(course.keywords)]
    parts += [course.title, course.discipline]
    return list(dict.fromkeys(whole for part in parts if (whole := " ".join((part or "").split()))))


def places(sentence: str, terms: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
    """Find where words stand in a sentence, whatever their case and accents; only those that do are in the answer.

    A word is a whole one, except in scripts that write no spaces between words.
    """
    folded, origin = _folded(sentence)
    found: dict[str, list[tuple[int, int]]] = {}
    for term in terms:
        words = [re.escape(word) for word in _folded(term)[0].split()]
        if not words:
            continue
        # Between the two words of a pair a word of one letter may stand: the terms were read without such.
        pattern = r"\W+(?:\w\W+)?".join(words)
        if not is_looked_for_inside(term):
            pattern = rf"(?<!\w){pattern}(?!\w)"
        spans = [(origin[hit.start()], _end(sentence, origin[hit.end() - 1])) for hit in re.finditer(pattern, folded)]
        if spans:
            found[term] = spans
    return found


def _folded(text: str) -> tuple[str, list[int]]:
    """A text in small letters without accents, and the place in the original each of its signs comes from."""
    signs = [(sign, at) for at, letter in enumerate(text) for sign in _plain(letter)]
    return "".join(sign for sign, _at in signs), [at for _sign, at in signs]


def _plain(letter: str) -> Iterator[str]:
    return (sign for sign in unicodedata.normalize("NFKD", letter.casefold()) if not unicodedata.combining(sign))


def _end(text: str, last: int) -> int:
    """The end of a word whose last letter stands here: accents written as signs of their own belong to it."""
    end = last + 1
    while end < len(text) and unicodedata.combining(text[end]):
        end += 1
    return end


def _mark(sentence: str, spans: list[tuple[int, int]]) -> Markup:
    """Escape a sentence, cut it where it is too long, and put its words into ``<mark>``."""
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    first, last = _cut(sentence, joined[0][0])
    pieces, at = [escape(_ELLIPSIS if first else "")], first
    for start, end in joined:
        if start >= last:
            break
        pieces += [escape(sentence[at:start]), Markup("<mark>"), escape(sentence[start:end]), Markup("</mark>")]
        at = end
    pieces += [escape(sentence[at:last]), escape(_ELLIPSIS if last < len(sentence) else "")]
    return Markup("").join(pieces)


def _cut(sentence: str, first_mark: int) -> tuple[int, int]:
    """Choose the part of a sentence that is shown, from and to a space where there is one near."""
    if len(sentence) <= LONGEST:
        return 0, len(sentence)
    start = 0
    if first_mark > LONGEST - _BEFORE:
        start = first_mark - _BEFORE
        start = sentence.find(" ", start, first_mark) + 1 or start
    end = min(start + LONGEST, len(sentence))
    if end < len(sentence):
        space = sentence.rfind(" ", start + _BEFORE, end)
        end = space if space > first_mark else end
    return start, end
