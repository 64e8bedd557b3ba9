"""Turn Natural Earth's country shapes into the compact map of ``webapp/insights/data/world.json``.

    mkdir /tmp/map && cd /tmp/map && npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m tools.make_world_map /tmp/map/package/countries-110m.json

The map is cut to Europe, Asia and Oceania, projected (Equal Earth, centred on 75° East) and simplified. Countries of
ASEM keep their shape under their code, all other land is one shape. Their capitals are projected with them, so that
pages need no projection of their own.
"""

import csv
import json
import math
import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import config
from matcher.vocabulary.asem import COUNTRIES, REGIONS

TARGET = config.ROOT / "webapp" / "insights" / "data" / "world.json"
CAPITALS = config.ROOT / "webapp" / "matches" / "data" / "capitals.csv"

CENTRE = 75.0
WEST, EAST, SOUTH, NORTH = -26.0, 184.0, -48.0, 75.0
WIDTH = 1000
FINENESS = 1.1
"""Points nearer than this (units of the map) to the line between their neighbours are left out."""
LEAST_SIZE = 3.0
"""Islands smaller than this (units of the map, longer side) are left out."""

NAMES = {"Czechia": "CZ", "South Korea": "KR", "Russia": "RU", "Laos": "LA", "Vietnam": "VN", "Brunei": "BN"}
"""Natural Earth's names of countries that our vocabulary may call otherwise."""

Point = tuple[float, float]


def projected(longitude: float, latitude: float) -> Point:
    """Project degrees by Equal Earth (Šavrič, Patterson and Jenny 2019); x to the east, y to the north."""
    a = (1.340264, -0.081106, 0.000893, 0.003796)
    theta = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(latitude)))
    slope = 9 * a[3] * theta**8 + 7 * a[2] * theta**6 + 3 * a[1] * theta**2 + a[0]
    x = 2 * math.sqrt(3) * math.radians(longitude - CENTRE) * math.cos(theta) / (3 * slope)
    return x, a[3] * theta**9 + a[2] * theta**7 + a[1] * theta**3 + a[0] * theta


LEFT = projected(WEST, 38)[0]
SCALE = WIDTH / (projected(EAST, -10)[0] - LEFT)
TOP = projected(0, NORTH)[1]
HEIGHT = round((TOP - projected(0, SOUTH)[1]) * SCALE)


def placed(longitude: float, latitude: float) -> Point:
    """Give a place on the map: units from its left and upper edge."""
    x, y = projected(longitude, latitude)
    return (x - LEFT) * SCALE, (TOP - y) * SCALE


def arcs_of(topology: dict[str, Any]) -> list[list[Point]]:
    """Undo TopoJSON's steps and whole numbers: arcs in degrees."""
    (scale_x, scale_y), (move_x, move_y) = topology["transform"]["scale"], topology["transform"]["translate"]
    found = []
    for arc in topology["arcs"]:
        x = y = 0
        line = []
        for step_x, step_y in arc:
            x, y = x + step_x, y + step_y
            line.append((x * scale_x + move_x, y * scale_y + move_y))
        found.append(line)
    return found


def rings_of(geometry: dict[str, Any], arcs: list[list[Point]]) -> Iterable[list[Point]]:
    """Give the outer rings of a country, in degrees."""
    polygons = [geometry["arcs"]] if geometry["type"] == "Polygon" else geometry.get("arcs", [])
    for polygon in polygons:
        ring: list[Point] = []
        for at in polygon[0]:
            line = arcs[at] if at >= 0 else arcs[~at][::-1]
            ring += line[1:] if ring else line
        longitudes = [longitude for longitude, _ in ring]
        if max(longitudes) < -168 or max(longitudes) - min(longitudes) > 300:  # Russia and Fiji go on beyond 180
            ring = [(longitude + 360 if longitude < 0 else longitude, latitude) for longitude, latitude in ring]
        yield ring


def simplified(line: list[Point]) -> list[Point]:
    """Leave out points that hardly matter (Douglas and Peucker)."""
    if len(line) < 3:
        return line
    (x0, y0), (x1, y1) = line[0], line[-1]
    length = math.hypot(x1 - x0, y1 - y0)
    away = [
        abs((x1 - x0) * (y0 - y) - (x0 - x) * (y1 - y0)) / length if length else math.hypot(x - x0, y - y0)
        for x, y in line
    ]
    far = max(range(len(line)), key=away.__getitem__)
    if away[far] <= FINENESS:
        return [line[0], line[-1]]
    return simplified(line[: far + 1])[:-1] + simplified(line[far:])


def path_of(ring: list[Point]) -> str:
    """Write a ring as a path in whole units, relative after its first point; empty when outside or too small."""
    longitudes, latitudes = zip(*ring, strict=True)
    if max(longitudes) < WEST or min(latitudes) < -60 or max(latitudes) < SOUTH:
        return ""
    points = [placed(*point) for point in ring]
    xs, ys = zip(*points, strict=True)
    if max(max(xs) - min(xs), max(ys) - min(ys)) < LEAST_SIZE:
        return ""
    whole = [(round(x), round(y)) for x, y in simplified(points)[:-1]]
    if len(whole) < 3:
        return ""
    steps = [(x - x0, y - y0) for (x0, y0), (x, y) in pairwise(whole)]
    text = f"M{whole[0][0]} {whole[0][1]}l" + " ".join(f"{x} {y}" for x, y in steps if (x, y) != (0, 0))
    return text.replace(" -", "-") + "z"


def main(source: Path) -> None:
    """Write the map."""
    topology = json.loads(source.read_text(encoding="utf-8"))
    arcs = arcs_of(topology)
    codes = {name: code for code, name in COUNTRIES.items()} | NAMES
    shapes: dict[str, str] = {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        code = codes.get(geometry["properties"]["name"], "")
        key = code if code in REGIONS else ""
        shapes[key] = shapes.get(key, "") + "".join(path_of(ring) for ring in rings_of(geometry, arcs))
    with CAPITALS.open(encoding="utf-8", newline="") as file:
        capitals = {row["country"]: placed(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)}
    world = {
        "width": WIDTH,
        "height": HEIGHT,
        "shapes": {code: path for code, path in sorted(shapes.items()) if path},
        "places": {code: [round(x), round(y)] for code, (x, y) in sorted(capitals.items())},
    }
    TARGET.write_text(json.dumps(world, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{TARGET.name}: {TARGET.stat().st_size} bytes, {len(world['shapes']) - 1} countries of ASEM")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
