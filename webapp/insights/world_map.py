"""The map: countries of both regions, a dot for each with partnerships, an arc for every two that work together."""

import json
from functools import cache
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

from flask_babel import gettext as _
from flask_babel import ngettext

from matcher.vocabulary.asem import REGIONS
from webapp.insights.labels import number, row_label
from webapp.insights.tables import OTHERS, Cell, Figure, Row

DATA = Path(__file__).parent / "data"
_THINNEST, _THICKEST = 1.5, 9.0
_RISE = 0.22
"""How far an arc rises above the straight line, as a part of its length."""
_LARGEST = 13.0
"""Radius of the largest dot; the areas of all are in proportion."""
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
    """The capital of a country with partnerships: where, how large, and both in words."""

    x: int
    y: int
    radius: float
    side: str
    words: str


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


def draw(pairs: Figure, countries: Figure) -> WorldMap:
    """Draw the partnerships of and between countries.

    Parameters
    ----------
    pairs, countries
        The figures of that name; those that stand together as others have neither arc nor dot.
    """
    world = _world()
    shapes = tuple(Shape(path, REGIONS[code].value if code else "none") for code, path in world["shapes"].items())
    shown = [(row.key, row.cells[0]) for row in pairs.rows if row.cells[0].shown and _is_on_map(row.key)]
    most = max((cell.value or 0.0 for _key, cell in shown), default=1.0)
    arcs = []
    for key, cell in reversed(shown):
        width = _THINNEST + (_THICKEST - _THINNEST) * (cell.value or 0.0) / most
        arcs.append(Arc(_arc(*key.split("+")), round(width, 1), _said("pairs", key, cell)))
    dots = _dots(countries)
    others = [row for row in pairs.rows if row.key == OTHERS]
    return WorldMap(world["width"], world["height"], shapes, tuple(arcs), dots, _words(arcs, dots, others))


def _said(code: str, key: str, cell: Cell) -> str:
    return str(_("%(what)s: %(number)s", what=row_label(code, key), number=number(cell)))


def _dots(countries: Figure) -> tuple[Dot, ...]:
    """Draw the countries, the largest first, so that it hides no other; areas are in proportion to partnerships."""
    shown = [(row.key, row.cells[0]) for row in countries.rows if row.cells[0].shown and _is_on_map(row.key)]
    shown.sort(key=lambda one: -(one[1].value or 0.0))
    most = max((cell.value or 0.0 for _key, cell in shown), default=1.0)
    found = []
    for key, cell in shown:
        x, y = _world()["places"][key]
        radius = round(_LARGEST * sqrt((cell.value or 0.0) / most), 1)
        found.append(Dot(x, y, radius, REGIONS[key].value, _said("countries", key, cell)))
    return tuple(found)


def _is_on_map(key: str) -> bool:
    return all(code in _world()["places"] for code in key.split("+"))


def _arc(one: str, other: str) -> str:
    (x0, y0), (x1, y1) = sorted((_world()["places"][one], _world()["places"][other]))
    # The control point lies above the middle: arcs lean north, as the way of an aeroplane does.
    x, y = (x0 + x1) / 2 + (y1 - y0) * _RISE, (y0 + y1) / 2 - (x1 - x0) * _RISE
    return f"M{x0} {y0}Q{x:.0f} {y:.0f} {x1} {y1}"


def _words(arcs: list[Arc], dots: tuple[Dot, ...], others: list[Row]) -> str:
    if not dots:
        return str(_("No country has five partnerships that can be shown, so the map has neither dot nor arc."))
    said = [
        str(_("Countries with the most partnerships: %(most)s.", most="; ".join(dot.words for dot in dots[:_NAMED])))
    ]
    if arcs:
        shown = ngettext("%(num)d pair of countries has an arc", "%(num)d pairs of countries have an arc", len(arcs))
        most = "; ".join(arc.words for arc in arcs[::-1][:_NAMED])
        said.append(
            str(_("%(shown)s; the most partnerships: %(most)s. The table has all.", shown=shown, most=most))
        )  # fmt: skip
    if others:
        n = number(others[0].cells[0])
        said.append(str(_("Other pairs have no arc; together they have this many partnerships: %(n)s.", n=n)))
    return " ".join(said)
