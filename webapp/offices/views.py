"""The balance of a house, and the targets set there; bulk import and export stand in modules of their own."""

from datetime import UTC, datetime

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.db import db
from webapp.institutions import queries as institutions
from webapp.institutions.models import BalanceTarget, Institution
from webapp.institutions.rules import check_may_edit, may_edit
from webapp.matches.house_limits import open_pairs
from webapp.offices import export_views, figures, files, filters, import_views, queries, rules, tables, wording
from webapp.offices.blueprint import bp
from webapp.offices.target_forms import TargetForm

__all__ = ["bp", "export_views", "import_views"]

Answer = Redirect | str | tuple[str, int]


def _house(institution_id: int, *, to_change: bool = False) -> Institution:
    """The institution, if this person may see its figures, or change its targets."""
    row = institutions.get(institution_id) or abort(404)
    if to_change:
        check_may_edit(this_person(), row)
    else:
        rules.check_may_see(this_person(), row)
    return row


@bp.get("/house")
@allow(Role.OFFICE)
def mine() -> Redirect:
    """Lead an office to its own house."""
    return redirect(url_for("offices.balance", institution_id=this_person().institution_id))


@bp.get("/house/<int:institution_id>")
@allow(Role.OFFICE, Role.COORDINATOR, Role.ADMINISTRATOR)
def balance(institution_id: int) -> str:
    """Show the matches of an institution, by country and term, beside its targets."""
    house = _house(institution_id)
    wanted = filters.read(request.args)
    found = figures.balance(queries.matches_of(house.id, wanted))
    pairs = open_pairs([house.id])
    names = queries.names_of({one.institution_id for pair in pairs for one in pair})
    return render_template(
        "offices/balance.html",
        house=house,
        wanted=wanted,
        form=filters.FilterForm.of(wanted),
        counted=filters.in_words(wanted),
        balance=found,
        most=max((group.n for group in found.countries), default=0),
        words=wording,
        targets=[wording.standing(target, house, pairs, names) for target in queries.targets_of(house.id)],
        may_edit=may_edit(this_person(), house),
    )


@bp.get("/house/<int:institution_id>/balance.csv")
@allow(Role.OFFICE, Role.COORDINATOR, Role.ADMINISTRATOR)
def balance_file(institution_id: int) -> Response:
    """Give the figures of the page as a file, filtered as the page is."""
    house = _house(institution_id)
    found = figures.balance(queries.matches_of(house.id, filters.read(request.args)))
    content = files.as_csv(files.rows_of(tables.header(), tables.lines(found)))
    headers = {
        "Content-Disposition": 'attachment; filename="causeway-balance.csv"',
        "Cache-Control": "private, no-store",
    }
    return Response(content, headers=headers, content_type="text/csv; charset=utf-8")


def _target(house: Institution, target_id: int) -> BalanceTarget:
    return queries.target(house.id, target_id) or abort(404)


def _target_page(house: Institution, form: TargetForm, target: BalanceTarget | None) -> str:
    words = wording.target_words(target) if target else ""
    return render_template("offices/target.html", house=house, form=form, target=target, words=words)


def _back(house: Institution) -> Redirect:
    return redirect(url_for("offices.balance", institution_id=house.id, _anchor="targets"), 303)


@bp.get("/house/<int:institution_id>/targets/new")
@allow(Role.OFFICE, Role.ADMINISTRATOR)
def new_target(institution_id: int) -> str:
    """Ask for a target."""
    house = _house(institution_id, to_change=True)
    return _target_page(house, TargetForm(formdata=None, own=house), None)


@bp.post("/house/<int:institution_id>/targets/new")
@allow(Role.OFFICE, Role.ADMINISTRATOR)
def add_target(institution_id: int) -> Answer:
    """Set it."""
    house = _house(institution_id, to_change=True)
    form = TargetForm(own=house)
    if not form.validate_on_submit():
        return _target_page(house, form, None), 422
    rules.add_target(house, form.values(), this_person(), datetime.now(UTC))
    db.session.commit()
    flash(_("The target is set. It holds from the next proposal on; what is open already stays."), "success")
    return _back(house)


@bp.get("/house/<int:institution_id>/targets/<int:target_id>")
@allow(Role.OFFICE, Role.ADMINISTRATOR)
def target(institution_id: int, target_id: int) -> str:
    """Ask what changes in a target."""
    house = _house(institution_id, to_change=True)
    row = _target(house, target_id)
    return _target_page(house, TargetForm(formdata=None, own=house, target=row), row)


@bp.post("/house/<int:institution_id>/targets/<int:target_id>")
@allow(Role.OFFICE, Role.ADMINISTRATOR)
def change_target(institution_id: int, target_id: int) -> Answer:
    """Change it."""
    house = _house(institution_id, to_change=True)
    row = _target(house, target_id)
    form = TargetForm(own=house, target=row)
    if not form.validate_on_submit():
        return _target_page(house, form, row), 422
    has_changed = rules.change_target(row, house, form.values(), this_person(), datetime.now(UTC))
    db.session.commit()
    flash(_("The target is changed.") if has_changed else _("Everything is as before."), "success")
    return _back(house)


@bp.post("/house/<int:institution_id>/targets/<int:target_id>/remove")
@allow(Role.OFFICE, Role.ADMINISTRATOR)
def remove_target(institution_id: int, target_id: int) -> Answer:
    """Give it up."""
    house = _house(institution_id, to_change=True)
    rules.remove_target(_target(house, target_id), house, this_person(), datetime.now(UTC))
    db.session.commit()
    flash(_("The target is removed."), "success")
    return _back(house)
