"""The archive of one's own digests."""

from flask import Blueprint, abort, current_app, render_template
from flask_login import current_user

from webapp.access import allow
from webapp.accounts.sessions import this_person
from webapp.db import db
from webapp.errors import NotAllowedError
from webapp.rounds import digest_queries
from webapp.rounds.digest_archive import main_part

bp = Blueprint("digests", __name__, url_prefix="/digests")

PER_PAGE = 20


@bp.get("")
@allow()
def index() -> str:
    """List a person's digests, the newest first."""
    page = db.paginate(digest_queries.issues_of(this_person()), per_page=PER_PAGE, error_out=False)
    kept_days = current_app.config["SETTINGS"].keep_mail_days
    gets_one = this_person().role in digest_queries.READERS
    return render_template("rounds/digests.html", page=page, kept_days=kept_days, user=this_person(), gets_one=gets_one)


@bp.get("/<int:issue_id>")
@allow()
def show(issue_id: int) -> str:
    """Show a digest as it was sent; only to whom it was sent."""
    issue = digest_queries.issue(issue_id)
    if issue is None:
        abort(404)
    if issue.user_id != current_user.id:
        raise NotAllowedError()
    return render_template("rounds/digest.html", issue=issue, content=main_part(issue.html))
