"""The frontier as a picture: fit kept against unevenness taken away, with the present and the chosen point.

Horizontally in percent of the width, as all pictures of this house: it stretches, its words keep their size.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from flask_babel import gettext as _

from webapp.rounds.dial import Dial, Point
from webapp.rounds.dial_words import position, whole

TOP, HEIGHT = 14, 196
"""Upper edge and height of the field the points lie in, in pixels."""
LEFT, WIDTH = 15.0, 80.0
"""Left edge and width of that field, in percent."""
_LEAST_SPAN = 0.02
_STEPS = 4
_WORD = 30.0
"""Room for the word of a mark, in percent of the width: so much "this round" takes on a phone."""
_RISE, _FALL = 14, 5
"""Room for a word above and below its base line, in pixels."""
_REACH, _SPREAD = 14, 4.5
"""Half the height of a mark in pixels, and half its width in percent."""
_ABOVE, _BELOW = -_REACH - _FALL, _REACH + _RISE
"""The nearest base lines of a word above and below its mark, from its middle in pixels."""
_DEAR = 8
"""Pixels a word goes out of the way of one point of the line."""


Box = tuple[float, float, float, float]
"""Left and right edge in percent, upper and lower one in pixels."""


@dataclass(frozen=True)
class Mark:
    """A point: x in percent, y in pixels, and what it stands for in words."""

    x: float
    y: float
    words: str


@dataclass(frozen=True, order=True)
class Word:
    """Where the word of a mark stands: its base line in pixels, and whether it ends at the mark or begins there."""

    y: int
    is_left: bool


@dataclass(frozen=True)
class Tick:
    """A place on an axis and its figure."""

    at: float
    label: str


@dataclass(frozen=True)
class FrontierPicture:
    """Points of the frontier, the steps between them, both axes, and everything in words."""

    marks: tuple[Mark, ...]
    present: Mark
    present_word: Word
    chosen: Mark
    chosen_word: Word
    is_same: bool
    across: tuple[Tick, ...]
    upward: tuple[Tick, ...]
    words: str


def draw(dial: Dial, chosen: Point) -> FrontierPicture:
    """Lay out the frontier of a dial with one point chosen."""
    least = min(point.kept for point in dial.points)
    # Whole per cent, and never so near that rounding would look like a cliff.
    bottom = max(0.0, min(math.floor(least * 100) / 100, 1.0 - _LEAST_SPAN))

    def mark(point: Point) -> Mark:
        x = LEFT + WIDTH * point.evened
        y = TOP + HEIGHT * (1.0 - point.kept) / (1.0 - bottom)
        return Mark(round(x, 2), round(y, 1), _point_words(point))

    marks = tuple(mark(point) for point in dial.points)
    both = (mark(dial.present), mark(chosen))
    words = _words_at(*both, marks)
    return FrontierPicture(
        marks=marks,
        present=both[0],
        present_word=words[0],
        chosen=both[1],
        chosen_word=words[1],
        is_same=chosen is dial.present,
        across=tuple(Tick(LEFT + WIDTH * n / _STEPS, whole(n / _STEPS)) for n in range(_STEPS + 1)),
        upward=tuple(Tick(round(TOP + HEIGHT * n / 2, 1), whole(1.0 - (1.0 - bottom) * n / 2)) for n in range(3)),
        words=_words(dial, chosen),
    )


def _words_at(present: Mark, chosen: Mark, marks: Sequence[Mark]) -> tuple[Word, Word]:
    """Find places for the words of both marks where they cover neither each other nor a mark nor an axis."""
    taken, line = [_mark_box(present), _mark_box(chosen)], _line(marks)
    first = _place(present, taken, line)
    second = first if present == chosen else _place(chosen, [*taken, _word_box(present, first)], line)
    return first, second


def _line(marks: Sequence[Mark]) -> list[tuple[float, float]]:
    """Give the points of the frontier, and some between them."""
    return [
        (one.x + (other.x - one.x) * n / _STEPS, one.y + (other.y - one.y) * n / _STEPS)
        for one, other in pairwise(marks)
        for n in range(_STEPS + 1)
    ]


def _place(mark: Mark, taken: Sequence[Box], line: Sequence[tuple[float, float]]) -> Word:
    """Find the free place for the word of a mark that is nearest and covers least of the line, inside the field."""
    places = [
        Word(y, is_left)
        for y in range(_RISE, TOP + HEIGHT - _FALL)
        for is_left in (False, True)
        if (mark.x - _WORD >= LEFT if is_left else mark.x + _WORD <= 100)
    ]
    # The marks and one word fill less than the height of the field, so something is always free.
    free = [word for word in places if not any(_meet(_word_box(mark, word), box) for box in taken)]

    def cost(word: Word) -> tuple[float, Word]:
        left, right, top, bottom = _word_box(mark, word)
        n_covered = sum(left < x < right and top < y < bottom for x, y in line)
        distance = min(abs(word.y - mark.y - _ABOVE), abs(word.y - mark.y - _BELOW))
        return distance + _DEAR * n_covered, word

    return min(free, key=cost)


def _word_box(mark: Mark, word: Word) -> Box:
    left = mark.x - _WORD if word.is_left else mark.x
    return left, left + _WORD, word.y - _RISE, word.y + _FALL


def _mark_box(mark: Mark) -> Box:
    return mark.x - _SPREAD, mark.x + _SPREAD, mark.y - _REACH, mark.y + _REACH


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[1] and other[0] < one[1] and one[2] < other[3] and other[2] < one[3]


def _point_words(point: Point) -> str:
    return str(
        _(
            "Position %(position)s: %(kept)s of the fit kept, %(evened)s of the unevenness gone.",
            position=position(point.balance),
            kept=whole(point.kept),
            evened=whole(point.evened),
        )
    )


def _words(dial: Dial, chosen: Point) -> str:
    first, last = dial.points[0], dial.points[-1]
    said = [
        _(
            "From position %(first)s to %(last)s the fit kept falls from %(kept_first)s to %(kept_last)s, while the"
            " unevenness that is gone rises from %(evened_first)s to %(evened_last)s.",
            first=position(first.balance),
            last=position(last.balance),
            kept_first=whole(first.kept),
            kept_last=whole(last.kept),
            evened_first=whole(first.evened),
            evened_last=whole(last.evened),
        ),
        _("This round stands here. %(point)s", point=_point_words(dial.present)),
    ]
    if chosen is not dial.present:
        said.append(_("Chosen to look at. %(point)s", point=_point_words(chosen)))
    return " ".join(map(str, said))
