"""Which numbers of the file for ASEM may be shown: all indicators, countries and half-years decided together.

The indicators are not independent: exchanges approved are a part of partnerships, those that the class in Asia leads
are another. So what is left of an indicator without its parts is protected as if it stood in the file.
"""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from webapp.insights.suppression import Ledger, Status, hidden, nested

ALL = "ALL"
Place = tuple[str, str]
"""Country and half-year, either of which can be ``ALL``."""
Counts = Mapping[str, Counter[Place]]
"""For each indicator its number by country and half-year."""

STEPS = ("matches_proposed", "partnerships", "exchanges_approved", "exchanges_running", "exchanges_completed")
"""Indicators of which each is a part of the one before."""
_MOST_WANTED = STEPS.index("partnerships")
LED = ("partnerships_led_asia", "partnerships_led_europe", "partnerships_led_both")
PARTS: dict[str, tuple[str, tuple[str, ...]]] = {
    "proposed only": ("matches_proposed", ("partnerships",)),
    "not approved": ("partnerships", ("exchanges_approved",)),
    "not begun": ("exchanges_approved", ("exchanges_running",)),
    "not completed": ("exchanges_running", ("exchanges_completed",)),
    "broadband": ("partnerships", ("partnerships_low_bandwidth",)),
    "live": ("partnerships", ("partnerships_asynchronous",)),
    "led by nobody": ("partnerships", LED),
    "of unknown size": ("exchanges_running", ("students",)),
}
"""What is left of an indicator without parts of it that do not overlap; these rests do not stand in the file."""
_OWN = frozenset({"courses_opened", "students", "of unknown size"})
"""Indicators whose sums over all countries differ from region to region; of all others they are the same."""


class Cell(NamedTuple):
    """The name of a number in the file; without region where both regions have the same."""

    indicator: str
    region: str
    country: str
    half_year: str


def named(indicator: str, region: str, place: Place) -> Cell:
    """Give the name of a number of the file."""
    return Cell(indicator, "" if place[0] == ALL and indicator not in _OWN else region, *place)


def summed(layer: Counter[Place]) -> Counter[Place]:
    """Add to the numbers of an indicator their sums over countries, over half-years and over both."""
    found = Counter[Place]()
    for (country, half_year), n in layer.items():
        for place in ((country, half_year), (country, ALL), (ALL, half_year), (ALL, ALL)):
            found[place] += n
    return found


def states(by_region: Mapping[str, Counts]) -> dict[Cell, Status]:
    """Decide about every number of the file; of a country or half-year that is hidden nothing is shown.

    Parameters
    ----------
    by_region
        For each region what its indicators count.
    """
    ledger = Ledger[Cell]()
    numbers: dict[Cell, int] = {}
    for region, counts in by_region.items():
        layers = {code: summed(layer) for code, layer in counts.items()}
        _enter(ledger, numbers, region, layers)
        for code in (*layers, *PARTS):
            _add_up(ledger, numbers, region, code)
        for place in layers["matches_proposed"]:
            for rest, (whole, parts) in PARTS.items():
                ledger.add_up(
                    named(whole, region, place), [named(code, region, place) for code in (*parts, rest)]
                )  # fmt: skip
    found = ledger.protected()
    return {cell: found[cell] if _stands(cell, found) else hidden(n) for cell, n in numbers.items()}


def _enter(ledger: Ledger[Cell], numbers: dict[Cell, int], region: str, layers: Mapping[str, Counter[Place]]) -> None:
    """Enter the cells of a region, each once; steps and their losses are decided place by place before."""

    def is_new(code: str, place: Place, n: int) -> bool:
        cell = named(code, region, place)
        return numbers.setdefault(cell, n) == n and cell not in ledger

    for place in layers["matches_proposed"]:
        steps = dict(zip(STEPS, nested([layers[code][place] for code in STEPS], _MOST_WANTED), strict=True))
        for code in layers:
            n = layers[code][place]
            if code != "courses_opened" and is_new(code, place, n):
                # What the pages show of all matches is known.
                is_known = place == (ALL, ALL) and steps.get(code) is Status.SHOWN
                ledger.put(named(code, region, place), n, steps.get(code), is_fixed=is_known)
        for rest, (whole, parts) in PARTS.items():
            n = layers[whole][place] - sum(layers[part][place] for part in parts)
            if is_new(rest, place, n):
                ledger.put_unseen(named(rest, region, place), n)
    for place, n in layers["courses_opened"].items():
        if is_new("courses_opened", place, n):
            ledger.put(named("courses_opened", region, place), n)


def _add_up(ledger: Ledger[Cell], numbers: Mapping[Cell, int], region: str, code: str) -> None:
    """Say what adds up within an indicator: over half-years, over countries, and both at once."""
    there = [cell for cell in numbers if cell.indicator == code and cell.region == region and cell.country != ALL]
    inner = [cell for cell in there if cell.half_year != ALL]
    whole = named(code, region, (ALL, ALL))
    groups: dict[Cell, list[Cell]] = {}
    for cell in inner:
        groups.setdefault(cell._replace(half_year=ALL), []).append(cell)
        groups.setdefault(named(code, region, (ALL, cell.half_year)), []).append(cell)
    for total, parts in groups.items():
        ledger.add_up(total, parts)
    for parts in (inner, [cell for cell in groups if cell.country != ALL], [c for c in groups if c.country == ALL]):
        if parts:
            ledger.add_up(whole, parts)


def _stands(cell: Cell, found: Mapping[Cell, Status]) -> bool:
    """Whether the sums that a number stands in are shown, so that it can be shown itself."""
    sums = [(ALL, ALL)]
    if ALL not in (cell.country, cell.half_year):
        sums += [(cell.country, ALL), (ALL, cell.half_year)]
    return all(found[named(cell.indicator, cell.region, place)] is Status.SHOWN for place in sums)
