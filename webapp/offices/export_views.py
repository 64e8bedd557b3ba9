"""Everything an institution has here, as one workbook or as CSV files."""

from datetime import UTC, datetime

from flask import Response, abort, render_template, request
from flask_login import current_user

from webapp.access import Role, allow
from webapp.db import db
from webapp.institutions import queries as institutions
from webapp.institutions.models import Institution
from webapp.institutions.rules import check_may_edit
from webapp.offices import export_queries, exporting, files, rules
from webapp.offices.blueprint import bp

_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
}


def _house(institution_id: int) -> Institution:
    row = institutions.get(institution_id) or abort(404)
    check_may_edit(current_user, row)
    return row


@bp.get("/house/<int:institution_id>/export")
@allow(Role.OFFICE, Role.ADMINISTRATOR)
def export(institution_id: int) -> str:
    """Say what is in the files."""
    return render_template("offices/export.html", house=_house(institution_id))


@bp.post("/house/<int:institution_id>/export")
@allow(Role.OFFICE, Role.ADMINISTRATOR)
def export_now(institution_id: int) -> Response:
    """Give the file, and note who took it."""
    house = _house(institution_id)
    ending = request.form.get("ending", "")
    if ending not in _TYPES:
        abort(400)
    now, found = datetime.now(UTC), export_queries.everything(house.id)
    tables = exporting.tables(house, found, now)
    counts = {"courses": len(found.courses), "lecturers": len(found.lecturers), "matches": len(found.matches)}
    rules.note_export(house, ending, counts, current_user, now)
    content = files.as_xlsx(tables) if ending == "xlsx" else files.as_zip(exporting.file_names(tables))
    db.session.commit()
    headers = {
        "Content-Disposition": f'attachment; filename="causeway-institution-{institution_id}.{ending}"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, headers=headers, content_type=_TYPES[ending])
