"""The map: countries of both regions, and an arc for every two that work together."""

import json
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from matcher.vocabulary.asem import REGIONS
from webapp.insights.labels import number, row_label
from webapp.insights.tables import OTHERS, Figure, Row

DATA = Path(__file__).parent / "data"
_THINNEST, _THICKEST = 1.5, 9.0
_RISE = 0.22
"""How far an arc rises above the straight line, as a part of its length."""
_NAMED = 12


class Shape(NamedTuple):
    """Land: its path, and the region it belongs to, ``none`` outside ASEM."""

    path: str
    side: str


class Arc(NamedTuple):
    """Two countries that work together: a path, how wide it is, and both in words."""

    path: str
    width: float
    words: str


class Dot(NamedTuple):
    """The capital of a country with a partnership."""

    x: int
    y: int
    side: str


class WorldMap(NamedTuple):
    """Everything the map shows, in the order in which it is drawn, and in words."""

    width: int
    height: int
    shapes: tuple[Shape, ...]
    arcs: tuple[Arc, ...]
    dots: tuple[Dot, ...]
    words: str


@cache
def _world() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((DATA / "world.json").read_text(encoding="utf-8"))
    return loaded


def draw(pairs: Figure) -> WorldMap:
    """Draw the partnerships between countries.

    Parameters
    ----------
    pairs
        The figure ``pairs``; those that stand together as others have no arc.
    """
    world = _world()
    shapes = tuple(Shape(path, REGIONS[code].value if code else "none") for code, path in world["shapes"].items())
    shown = [(row.key, row.cells[0]) for row in pairs.rows if row.cells[0].shown and _is_on_map(row.key)]
    most = max((cell.value or 0.0 for _key, cell in shown), default=1.0)
    arcs = []
    for key, cell in reversed(shown):
        width = _THINNEST + (_THICKEST - _THINNEST) * (cell.value or 0.0) / most
        words = _("%(what)s: %(number)s", what=row_label("pairs", key), number=number(cell))
        arcs.append(Arc(_arc(*key.split("+")), round(width, 1), str(words)))
    served = dict.fromkeys(code for key, _cell in shown for code in key.split("+"))
    places = world["places"]
    dots = tuple(Dot(places[code][0], places[code][1], REGIONS[code].value) for code in served)
    return WorldMap(
        world["width"],
        world["height"],
        shapes,
        tuple(arcs),
        dots,
        _words(arcs, [row for row in pairs.rows if row.key == OTHERS]),
    )


def _is_on_map(key: str) -> bool:
    return all(code in _world()["places"] for code in key.split("+"))


def _arc(one: str, other: str) -> str:
    (x0, y0), (x1, y1) = sorted((_world()["places"][one], _world()["places"][other]))
    # The control point lies above the middle: arcs lean north, as the way of an aeroplane does.
    x, y = (x0 + x1) / 2 + (y1 - y0) * _RISE, (y0 + y1) / 2 - (x1 - x0) * _RISE
    return f"M{x0} {y0}Q{x:.0f} {y:.0f} {x1} {y1}"


def _words(arcs: list[Arc], others: list[Row]) -> str:
    if not arcs:
        return str(_("No two countries have five partnerships that can be shown, so the map has no arc."))
    shown = ngettext("%(num)d pair of countries has an arc", "%(num)d pairs of countries have an arc", len(arcs))
    most = "; ".join(arc.words for arc in arcs[::-1][:_NAMED])
    text = str(_("%(shown)s; the most partnerships: %(most)s. The table has all.", shown=shown, most=most))
    if not others:
        return text
    rest = _("Other pairs have no arc; together they have this many partnerships: %(n)s.", n=number(others[0].cells[0]))
    return f"{text} {rest}"
