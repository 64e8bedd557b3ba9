"""Pages of the balance dial."""

from datetime import UTC, datetime
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from config import Settings
from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.db import db
from webapp.rounds import console, decision_queries, dial_picture, dial_queries, dial_rules, dial_words, supply
from webapp.rounds import dial as dials
from webapp.rounds.blueprint import bp
from webapp.rounds.dial import Dial
from webapp.rounds.dial_forms import DialForm
from webapp.rounds.models import Round

Answer = Response | str | tuple[str, int]

FIRST = 20
"""Courses and groups named on the page itself; the rest stands behind a link."""
COURSES_A_PAGE = 50


def _round_with_dial(round_id: int) -> tuple[Round, Dial | None]:
    dial_rules.require_may_turn(this_person())
    this_round = dial_queries.with_frontier(round_id)
    if this_round is None:
        abort(404)
    return this_round, dials.read(this_round.frontier)


def _held() -> float:
    """The position that holds for coming rounds."""
    settings: Settings = current_app.config["SETTINGS"]
    newest = decision_queries.newest_dial()
    return newest.balance if newest else settings.balance


@bp.get("/<int:round_id>/dial")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def dial(round_id: int) -> str:
    """Show what a position of the dial would change in a round; the address names the position."""
    this_round, dial = _round_with_dial(round_id)
    if dial is None:
        return render_template("rounds/dial_none.html", round=this_round)
    return _page(this_round, dial, request.args.get("at"))


def _page(this_round: Round, dial: Dial, wanted: str | None, form: DialForm | None = None) -> str:
    point = dial.at(wanted)
    changed = dial.changed(point)
    courses: dict[str, Any] = {
        "gains": dial_queries.first_courses(changed.gains, FIRST),
        "losses": dial_queries.first_courses(changed.losses, FIRST),
    }
    return render_template(
        "rounds/dial.html",
        round=this_round,
        dial=dial,
        point=point,
        is_present=point is dial.present,
        at=f"{point.balance:.4g}",
        words=dial_words,
        picture=dial_picture.draw(dial, point),
        changed=changed,
        courses=courses,
        first=FIRST,
        groups={level: dial.changed_groups(point, level) for level in ("country", "institution")},
        least={level: dial.least_served(point, level) for level in ("country", "institution")},
        held=_held(),
        choices=dial_queries.choices(),
        form=form or DialForm(formdata=None),
        # A moved dial takes over the part below it only.
        supply=None if request.headers.get("HX-Request") else supply.at(datetime.now(UTC)),
    )


@bp.get("/<int:round_id>/dial/courses")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def dial_courses(round_id: int) -> str:
    """List every course that gains or loses partners at a position."""
    this_round, dial = _round_with_dial(round_id)
    if dial is None:
        abort(404)
    point = dial.at(request.args.get("at"))
    changed = dial.changed(point)
    are_losses = request.args.get("which") == "losses"
    counts = changed.losses if are_losses else changed.gains
    page = db.paginate(dial_queries.courses(counts), per_page=COURSES_A_PAGE, error_out=False)
    return render_template(
        "rounds/dial_courses.html",
        round=this_round,
        point=point,
        at=f"{point.balance:.4g}",
        dial=dial,
        words=dial_words,
        are_losses=are_losses,
        counts=counts,
        page=page,
    )


@bp.post("/<int:round_id>/dial")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def choose_dial(round_id: int) -> Answer:
    """Use a position from now on."""
    this_round, dial = _round_with_dial(round_id)
    if dial is None:
        abort(404)
    form = DialForm()
    if not form.validate_on_submit() or form.at.data is None:
        return _page(this_round, dial, request.form.get("at"), form), 422
    dial_rules.choose(this_person(), form.at.data, form.note.data or "", _held(), datetime.now(UTC))
    db.session.commit()
    flash(_("From now on rounds are computed at position %(at)s.", at=dial_words.position(form.at.data)), "success")
    return redirect(url_for("rounds.dial", round_id=round_id, at=f"{form.at.data:.4g}"), 303)


@bp.post("/<int:round_id>/dial/again")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def run_at(round_id: int) -> Answer:
    """Run a round again at a position, which holds for this run only."""
    this_round, dial = _round_with_dial(round_id)
    if dial is None:
        abort(404)
    form = DialForm()
    if not form.validate_on_submit() or form.at.data is None:
        return _page(this_round, dial, request.form.get("at"), form), 422
    settings: Settings = current_app.config["SETTINGS"]
    begun = console.start(this_person(), datetime.now(UTC), settings, based_on=this_round, balance=form.at.data)
    db.session.commit()
    flash(
        _(
            "You asked for a draft at position %(at)s. Its page shows how far it is.",
            at=dial_words.position(begun.balance),
        ),
        "success",
    )
    return redirect(url_for("rounds.show", round_id=begun.id), 303)
