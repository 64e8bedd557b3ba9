"""Pages about people who are in: lists, one person, who signs, handing over, and roles."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.access import Role, allow
from webapp.accounts import office, queries, roles
from webapp.accounts.blueprint import bp
from webapp.accounts.labels import role_label
from webapp.accounts.models import User
from webapp.accounts.people_forms import HandOverForm, MembersForm, RoleForm, SigningForm
from webapp.accounts.sessions import this_person
from webapp.db import db
from webapp.errors import WrongStateError
from webapp.i18n import country_name
from webapp.institutions import labels as institution_labels
from webapp.institutions import queries as institution_queries
from webapp.institutions import signers
from webapp.institutions.models import Institution

Answer = Response | str | tuple[str, int]


@bp.get("/people/all")
@allow(Role.ADMINISTRATOR, Role.OFFICE)
def members() -> str:
    """List colleagues and lecturers of one's institution; for an administrator everybody."""
    me = this_person()
    sees_all = me.role is Role.ADMINISTRATOR
    form = MembersForm(request.args, roles=set(Role) if sees_all else (Role.LECTURER, Role.OFFICE))
    number = max(request.args.get("page", 1, type=int), 1)
    page = queries.members(
        None if sees_all else me.institution_id,
        (form.q.data or "")[:200],
        form.wanted_role,
        number,
    )
    return render_template(
        "accounts/members.html",
        form=form,
        page=page,
        role_label=role_label,
        full_name=institution_labels.full_name,
        sees_all=sees_all,
        is_filtered=bool(form.q.data or form.wanted_role),
        warning=signers.warning(me.institution) if me.institution and not sees_all else "",
    )


def _person(user_id: int) -> User:
    """A person this one may look after, held until the transaction ends."""
    user = queries.hold(user_id)
    if user is None:
        abort(404)
    office.check_may_see(this_person(), user)
    return user


def _page(user: User, signing: SigningForm | None = None, role: RoleForm | None = None) -> str:
    is_administrator = this_person().role is Role.ADMINISTRATOR
    is_at_work = user.role is Role.OFFICE and user.is_verified and user.closed_at is None
    return render_template(
        "accounts/person.html",
        user=user,
        place=institution_labels.full_name(user.institution) if user.institution else None,
        role=role_label(user.role),
        countries=[country_name(code) for code in user.countries],
        signing=(signing or SigningForm(formdata=None, obj=user)) if is_at_work else None,
        role_form=(role or RoleForm(formdata=None, user=user)) if is_administrator and not user.closed_at else None,
        networks=institution_queries.networks_in_use() if is_administrator else [],
        is_me=user.id == this_person().id,
    )


@bp.get("/people/<int:user_id>")
@allow(Role.ADMINISTRATOR, Role.OFFICE)
def person(user_id: int) -> str:
    """Show one person, and what may be changed about them."""
    user = queries.get(user_id)
    if user is None:
        abort(404)
    office.check_may_see(this_person(), user)
    return _page(user)


@bp.post("/people/<int:user_id>/signing")
@allow(Role.ADMINISTRATOR, Role.OFFICE)
def set_signing(user_id: int) -> Answer:
    """Say what somebody of an office signs."""
    user, form = _person(user_id), SigningForm()
    office.check_may_set_signing(this_person(), user)
    if not form.validate_on_submit():
        return _page(user, signing=form), 422
    try:
        office.set_signing(user, form.signing(), this_person(), datetime.now(UTC))
    except WrongStateError as error:
        form.signs_for_office.errors = [error.message]
        return _page(user, signing=form), 422
    name = user.name
    db.session.commit()
    flash(_("What %(name)s signs is saved.", name=name), "success")
    _warn(user.institution)
    return redirect(url_for("accounts.person", user_id=user_id), 303)


@bp.post("/people/<int:user_id>/role")
@allow(Role.ADMINISTRATOR)
def change_role(user_id: int) -> Answer:
    """Give somebody another role, institution or reach."""
    user = _person(user_id)
    office_left, form = user.institution, RoleForm(user=user)
    if not form.validate_on_submit():
        return _page(user, role=form), 422
    name, left = user.name, user.institution.name if user.institution else ""
    was_of_office = user.role is Role.OFFICE
    goes_on = roles.change(user, form.place(), this_person(), datetime.now(UTC))
    db.session.commit()
    flash(_("%(name)s is changed, and we have written to them.", name=name), "success")
    if not goes_on:
        flash(_("Nobody is left in the international office of %(institution)s.", institution=left), "warning")
    elif was_of_office:
        _warn(office_left)
    return redirect(url_for("accounts.person", user_id=user_id), 303)


def _warn(house: Institution | None) -> None:
    """Say so when what was just saved leaves a step of an approval without anybody to take it."""
    warning = signers.warning(house) if house else ""
    if warning:
        flash(warning, "warning")


def _hand_over_page(form: HandOverForm, colleagues: list[User]) -> str:
    return render_template("accounts/hand_over.html", form=form, colleagues=colleagues)


@bp.get("/people/hand-over")
@allow(Role.OFFICE)
def hand_over() -> str:
    """Ask who takes over from somebody who leaves an office."""
    colleagues = office.colleagues_of(this_person())
    return _hand_over_page(HandOverForm(formdata=None, colleagues=colleagues), colleagues)


@bp.post("/people/hand-over")
@allow(Role.OFFICE)
def hand_over_now() -> Answer:
    """Hand the office over; who leaves stays as a lecturer."""
    colleagues = office.colleagues_of(this_person())
    form = HandOverForm(colleagues=colleagues)
    if not form.validate_on_submit():
        return _hand_over_page(form, colleagues), 422
    successor = next((one for one in colleagues if str(one.id) == form.successor.data), None)
    office.hand_over(this_person(), successor, datetime.now(UTC))
    name = successor.name if successor else ""
    db.session.commit()
    if name:
        flash(_("%(name)s signs for the office now. Thank you for your work.", name=name), "success")
    else:
        flash(_("Administrators of Causeway look for somebody. Thank you for your work."), "success")
    return redirect(url_for("home.index"), 303)
