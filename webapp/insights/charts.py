"""Bar charts as SVG: widths in percent, so that bars stretch with the page while words keep their size."""

from typing import NamedTuple
from unicodedata import east_asian_width

from flask_babel import gettext as _

from matcher.vocabulary.asem import region_of
from webapp.insights.labels import MEANINGS, SHORT_COLUMNS, number, row_label
from webapp.insights.suppression import Status
from webapp.insights.tables import OTHERS, Figure

CHARTED: dict[str, tuple[int, ...]] = {
    "funnel": (0,),
    "students": (0,),
    "origin": (0,),
    "lead": (0,),
    "first-yes": (0,),
    "fields": (0, 1),
    "levels": (0, 1),
    "languages": (0,),
    "goals": (0,),
    "inclusion": (1,),
    "ended": (0,),
    "calibration": (1, 2),
    "climate": (0,),
    "countries": (0,),
}
"""Which columns of a figure its chart shows; figures that are not named have none."""
_SIDES = {"asia": "asia", "europe": "europe", "courses_asia": "asia", "courses_europe": "europe"}
_LABEL, _BAR, _GAP = 22, 20, 12
"""Heights in pixels."""
_LONGEST = 38
"""Letters of a label that find room on a phone; a Chinese character takes the room of two."""
_WIDEST = 62.0
"""Percent of the width that the longest bar takes; its words stand beside it."""
MOST_ROWS = 20


class Bar(NamedTuple):
    """One bar with its words."""

    y: int
    width: float
    side: str
    words: str
    is_hidden: bool


class Group(NamedTuple):
    """A row of the table: its name above its bars."""

    y: int
    label: str
    bars: tuple[Bar, ...]


class Chart(NamedTuple):
    """A bar chart; title and description say the same to those who do not see it."""

    title: str
    description: str
    height: int
    groups: tuple[Group, ...]


def chart(figure: Figure) -> Chart | None:
    """Draw a figure; None for one that has no chart or no number to show."""
    shown = CHARTED.get(figure.code, ())
    others = [row for row in figure.rows[MOST_ROWS:] if row.key.startswith(OTHERS)]
    rows = [*figure.rows[:MOST_ROWS], *others]
    scales = {at: max((row.cells[at].shown or 0.0 for row in rows), default=0.0) for at in shown}
    if figure.code in ("calibration", "inclusion"):
        scales = {at: 100.0 if figure.columns[at] == "mean_score" else 1.0 for at in shown}
    elif scales:
        scales = dict.fromkeys(shown, max(scales.values()))
    if not rows or not any(row.cells[at].shown for row in rows for at in shown):
        return None
    groups, y = [], 0
    for row in rows:
        bars = []
        label, top = row_label(figure.code, row.key), y + _LABEL
        for n, at in enumerate(shown):
            cell = row.cells[at]
            words = number(cell)
            if len(shown) > 1:
                words = _("%(what)s: %(number)s", what=SHORT_COLUMNS[figure.columns[at]], number=words)
            width = _WIDEST * (cell.shown or 0.0) / scales[at]
            side = _SIDES.get(figure.columns[at]) or _side_of(figure, row.key) or ("other" if n else "plain")
            bars.append(Bar(top + n * (_BAR + 2), round(width, 2), side, str(words), cell.status is not Status.SHOWN))
        groups.append(Group(y + _LABEL - 6, shortened(label), tuple(bars)))
        y = top + len(shown) * (_BAR + 2) + _GAP
    said = "; ".join(
        _("%(what)s: %(number)s", what=row_label(figure.code, row.key), number=number(row.cells[shown[0]]))
        for row in rows
    )
    return Chart(str(MEANINGS[figure.code].name), said, y, tuple(groups))


def _side_of(figure: Figure, key: str) -> str:
    """The side a row belongs to, empty for none."""
    region = key.partition("-")[2] or region_of(key) or ""
    return region if figure.code == "countries" else _SIDES.get(key, "")


def shortened(label: str) -> str:
    """Cut a label to the room there is on a phone; the table has it in full."""
    room = _LONGEST
    for at, letter in enumerate(label):
        room -= 2 if east_asian_width(letter) in "WF" else 1
        if room < 0:
            return label[: max(0, at - 1)].rstrip() + "…"
    return label
