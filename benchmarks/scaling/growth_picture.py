"""The growth curve as a picture: seconds over courses a side, both in powers of ten, readable in light and dark."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

WIDTH, HEIGHT = 720, 440
LEFT, RIGHT, TOP, BOTTOM = 84, 196, 64, 56
STYLE = """
  .paper { fill: #ffffff } .grid { stroke: #d9dee3; stroke-width: 1 }
  text { font: 14px system-ui, sans-serif; fill: #1d2733 } .small { font-size: 12px; fill: #4a5663 }
  .name { paint-order: stroke; stroke: #ffffff; stroke-width: 5; stroke-linejoin: round }
  .head { font-size: 17px; font-weight: 600 }
  .line { fill: none; stroke-width: 2.5 } .ink0 { stroke: #0b5cad } .ink1 { stroke: #b3470f }
  .ink2 { stroke: #4d7a1f; stroke-dasharray: 7 5 } .ink3 { stroke: #7a3f9d; stroke-dasharray: 2 4 }
  .dot0 { fill: #0b5cad } .dot1 { fill: #b3470f } .dot2 { fill: #4d7a1f } .dot3 { fill: #7a3f9d }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #14191f } .grid { stroke: #36404b }
    text { fill: #e8edf2 } .small { fill: #b4bfca } .name { stroke: #14191f }
    .ink0 { stroke: #6cb2f5 } .ink1 { stroke: #f09a5f } .ink2 { stroke: #a3d36b } .ink3 { stroke: #cf9fee }
    .dot0 { fill: #6cb2f5 } .dot1 { fill: #f09a5f } .dot2 { fill: #a3d36b } .dot3 { fill: #cf9fee }
  }
"""
# Names at the ends of lines keep this distance.
LINE_OF_TEXT = 19

Points = Sequence[tuple[float, float]]


def growth_picture(title: str, lines: Mapping[str, Points]) -> str:
    """Return an SVG of one line for each name: at most four, of (courses a side, seconds), both above 0.

    Raises
    ------
    ValueError
        If there is no point at all.
    """
    points = [point for line in lines.values() for point in line]
    if not points:
        raise ValueError("a picture needs at least one point")
    across = _decades([n for n, _ in points])
    up = _decades([seconds for _, seconds in points])
    said = "; ".join(
        f"{name}: {', '.join(f'{_seconds(s)} at {n:,.0f}' for n, s in line)}" for name, line in lines.items() if line
    )
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-labelledby="growth-title growth-desc">',
        f'<title id="growth-title">{escape(title)}</title>',
        f'<desc id="growth-desc">Seconds over courses a side, both axes in powers of ten. {escape(said)}.</desc>',
        f"<style>{STYLE}</style>",
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}"/>',
        f'<text class="head" x="20" y="32">{escape(title)}</text>',
    ]
    for power in across:
        x = _at(10.0**power, across, LEFT, WIDTH - RIGHT)
        parts.append(f'<path class="grid" d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}"/>')
        parts.append(_text(x, HEIGHT - BOTTOM + 20, f"{10**power:,}", "middle"))
    for power in up:
        y = _at(10.0**power, up, HEIGHT - BOTTOM, TOP)
        parts.append(f'<path class="grid" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(_text(LEFT - 8, y + 4, _seconds(10.0**power), "end"))
    parts.append(_text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 12, "courses a side", "middle"))
    ends = []
    for number, (name, line) in enumerate(lines.items()):
        places = [
            (_at(n, across, LEFT, WIDTH - RIGHT), _at(seconds, up, HEIGHT - BOTTOM, TOP)) for n, seconds in sorted(line)
        ]
        if not places:
            continue
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in places)
        parts.append(f'<path class="line ink{number}" d="M{path}"/>')
        parts.extend(f'<circle class="dot{number}" cx="{x:.1f}" cy="{y:.1f}" r="4"/>' for x, y in places)
        ends.append((places[-1], name))
    parts.extend(_names(ends))
    return "\n".join([*parts, "</svg>", ""])


def _names(ends: Sequence[tuple[tuple[float, float], str]]) -> list[str]:
    """The names beside the last points, moved apart where they would touch."""
    written, lowest = [], -math.inf
    for (x, y), name in sorted(ends, key=lambda end: end[0][1]):
        lowest = max(y + 5, lowest + LINE_OF_TEXT)
        written.append(f'<text class="name" x="{x + 12:.1f}" y="{lowest:.1f}">{escape(name)}</text>')
    return written


def _decades(values: Sequence[float]) -> range:
    """Powers of ten that enclose positive values, at least two."""
    low = math.floor(math.log10(min(values)) + 1e-9)
    return range(low, max(math.ceil(math.log10(max(values)) - 1e-9), low + 1) + 1)


def _at(value: float, decades: range, begin: float, end: float) -> float:
    return begin + (end - begin) * (math.log10(value) - decades[0]) / (decades[-1] - decades[0])


def _seconds(seconds: float) -> str:
    return f"{seconds:,.0f} s" if seconds >= 10 else f"{seconds:.2g} s"


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'<text class="small" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'
