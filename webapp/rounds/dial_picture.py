"""The frontier as a picture: fit kept against unevenness taken away, with the present and the chosen point.

Horizontally in percent of the width, as all pictures of this house: it stretches, its words keep their size.
"""

import math
from dataclasses import dataclass

from flask_babel import gettext as _

from webapp.rounds.dial import Dial, Point
from webapp.rounds.dial_words import position, whole

TOP, HEIGHT = 14, 196
"""Upper edge and height of the field the points lie in, in pixels."""
LEFT, WIDTH = 15.0, 80.0
"""Left edge and width of that field, in percent."""
_LEAST_SPAN = 0.02
_STEPS = 4


@dataclass(frozen=True)
class Mark:
    """A point: x in percent, y in pixels; the words of the point, and where its own word stands."""

    x: float
    y: float
    words: str
    label_x: float
    label_y: float
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
    chosen: Mark
    is_same: bool
    across: tuple[Tick, ...]
    upward: tuple[Tick, ...]
    words: str


def draw(dial: Dial, chosen: Point) -> FrontierPicture:
    """Lay out the frontier of a dial with one point chosen."""
    least = min(point.kept for point in dial.points)
    # Whole per cent, and never so near that rounding would look like a cliff.
    bottom = max(0.0, min(math.floor(least * 100) / 100, 1.0 - _LEAST_SPAN))

    def mark(point: Point, above: bool) -> Mark:
        x = LEFT + WIDTH * point.evened
        y = TOP + HEIGHT * (1.0 - point.kept) / (1.0 - bottom)
        is_left = point.evened > 0.5
        label_y = y - 10 if above and y > TOP + 12 else y + 25
        return Mark(round(x, 2), round(y, 1), _point_words(point), round(x, 2), round(label_y, 1), is_left)

    return FrontierPicture(
        marks=tuple(mark(point, above=True) for point in dial.points),
        present=mark(dial.present, above=False),
        chosen=mark(chosen, above=True),
        is_same=chosen is dial.present,
        across=tuple(Tick(LEFT + WIDTH * n / _STEPS, whole(n / _STEPS)) for n in range(_STEPS + 1)),
        upward=tuple(Tick(round(TOP + HEIGHT * n / 2, 1), whole(1.0 - (1.0 - bottom) * n / 2)) for n in range(3)),
        words=_words(dial, chosen),
    )


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
