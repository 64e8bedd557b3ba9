"""Pages of the courses a round left out."""

from datetime import UTC, datetime

from flask import abort, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.db import db
from webapp.rounds import changes, kept_address, left_out_queries, left_out_rules, queries, wording
from webapp.rounds.blueprint import bp
from webapp.rounds.left_out_forms import LeftOutFilterForm, LetterForm
from webapp.rounds.models import LeftOut, Round

PER_PAGE = 25


def _round(round_id: int) -> Round:
    found = queries.by_id(round_id)
    if found is None:
        abort(404)
    return found


@bp.get("/<int:round_id>/left-out")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def left_out(round_id: int) -> str:
    """List the courses a round found no partner for, each with its reason and the smallest change that would help."""
    this_round, me = _round(round_id), this_person()
    form = LeftOutFilterForm(request.args)
    form.offer(*left_out_queries.countries_and_codes(round_id, me))
    found = left_out_queries.listed(
        round_id,
        me,
        text=form.letters,
        country=form.country.data,
        code=form.reason.data,
        has_change=form.helped.data,
        countries=form.countries,
    )
    page = db.paginate(found, per_page=PER_PAGE, error_out=False)
    rows: list[LeftOut] = list(page.items)
    return render_template(
        "rounds/left_out.html",
        round=this_round,
        form=form,
        page=page,
        kept=kept_address.of_left_out(request.args),
        why=wording.why,
        steps=changes.steps,
        partner_id=changes.partner_id,
        was_sought=changes.was_sought,
        partners=left_out_queries.partners({its for row in rows if (its := changes.partner_id(row))}),
        written=left_out_queries.written_to(round_id, [row.course_id for row in rows]),
    )


def _row(round_id: int, course_id: int) -> LeftOut:
    row = left_out_queries.one(round_id, course_id, this_person())
    if row is None:
        abort(404)
    return row


@bp.get("/<int:round_id>/left-out/<int:course_id>/letter")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def letter(round_id: int, course_id: int) -> str:
    """Show what would be written to the lecturer of a left-out course."""
    this_round, row = _round(round_id), _row(round_id, course_id)
    left_out_rules.require_published(this_round)
    return _letter_page(this_round, row, LetterForm(formdata=None))


def _back(round_id: int, course_id: int) -> str:
    """The list as it was when somebody chose to write to a lecturer."""
    kept = kept_address.of_left_out(request.args)
    return url_for("rounds.left_out", round_id=round_id, _anchor=f"course-{course_id}", **kept)


def _letter_page(this_round: Round, row: LeftOut, form: LetterForm) -> str:
    form.say_where(has_change=bool(changes.steps(row)))
    mail = left_out_rules.letter(row, this_person(), form.words.data or "")
    return render_template(
        "rounds/letter.html",
        round=this_round,
        row=row,
        form=form,
        mail=mail,
        back=_back(this_round.id, row.course_id),
        is_written=bool(left_out_queries.written_to(this_round.id, [row.course_id])),
    )


@bp.post("/<int:round_id>/left-out/<int:course_id>/letter")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def send_letter(round_id: int, course_id: int) -> Response | tuple[str, int]:
    """Write to the lecturer."""
    this_round, row, form = _round(round_id), _row(round_id, course_id), LetterForm()
    left_out_rules.require_published(this_round)
    if not form.validate_on_submit():
        return _letter_page(this_round, row, form), 422
    left_out_rules.write(row, this_person(), form.words.data or "", datetime.now(UTC))
    title, back = row.course.title, _back(round_id, course_id)
    db.session.commit()
    flash(_("We have written to the lecturer of “%(title)s”. Answers come to your address.", title=title), "success")
    return redirect(back, 303)
