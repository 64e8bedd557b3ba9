"""Pages that invite a partner by hand."""

from datetime import UTC, datetime

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from config import Settings
from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.db import db, reading
from webapp.directory import invitations, pairing, queries
from webapp.directory.blueprint import bp
from webapp.directory.invite_forms import InviteForm
from webapp.errors import WrongStateError
from webapp.profiles import queries as profiles
from webapp.profiles.models import CourseProfile

Answer = Response | str | tuple[str, int]


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _partner(course_id: int, now: datetime) -> CourseProfile:
    """Load a course the directory shows; 404 for every other."""
    return queries.cards([course_id], now.date()).get(course_id) or abort(404)


def _chances(partner: CourseProfile, now: datetime) -> list[invitations.Chance]:
    own = invitations.open_of(profiles.of_lecturer(this_person()), now)
    return invitations.chances(own, partner, _settings(), now)


def _page(partner: CourseProfile, form: InviteForm, now: datetime) -> str:
    return render_template(
        "directory/invite.html",
        partner=partner,
        form=form,
        chances=list(form.by_id.values()),
        hindrances=invitations.hindrances(this_person(), partner, _settings(), now),
        respond_days=_settings().respond_days,
    )


@bp.get("/directory/<int:course_id>/invitations")
@allow(Role.LECTURER)
def invite(course_id: int) -> str:
    """Ask with which course to invite, and say what stands in the way of each."""
    now = datetime.now(UTC)
    partner = _partner(course_id, now)
    chances = _chances(partner, now)
    possible = [chance.course.id for chance in chances if not chance.hindrances]
    wanted = request.args.get("course", type=int)
    preset = wanted if wanted in possible else possible[0] if len(possible) == 1 else None
    return _page(partner, InviteForm(chances, formdata=None, data={"own": preset}), now)


@bp.post("/directory/<int:course_id>/invitations")
@allow(Role.LECTURER)
def send_invitation(course_id: int) -> Answer:
    """Invite: the rules are asked, the pair is scored, and the match begins."""
    now = datetime.now(UTC)
    partner = _partner(course_id, now)
    form = InviteForm(_chances(partner, now))
    is_sound = form.validate_on_submit() and not invitations.hindrances(this_person(), partner, _settings(), now)
    chance = form.chosen
    if not is_sound or chance is None or chance.pair is None:
        return _page(partner, form, now), 422
    round_id = queries.signature(now.date()).round_id
    own_id, versions = chance.course.id, (chance.course.version, partner.version)
    # Reading a text for the first time takes its while; the database is not held meanwhile.
    db.session.rollback()
    with reading():
        scorer = pairing.scorer_of(_settings(), round_id)
        db.session.rollback()
    explanation = scorer.explain(*chance.pair)
    partner = _partner(course_id, now)
    again = {its.course.id: its for its in _chances(partner, now)}.get(own_id)
    if again is None or (again.course.version, partner.version) != versions:
        raise WrongStateError(_("One of the two courses was changed at this moment. Look at them and invite again."))
    match = invitations.invite(again, partner, explanation, form.note.data or "", settings=_settings(), now=now)
    db.session.commit()
    days = _settings().respond_days
    sent = ngettext(
        "Your invitation is sent. The other lecturer has %(num)d day to answer.",
        "Your invitation is sent. The other lecturer has %(num)d days to answer.",
        days,
    )
    flash(sent, "success")
    return redirect(url_for("matches.show", match_id=match.id), 303)
