"""What the page of a file shows: each row with its problems, or with what would be made or changed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.imports import columns, rules
from webapp.imports.models import ImportFile
from webapp.imports.reading import place_name
from webapp.imports.rules import Courses, Fate
from webapp.profiles import facts
from webapp.profiles.facts import Difference, Fact
from webapp.profiles.rules import values_of

PER_PAGE = 25
TONES = {
    Fate.WRONG: "not",
    Fate.NEW: "fits",
    Fate.CHANGED: "talk",
    Fate.SAME: "plain",
    Fate.WITHDRAWN: "plain",
    Fate.THEIRS: "plain",
}


@dataclass(frozen=True)
class Line:
    """One row of the page.

    Parameters
    ----------
    problems
        Name of the column (empty for the whole row) and what to do.
    stated
        What a new course would say.
    differences
        What would change in a course that is there.
    course_id
        The course it speaks of; None when there is none yet.
    """

    n: int
    place: str
    title: str
    fate: Fate
    is_chosen: bool
    is_made: bool
    problems: tuple[tuple[str, str], ...]
    stated: tuple[Fact, ...]
    differences: tuple[Difference, ...]
    course_id: int | None


@dataclass(frozen=True)
class Preview:
    """One page of the rows of a file, and counts of all of them."""

    lines: tuple[Line, ...]
    page: int
    pages: int
    counts: dict[Fate, int]
    n_made: int


def of(file: ImportFile, courses: Courses, page: int, empty: dict[str, Any]) -> Preview:
    """Lay out a page.

    Parameters
    ----------
    courses
        Courses the rows speak of.
    page
        Its number from 1; numbers beyond the last give the last.
    empty
        Values of a course that says nothing yet.
    """
    pages = max(1, -(-len(file.rows) // PER_PAGE))
    page = min(max(page, 1), pages)
    fates = [rules.fate(row, courses) for row in file.rows]
    start = (page - 1) * PER_PAGE
    return Preview(
        lines=tuple(
            _line(row, fate, courses, empty)
            for row, fate in zip(file.rows[start : start + PER_PAGE], fates[start:], strict=False)
        ),
        page=page,
        pages=pages,
        counts={fate: fates.count(fate) for fate in Fate},
        n_made=sum(bool(row["made"]) and fate is Fate.SAME for row, fate in zip(file.rows, fates, strict=True)),
    )


def _line(row: dict[str, Any], fate: Fate, courses: Courses, empty: dict[str, Any]) -> Line:
    course = courses.get(row["key"])
    values = rules.values_of(row)
    stated: Sequence[Fact] = ()
    differences: Sequence[Difference] = ()
    if fate is Fate.NEW:
        stated = [fact for group in facts.groups({**empty, **values}) for fact in group.stated if fact.field in values]
    elif course is not None and fate is Fate.CHANGED:
        saved = values_of(course)
        differences = facts.differences(saved, {**saved, **values})
    return Line(
        n=row["n"],
        place=place_name(row["place"], row["n"]),
        title=row["title"],
        fate=fate,
        is_chosen=row["chosen"],
        is_made=bool(row["made"]) and course is not None,
        problems=tuple((columns.header(column) if column else "", message) for column, message in row["problems"]),
        stated=tuple(stated),
        differences=tuple(differences),
        course_id=course.id if course else None,
    )


def fate_label(fate: Fate) -> str:
    """Say what an import makes of a row."""
    words = {
        Fate.WRONG: _("Has problems"),
        Fate.NEW: _("Becomes a draft"),
        Fate.CHANGED: _("Changes a course"),
        Fate.SAME: _("Same as before"),
        Fate.WITHDRAWN: _("Withdrawn here, stays so"),
        Fate.THEIRS: _("In the lecturer’s hands, stays as it is"),
    }
    return str(words[fate])


def fate_tone(fate: Fate) -> str:
    """Give the tone in which it is shown: fits, talk, not or plain."""
    return TONES[fate]


def summary(counts: dict[Fate, int], n_made: int = 0) -> list[tuple[Fate, str]]:
    """Say how many rows of each kind there are; kinds without rows are left out.

    Parameters
    ----------
    n_made
        How many of those that are the same now were made by the import itself.
    """
    made = [(Fate.NEW, str(ngettext("%(num)d draft was made", "%(num)d drafts were made", n_made)))] if n_made else []
    counts = {**counts, Fate.SAME: max(0, counts[Fate.SAME] - n_made)}
    words = {
        Fate.NEW: ngettext("%(num)d new course", "%(num)d new courses", counts[Fate.NEW]),
        Fate.CHANGED: ngettext("%(num)d course changes", "%(num)d courses change", counts[Fate.CHANGED]),
        Fate.SAME: ngettext(
            "%(num)d course is the same as before", "%(num)d courses are the same as before", counts[Fate.SAME]
        ),
        Fate.WITHDRAWN: ngettext(
            "%(num)d course is withdrawn and stays so",
            "%(num)d courses are withdrawn and stay so",
            counts[Fate.WITHDRAWN],
        ),
        Fate.THEIRS: ngettext(
            "%(num)d course is in its lecturer’s hands and stays as it is",
            "%(num)d courses are in their lecturers’ hands and stay as they are",
            counts[Fate.THEIRS],
        ),
        Fate.WRONG: ngettext("%(num)d row has problems", "%(num)d rows have problems", counts[Fate.WRONG]),
    }
    return made + [(fate, str(text)) for fate, text in words.items() if counts[fate]]


def done(outcome: rules.Outcome) -> str:
    """Say what an import has done."""
    parts = []
    if outcome.made:
        parts.append(ngettext("%(num)d draft was made.", "%(num)d drafts were made.", len(outcome.made)))
    if outcome.n_changed:
        parts.append(ngettext("%(num)d course was changed.", "%(num)d courses were changed.", outcome.n_changed))
    if outcome.n_same:
        parts.append(
            ngettext("%(num)d course is the same as before.", "%(num)d courses are the same as before.", outcome.n_same)
        )
    return " ".join(map(str, parts))
