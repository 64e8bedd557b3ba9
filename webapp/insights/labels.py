"""What indicators, their columns and their rows are called, and what each of them means."""

from collections.abc import Callable
from typing import NamedTuple

from babel.numbers import format_decimal, format_percent
from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.i18n import country_name, language_name, locale
from webapp.insights.suppression import Status
from webapp.insights.tables import OTHERS, OTHERS_EACH, Cell, Kind
from webapp.matches.labels import reason_label
from webapp.matches.travel import two_figures
from webapp.profiles.labels import isced_label, level_label, region_label, sdg_label


class Meaning(NamedTuple):
    """The words of an indicator."""

    name: LazyString
    definition: LazyString
    base: LazyString
    """What the number it rests on counts."""
    unit: LazyString


_MATCHES = _l("matches proposed")
_PARTNERSHIPS = _l("partnerships: matches both lecturers accepted, whatever came of them later")

MEANINGS: dict[str, Meaning] = {
    "funnel": Meaning(
        _l("From open courses to completed exchanges"),
        _l("How many courses were opened, how many matches ever reached each step, and the median of the days from the"
           " step before, where both days are known. A step is not shown either when it differs by fewer than 5 from"
           " the next one shown; nor are its days then."),
        _MATCHES,
        _l("courses, matches, days"),
    ),
    "origin": Meaning(
        _l("Who proposes"),
        _l("Matches by how they began: by a matching round, or by the invitation of a lecturer in Asia or in Europe."),
        _MATCHES,
        _l("matches"),
    ),
    "lead": Meaning(
        _l("Who leads"),
        _l("Partnerships by the side that leads: the one named in the newest version of the lecturers' plan, else the"
           " one that the matching round named when it proposed the match."),
        _PARTNERSHIPS,
        _l("partnerships"),
    ),
    "first-yes": Meaning(
        _l("Who says yes first"),
        _l("The side whose lecturer said yes first, of the matches that a round proposed and both accepted."),
        _l("matches proposed by a round and accepted by both"),
        _l("matches"),
    ),
    "students": Meaning(
        _l("Students on both sides"),
        _l("Students of the classes whose exchange runs or ran, where the lecturer states the size of the class; of a"
           " range, its smallest number. A class counts once for each of its exchanges."),
        _l("exchanges that run or ran"),
        _l("students"),
    ),
    "pairs": Meaning(
        _l("Which countries work together"),
        _l("Partnerships by the countries of the two institutions."),
        _PARTNERSHIPS,
        _l("partnerships"),
    ),
    "countries": Meaning(
        _l("Partnerships by country"),
        _l("Partnerships with a course at an institution of the country; each counts in two countries."),
        _PARTNERSHIPS,
        _l("partnerships"),
    ),
    "coverage": Meaning(
        _l("How evenly countries are served"),
        _l("Countries with at least one partnership, of the 51 of ASEM, and the Gini index of partnerships for each"
           " course opened, over the countries with open courses: 0 when all have the same, towards 1 when one has"
           " everything."),
        _PARTNERSHIPS,
        _l("countries; index from 0 to 1"),
    ),
    "fields": Meaning(
        _l("Fields of study"),
        _l("Courses in partnerships by their broad field of study (ISCED-F 2013), on both sides."),
        _PARTNERSHIPS,
        _l("courses, one on each side of a partnership"),
    ),
    "levels": Meaning(
        _l("Levels"),
        _l("Courses in partnerships by their level, on both sides."),
        _PARTNERSHIPS,
        _l("courses, one on each side of a partnership"),
    ),
    "languages": Meaning(
        _l("Languages"),
        _l("Partnerships by the languages in which both classes can work; one with two such languages counts in both. A"
           " language is not named when fewer than 5 can or fewer than 5 cannot work in it."),
        _PARTNERSHIPS,
        _l("partnerships"),
    ),
    "goals": Meaning(
        _l("Sustainable Development Goals"),
        _l("Partnerships by the goals that either course names; one with several goals counts in each. A goal is not"
           " named when fewer than 5 have it or fewer than 5 do not."),
        _PARTNERSHIPS,
        _l("partnerships"),
    ),
    "inclusion": Meaning(
        _l("Inclusion"),
        _l("Partnerships in which at least one class has a connection that carries little, needs no live hours, or"
           " belongs to a school, to vocational training or to lifelong learning. A kind is not named when fewer than 5"
           " are of it or fewer than 5 are not."),
        _PARTNERSHIPS,
        _l("partnerships"),
    ),
    "ended": Meaning(
        _l("Why matches fell through"),
        _l("Matches that were declined, withdrawn or broken off, or whose time ran out, by the reason given last."),
        _l("matches that fell through"),
        _l("matches"),
    ),
    "calibration": Meaning(
        _l("Does a better score mean more acceptance?"),
        _l("Matches that rounds proposed and that are decided, in groups of the same size from the lowest score to the"
           " highest: the mean score of a group, and the share of it that both lecturers accepted. There are ten"
           " groups, or five, three or two where fewer than 5 of one would have been accepted, or not; where even two"
           " are too many, tenths of which that is true stand together."),
        _l("proposals of rounds that are decided"),
        _l("score of 100; share of the group"),
    ),
    "climate": Meaning(
        _l("Flights not flown"),
        _l("Greenhouse gases of a visit there and back by air that exchanges which run or ran stood in for, had the"
           " smaller class flown: great circle between the cities, by a published factor for each passenger and"
           " kilometre, without and with the effects of flying high up. One student is counted where no class size is"
           " known; distances under 700 km are left out."),
        _l("exchanges that run or ran, with known places at least 700 km apart"),
        _l("tonnes of CO₂ equivalent, two figures"),
    ),
}  # fmt: skip

COLUMNS: dict[str, LazyString] = {
    "number": _l("Number"),
    "median_days": _l("Days since the step before (median)"),
    "timed": _l("Matches with both days known"),
    "matches": _l("Matches"),
    "share": _l("Share"),
    "students": _l("Students"),
    "students_mean": _l("Students in a class (mean)"),
    "sizes_known": _l("Classes of known size"),
    "courses_asia": _l("Courses in Asia"),
    "courses_europe": _l("Courses in Europe"),
    "served": _l("Countries with a partnership"),
    "of_countries": _l("Countries of ASEM"),
    "offering": _l("Countries with open courses"),
    "gini": _l("Gini index"),
    "answered": _l("Proposals decided"),
    "mean_score": _l("Mean score, of 100"),
    "acceptance": _l("Accepted by both"),
    "tonnes": _l("Tonnes in all"),
    "tonnes_each": _l("Tonnes an exchange (mean)"),
}
SHORT_COLUMNS: dict[str, LazyString] = {
    "courses_asia": _l("Asia"),
    "courses_europe": _l("Europe"),
    "mean_score": _l("Score"),
    "acceptance": _l("Accepted"),
}
"""The same where there is little room: beside the bars of a chart."""
FIRST_COLUMNS: dict[str, LazyString] = {
    "funnel": _l("Step"),
    "origin": _l("Begun by"),
    "pairs": _l("Countries"),
    "countries": _l("Country"),
    "fields": _l("Field"),
    "levels": _l("Level"),
    "languages": _l("Language"),
    "goals": _l("Goal"),
    "ended": _l("Reason"),
    "calibration": _l("Group"),
    "climate": _l("Factor"),
}
_ROWS: dict[tuple[str, str], LazyString] = {
    ("funnel", "open"): _l("Courses opened"),
    ("funnel", "proposed"): _l("Matches proposed"),
    ("funnel", "accepted"): _l("Accepted by both lecturers"),
    ("funnel", "approved"): _l("Approved by both institutions"),
    ("funnel", "running"): _l("Begun"),
    ("funnel", "completed"): _l("Completed"),
    ("origin", "round"): _l("A matching round"),
    ("origin", "asia"): _l("A lecturer in Asia"),
    ("origin", "europe"): _l("A lecturer in Europe"),
    ("lead", "both"): _l("Both sides"),
    ("lead", "unsaid"): _l("Nobody is named"),
    ("first-yes", "together"): _l("Both at the same moment"),
    ("inclusion", "low_bandwidth"): _l("A class on a thin connection"),
    ("inclusion", "asynchronous"): _l("A class that needs no live hours"),
    ("inclusion", "beyond_university"): _l("A class outside the university"),
    ("ended", "expired"): _l("Time to answer ran out"),
    ("ended", "unsaid"): _l("No reason given"),
    ("climate", "low"): _l("Without the effects of height"),
    ("climate", "high"): _l("With the effects of height"),
}
_OTHERS: dict[str, LazyString] = {
    OTHERS: _l("Others"),
    OTHERS_EACH: _l("Others, fewer than 5 each"),
    f"{OTHERS}-asia": _l("Others in Asia"),
    f"{OTHERS_EACH}-asia": _l("Others in Asia, fewer than 5 each"),
    f"{OTHERS}-europe": _l("Others in Europe"),
    f"{OTHERS_EACH}-europe": _l("Others in Europe, fewer than 5 each"),
}
"""Rows that stand for all that are not shown."""
STATUSES = {Status.SMALL: _l("fewer than 5"), Status.HELD: _l("held back")}


def _pair_name(key: str) -> str:
    a, _plus, b = key.partition("+")
    return str(_("%(a)s and %(b)s", a=country_name(a), b=country_name(b)))


def _group_name(key: str) -> str:
    _word, n, of = key.split("_")
    return str(_("Group %(n)s of %(all)s", n=n, all=of))


_NAMERS: dict[str, Callable[[str], object]] = {
    "pairs": _pair_name,
    "countries": country_name,
    "fields": isced_label,
    "levels": level_label,
    "languages": lambda key: language_name(key) if key else "",
    "goals": lambda key: sdg_label(int(key)),
    "ended": reason_label,
    "calibration": _group_name,
}


def row_label(code: str, key: str) -> str:
    """Name a row of an indicator's table."""
    if key in _OTHERS:
        return str(_OTHERS[key])
    if (code, key) in _ROWS:
        return str(_ROWS[code, key])
    named = _NAMERS[code](key) if code in _NAMERS else region_label(key)
    return str(named) or str(_("Not stated"))


def first_column(code: str) -> str:
    """Say what the rows of an indicator's table are."""
    return str(FIRST_COLUMNS.get(code, _("Side")))


def number(cell: Cell) -> str:
    """Write a number in the reader's language, or why it is not shown; a dash where there is none."""
    if cell.status is not Status.SHOWN:
        return str(STATUSES[cell.status])
    if cell.value is None:
        return "–"
    if cell.kind is Kind.SHARE:
        return str(format_percent(cell.value, locale=locale()))
    pattern = {Kind.DAYS: "#,##0.#", Kind.INDEX: "0.00", Kind.TONNES: "#,##0.###"}.get(cell.kind, "#,##0")
    return str(format_decimal(_rounded(cell), format=pattern, locale=locale()))


def _rounded(cell: Cell) -> float:
    value = cell.value or 0.0
    return two_figures(value) if cell.kind is Kind.TONNES else value


def plain(cell: Cell) -> str:
    """Write a number for a file: a point, no spaces; words where it is not shown, nothing where there is none."""
    if cell.status is not Status.SHOWN:
        return str(STATUSES[cell.status])
    if cell.value is None:
        return ""
    if cell.kind in (Kind.COUNT, Kind.TONNES):
        return f"{_rounded(cell):g}" if cell.kind is Kind.TONNES else str(round(cell.value))
    return f"{cell.value:.4f}" if cell.kind in (Kind.SHARE, Kind.INDEX) else f"{cell.value:.2f}"


def term_label(term: str) -> str:
    """Name a half-year: "January to June 2027"."""
    year, _dash, half = term.partition("-")
    if half == "1":
        return str(_("January to June %(year)s", year=year))
    return str(_("July to December %(year)s", year=year))
