"""What the page of two rounds side by side shows."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from babel.numbers import format_decimal
from flask_babel import gettext as _

from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.i18n import locale
from webapp.matches.wording import score_points
from webapp.profiles.models import CourseProfile
from webapp.rounds import comparing, comparing_queries, draft_queries
from webapp.rounds.comparing import Compared, Found
from webapp.rounds.dial_words import position
from webapp.rounds.models import Round
from webapp.rounds.wording import percent

PAIRS_A_PAGE = 25


@dataclass(frozen=True)
class Line:
    """One pair in both rounds, with its courses."""

    row: Compared
    course_a: CourseProfile
    course_b: CourseProfile


@dataclass(frozen=True)
class Slice:
    """One page of a list that is put together in memory; what the pager's macro asks of a page."""

    items: Sequence[Line]
    page: int
    pages: int
    total: int

    @property
    def has_prev(self) -> bool:
        """Whether a page comes before."""
        return self.page > 1

    @property
    def has_next(self) -> bool:
        """Whether a page comes after."""
        return self.page < self.pages

    @property
    def prev_num(self) -> int:
        """The number of the page before."""
        return self.page - 1

    @property
    def next_num(self) -> int:
        """The number of the page after."""
        return self.page + 1


@dataclass(frozen=True)
class Shown:
    """A comparison as its page shows it.

    Parameters
    ----------
    figures
        Label, value here, value there.
    n_by_found
        How many pairs each round found alone, and both.
    only
        Which of them are listed; None for all.
    page
        The lines.
    is_partial
        Whether the reader sees only the pairs of their own institutions; the figures count all.
    """

    figures: tuple[tuple[str, str, str], ...]
    n_by_found: Mapping[Found, int]
    only: Found | None
    page: Slice
    is_partial: bool


def shown(here: Round, there: Round, reader: User, address: Mapping[str, str]) -> Shown:
    """Compare two rounds as far as the reader may see them."""
    rows = comparing.compare(comparing_queries.keys_of(here.id), comparing_queries.keys_of(there.id))
    is_partial = not scope.is_of_all(reader)
    if is_partial:
        mine = comparing_queries.course_ids_of(reader)
        rows = [row for row in rows if mine & set(row.ids)]
    only = next((found for found in Found if found == address.get("found")), None)
    listed = [row for row in rows if only is None or row.found is only]
    return Shown(
        figures=tuple(_worded(figure) for figure in comparing.figures(here, there)),
        n_by_found=Counter(row.found for row in rows),
        only=only,
        page=_slice(listed, address.get("page", "1")),
        is_partial=is_partial,
    )


def _slice(rows: Sequence[Compared], wanted: str) -> Slice:
    pages = max(-(-len(rows) // PAIRS_A_PAGE), 1)
    page = min(max(int(wanted) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 7 else 1, 1), pages)
    part = rows[(page - 1) * PAIRS_A_PAGE : page * PAIRS_A_PAGE]
    courses = draft_queries.courses({course_id for row in part for course_id in row.ids})
    lines = [Line(row, courses[row.ids[0]], courses[row.ids[1]]) for row in part]
    return Slice(lines, page, pages, len(rows))


def _worded(figure: comparing.Figure) -> tuple[str, str, str]:
    labels = {
        "pairs": _("Pairs"),
        "balance": _("Position of the dial"),
        "fit": _("Fit of all pairs together, in points"),
        "coverage_a": _("Courses in Asia with a partner"),
        "coverage_b": _("Courses in Europe with a partner"),
    }
    write = _WRITERS[figure.code]
    return labels[figure.code], write(figure.here), write(figure.there)


def _count(value: float) -> str:
    return str(format_decimal(value, format="#,##0", locale=locale()))


_WRITERS: Mapping[str, Callable[[float], str]] = {
    "pairs": _count,
    "balance": position,
    "fit": lambda total: _count(score_points(total)),
    "coverage_a": percent,
    "coverage_b": percent,
}
