"""What every reader of files gives: rows with raw values, or one sentence that says why there are none."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from flask_babel import gettext as _

from webapp.errors import CausewayError
from webapp.profiles.fields import clean

MOST_ROWS = 500
MOST_BYTES = 5 * 1024 * 1024
SHOWN = 40
"""Characters of a value that stand in a message about it."""


class RefusedFileError(CausewayError):
    """A file that cannot be read as courses; the message says what it is and what to do."""


class Place(StrEnum):
    """How the rows of a file are counted, as people would look for them."""

    ROW = "row"
    LINE = "line"
    COURSE = "course"


@dataclass(frozen=True)
class RowProblem:
    """What is wrong in one row.

    Parameters
    ----------
    column
        Key of a column of `webapp.imports.columns`, or what the file calls a column nobody knows; empty when the
        whole row is meant.
    message
        What to do about it.
    """

    column: str
    message: str


@dataclass(frozen=True)
class Row:
    """One course as it stands in a file.

    Parameters
    ----------
    n
        Its number in the file, from 1, counted as `File.place` says.
    values
        Raw values by key of the column; columns the file does not have are missing.
    problems
        What the reader itself found.
    """

    n: int
    values: Mapping[str, Any]
    problems: tuple[RowProblem, ...] = ()


@dataclass(frozen=True)
class File:
    """All rows of a file.

    Parameters
    ----------
    place
        How its rows are counted.
    unknown
        Columns that were left out because nobody knows them.
    """

    place: Place
    rows: tuple[Row, ...]
    unknown: tuple[str, ...] = field(default=())


def shortened(value: Any) -> str:
    """Give the beginning of a value, to name it in a message."""
    # Half characters, which JSON may hold, can be neither stored nor shown.
    text = " ".join(clean(str(value)[: 4 * SHOWN]).encode(errors="replace").decode().split())
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def place_name(place: str, n: int) -> str:
    """Say where a row stands, as "row 7"."""
    words = {
        Place.ROW: _("Row %(n)d", n=n),
        Place.LINE: _("Line %(n)d", n=n),
        Place.COURSE: _("Course %(n)d", n=n),
    }
    return str(words[Place(place)])


def check_number(n: int) -> None:
    """Refuse files without courses and files with more than can be looked at.

    Raises
    ------
    RefusedFileError
        With what to do.
    """
    if n == 0:
        raise RefusedFileError(_("The file holds no course. Fill in at least one row below the header, and send it."))
    if n > MOST_ROWS:
        raise RefusedFileError(
            _(
                "The file holds %(n)d courses; %(most)d at most are read at once. Send it in several parts.",
                n=n,
                most=MOST_ROWS,
            )
        )
