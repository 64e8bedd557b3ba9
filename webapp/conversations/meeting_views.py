"""Pages of meetings: propose, agree, call off, and the file for a calendar."""

from datetime import UTC, datetime

from flask import abort, flash, make_response, redirect, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.conversations import invitations, meeting_rules, page, queries, times
from webapp.conversations.blueprint import bp
from webapp.conversations.forms import MeetingForm
from webapp.conversations.models import Meeting
from webapp.conversations.parties import Party, require_open
from webapp.db import db


@bp.post("/matches/<int:match_id>/meetings")
@allow(Role.LECTURER)
def propose(match_id: int) -> Response | tuple[str, int]:
    """Propose a time for a meeting."""
    party = page.load(match_id)
    require_open(party)
    now = datetime.now(UTC)
    form = MeetingForm(party, now, times.offers(party, now).spans)
    if not form.validate_on_submit() or form.starts_at is None:
        return page.render(party, meeting_form=form), 422
    me = this_person()
    meeting_rules.propose(party, me, form.starts_at, form.minutes.data, form.place.data or "", now)
    db.session.commit()
    flash(_("The time is proposed. We have told the other lecturer."), "success")
    return _back(match_id)


@bp.post("/matches/<int:match_id>/meetings/<int:meeting_id>/agree")
@allow(Role.LECTURER)
def agree(match_id: int, meeting_id: int) -> Response:
    """Agree to a proposed time."""
    party, meeting = _load(match_id, meeting_id)
    meeting_rules.agree(party, meeting, datetime.now(UTC))
    db.session.commit()
    flash(_("The meeting is agreed. We have written to both of you."), "success")
    return _back(match_id)


@bp.post("/matches/<int:match_id>/meetings/<int:meeting_id>/call-off")
@allow(Role.LECTURER)
def call_off(match_id: int, meeting_id: int) -> Response:
    """Call a meeting off."""
    party, meeting = _load(match_id, meeting_id)
    meeting_rules.call_off(party, meeting, datetime.now(UTC))
    db.session.commit()
    flash(_("The meeting is called off. We have told the other lecturer."), "success")
    return _back(match_id)


@bp.get("/matches/<int:match_id>/meetings/<int:meeting_id>/meeting.ics")
@allow(Role.LECTURER)
def calendar_file(match_id: int, meeting_id: int) -> Response:
    """Give an agreed meeting as a file for calendars; called off later, the file says so."""
    party, meeting = _load(match_id, meeting_id)
    if meeting.agreed_at is None:
        abort(404)
    response = make_response(invitations.calendar_of(party, meeting))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8; method=PUBLISH"
    response.headers["Content-Disposition"] = f"attachment; filename=meeting-{meeting.id}.ics"
    return response


def _load(match_id: int, meeting_id: int) -> tuple[Party, Meeting]:
    party = page.load(match_id)
    found = queries.meeting(party.match.id, meeting_id)
    if found is None:
        abort(404)
    return party, found


def _back(match_id: int) -> Response:
    return redirect(url_for("conversations.show", match_id=match_id, _anchor="meetings"), 303)
