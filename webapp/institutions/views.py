"""Pages of institutions."""

from flask import Blueprint, render_template, request

from webapp.access import open_to_everyone
from webapp.institutions import labels, queries

bp = Blueprint("institutions", __name__)


@bp.get("/institutions/options")
@open_to_everyone
def options() -> str:
    """Suggest institutions for what has been typed so far, as options of a datalist."""
    typed = request.args.get("q") or request.args.get("institution") or ""
    found = [(row.name, labels.place(row)) for row in queries.search(typed[:200])]
    return render_template("institutions/options.html", found=found)
