"""Pages and files of insights."""

from datetime import UTC, datetime

from flask import Response, abort, render_template, request
from flask_babel import gettext as _
from flask_login import current_user

from webapp.access import Role, allow, open_to_everyone
from webapp.accounts import scope
from webapp.insights import asem, charts, csv_files, labels, queries, reach_views, world_map  # noqa: F401
from webapp.insights.blueprint import bp
from webapp.insights.facts import Rows, narrowed
from webapp.insights.figures import FIGURES, PUBLIC, computed
from webapp.insights.forms import FilterForm
from webapp.insights.tables import Figure

bp.add_app_template_global(labels.row_label, "insight_row")


@bp.get("")
@open_to_everyone
def index() -> str:
    """Show everybody what has come of it: totals, balance, countries on the map, fields, flights not flown."""
    figures = computed(queries.load(None), PUBLIC)
    return render_template("insights/index.html", **_shown(figures))


@bp.get("/<name>.csv")
@open_to_everyone
def public_file(name: str) -> Response:
    """Send one of the public figures as a file."""
    if name not in PUBLIC:
        abort(404)
    return _sent(FIGURES[name](queries.load(None)), _("All institutions"))


@bp.get("/network")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def network() -> str:
    """Show a coordinator all figures of their institutions, narrowed as they like."""
    form, rows = _narrowed()
    return render_template(
        "insights/network.html",
        form=form,
        of_all=scope.is_of_all(current_user),
        **_shown(computed(rows)),
    )


@bp.get("/network/<name>.csv")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def network_file(name: str) -> Response:
    """Send one figure of a coordinator's institutions as a file, narrowed as the page was."""
    if name not in FIGURES:
        abort(404)
    form, rows = _narrowed()
    whose = _("All institutions") if scope.is_of_all(current_user) else _("Institutions of this coordinator")
    return _sent(FIGURES[name](rows), f"{whose}; {form.words}" if form.words else whose)


@bp.get("/asem.csv")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def asem_file() -> Response:
    """Send the figures for the stocktaking of ASEM: a row for each indicator, country and half-year."""
    rows = asem.lines(queries.load(current_user), datetime.now(UTC).date())
    return csv_files.answer(csv_files.written(rows), "causeway-asem.csv")


@bp.get("/asem-dictionary.csv")
@open_to_everyone
def asem_dictionary() -> Response:
    """Send what the columns and indicators of the file for the stocktaking mean."""
    return csv_files.answer(csv_files.written(asem.dictionary()), "causeway-asem-dictionary.csv")


def _narrowed() -> tuple[FilterForm, Rows]:
    rows = queries.load(current_user)
    form = FilterForm(request.args)
    form.offer(rows)
    return form, narrowed(rows, form.wanted)


def _shown(figures: list[Figure]) -> dict[str, object]:
    """What templates need to show figures."""
    by_code = {figure.code: figure for figure in figures}
    return {
        "figures": figures,
        "charts": {figure.code: charts.chart(figure) for figure in figures},
        "map": world_map.draw(by_code["pairs"], by_code["countries"]),
        "meanings": labels.MEANINGS,
        "columns": labels.COLUMNS,
        "first_column": labels.first_column,
        "number": labels.number,
        "now": datetime.now(UTC),
    }


def _sent(figure: Figure, about: str) -> Response:
    return csv_files.answer(csv_files.figure_file(figure, str(about), datetime.now(UTC)), f"causeway-{figure.code}.csv")
