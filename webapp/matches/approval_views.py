"""What waits for an office: its list, and approving several at once with a preview."""

from collections.abc import Iterable
from datetime import UTC, datetime

from flask import current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from flask_login import current_user
from werkzeug.wrappers import Response

from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.db import db
from webapp.institutions import policy_queries
from webapp.matches import (
    approval,
    approval_bulk,
    approval_queries,
    approval_words,
    labels,
    plan_pages,
    sight,
    steps,
    wording,
)
from webapp.matches.approval_bulk import Outcome, Ticked
from webapp.matches.approval_forms import WantedForm
from webapp.matches.blueprint import bp
from webapp.matches.decisions import Limits
from webapp.matches.models import Match
from webapp.matches.people import place_of

PER_PAGE = 20
LARGEST_ID = 2**31 - 1


@bp.get("/approvals")
@allow(Role.OFFICE)
def approvals() -> str:
    """Show an office what waits for the person who looks, or the other matches of its institution."""
    now = datetime.now(UTC)
    form = WantedForm(request.args)
    form.offer(approval_queries.partner_countries(current_user))
    wanted = form.wanted()
    page = db.paginate(approval_queries.of_office(current_user, wanted, now), per_page=PER_PAGE, error_out=False)
    is_waiting = wanted.show == approval_queries.WAITING
    return render_template(
        "matches/approvals.html",
        form=form,
        page=page,
        is_waiting=is_waiting,
        in_the_way=_in_the_way(page.items, now) if is_waiting else {},
        since=plan_pages.since_of_each(page.items, this_person()) if is_waiting else {},
        asks=_asks(),
        state_label=labels.state_label,
        state_tone=labels.state_tone,
        score_points=wording.score_points,
        top_sentence=wording.top_sentence,
        waiting_words_of=lambda match: steps.waiting_words(match, current_user),
    )


def _asks() -> str:
    """Give what the institution of this office looks at, in its own words."""
    institution_id = this_person().institution_id
    return policy_queries.of(institution_id).asks if institution_id is not None else ""


def _in_the_way(matches: list[Match], now: datetime) -> dict[int, str]:
    """Say of each match what keeps this person from approving it; empty where nothing does."""
    grounds = approval.grounds(matches, now)
    found = {}
    for match in matches:
        place, on = place_of(match, current_user), grounds[match.id]
        if place is not None:
            obstacle = approval.obstacle(match, place.side, current_user, on)
            found[match.id] = approval_words.obstacle_words(match, place.side, obstacle, on) if obstacle else ""
    return found


def _ids(values: Iterable[str]) -> list[int]:
    """Read ids out of an address, in their order and once each."""
    numbers = (int(value) for value in values if value.isdecimal() and len(value) <= len(str(LARGEST_ID)))
    return [n for n in dict.fromkeys(numbers) if n <= LARGEST_ID]


@bp.get("/approvals/preview")
@allow(Role.OFFICE)
def preview_approvals() -> str:
    """Show for each ticked match what would happen and what stands in the way; afterwards, what became of it."""
    found = approval_bulk.preview(_ids(request.args.getlist("match")), current_user, datetime.now(UTC))
    return render_template(
        "matches/preview.html",
        found=found,
        n_possible=sum(bool(one.outcome) for one in found),
        changed=set(_ids(request.args.getlist("changed"))),
        most=approval_bulk.MOST,
        asks=_asks(),
    )


@bp.post("/approvals/preview")
@allow(Role.OFFICE)
def approve_many() -> Response:
    """Approve those that can be, each told apart, in one transaction; sending it twice changes nothing more."""
    settings = current_app.config["SETTINGS"]
    ticked = list(_ticked(request.form.getlist("ticked")))
    became = approval_bulk.approve(
        ticked,
        this_person(),
        datetime.now(UTC),
        Limits(respond=settings.respond_days, approve=settings.approve_days),
    )
    db.session.commit()
    n_done = sum(outcome is Outcome.DONE for outcome in became.values())
    n_first = sum(outcome is Outcome.FIRST_STEP for outcome in became.values())
    n_left = sum(outcome in (Outcome.CHANGED, Outcome.IN_THE_WAY) for outcome in became.values())
    if n_done:
        flash(ngettext("You approved %(num)d match.", "You approved %(num)d matches.", n_done), "success")
    if n_first:
        text = ngettext(
            "You approved %(num)d match for the office; a second person of your institution approves after that.",
            "You approved %(num)d matches for the office; a second person of your institution approves after that.",
            n_first,
        )
        flash(text, "success")
    if n_left:
        text = ngettext(
            "%(num)d match was not approved; below stands why.",
            "%(num)d matches were not approved; below stands why.",
            n_left,
        )
        flash(text, "warning")
    if not n_done and not n_first and not n_left:
        flash(_("There was nothing left to approve."), "success")
    changed = [match_id for match_id, outcome in became.items() if outcome is Outcome.CHANGED]
    return redirect(url_for("matches.preview_approvals", match=list(became), changed=changed), 303)


def _ticked(values: Iterable[str]) -> Iterable[Ticked]:
    """Read what the preview's form sends along: id of each match, and what was shown of it."""
    for value in values:
        match_id, _mark, shown = value.partition(":")
        seen = sight.read(shown)
        if _ids([match_id]) and seen is not None:
            yield Ticked(int(match_id), seen)
