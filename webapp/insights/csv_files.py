"""Figures as CSV: what the numbers mean stands in the first lines, then the table."""

import csv
from collections.abc import Iterable
from datetime import datetime
from io import StringIO

from flask import Response
from flask_babel import gettext as _

from webapp.insights.labels import COLUMNS, MEANINGS, STATUSES, first_column, plain, row_label
from webapp.insights.suppression import Status
from webapp.insights.tables import OTHERS, Figure
from webapp.spreadsheets import harmless

BOM = "\ufeff"
"""Tells spreadsheets that the file is UTF-8."""


def written(lines: Iterable[Iterable[str]]) -> str:
    """Write lines as CSV (RFC 4180) with a byte order mark; a cell is never taken for a formula."""
    file = StringIO()
    file.write(BOM)
    csv.writer(file).writerows([harmless(cell) for cell in line] for line in lines)
    return file.getvalue()


def figure_file(figure: Figure, about: str, now: datetime) -> str:
    """Write one figure.

    Parameters
    ----------
    figure
        Its numbers.
    about
        What the page was narrowed to, in words.
    now
        The instant it was computed (aware).
    """
    meaning = MEANINGS[figure.code]
    head = [
        (_("Indicator"), str(meaning.name)),
        (_("Definition"), str(meaning.definition)),
        (_("Unit"), str(meaning.unit)),
        (_("Base"), f"{plain(figure.base)} ({meaning.base})"),
        (_("Covers"), about),
        (_("Computed"), now.isoformat(timespec="minutes")),
        (
            _("Not shown"),
            _(
                "“%(small)s”: one to four; “%(held)s”: hidden because such a small number could be worked out from it."
                " Both stand together as “%(others)s”.",
                small=STATUSES[Status.SMALL],
                held=STATUSES[Status.HELD],
                others=row_label("", OTHERS),
            ),
        ),
        (),
        (first_column(figure.code), *(str(COLUMNS[column]) for column in figure.columns)),
    ]
    rows = [(row_label(figure.code, row.key), *map(plain, row.cells)) for row in figure.rows]
    return written([*head, *rows])


def answer(text: str, name: str) -> Response:
    """Send a file under a name."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(text, mimetype="text/csv", headers=headers)
