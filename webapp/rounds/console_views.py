"""Steps of the round console: start, watch, run again, publish, discard, take back."""

from datetime import UTC, datetime

from flask import abort, current_app, flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import ngettext
from werkzeug.wrappers import Response

from webapp.access import Role, allow
from webapp.accounts.sessions import this_person
from webapp.db import db
from webapp.errors import WrongStateError
from webapp.rounds import console, digest_progress, digest_queries, draft_pages, draft_queries, labels, queries, wording
from webapp.rounds.blueprint import bp
from webapp.rounds.matching import next_week, week_of
from webapp.rounds.models import Round, RoundState


def round_or_404(round_id: int) -> Round:
    """Load a round, or answer 404."""
    found = queries.by_id(round_id)
    return abort(404) if found is None else found


def to_round(round_id: int) -> Response:
    """Lead to the page of a round."""
    return redirect(url_for("rounds.show", round_id=round_id), 303)


@bp.post("")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def start() -> Response:
    """Ask for a round now; a job computes it."""
    begun = console.start(this_person(), datetime.now(UTC), current_app.config["SETTINGS"])
    db.session.commit()
    flash(_("You asked for a round. Its page shows how far it is."), "success")
    return to_round(begun.id)


@bp.post("/<int:round_id>/again")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def run_again(round_id: int) -> Response:
    """Compute a new draft with what has been decided since."""
    begun = console.start(
        this_person(), datetime.now(UTC), current_app.config["SETTINGS"], based_on=round_or_404(round_id)
    )
    db.session.commit()
    flash(_("You asked for a new run. The earlier round stays for comparing."), "success")
    return to_round(begun.id)


@bp.get("/<int:round_id>/progress")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def progress(round_id: int) -> Response:
    """Show how far a round is, as a part of its page; once it is computed, the whole page is another one."""
    this_round = round_or_404(round_id)
    part = render_template(
        "rounds/_progress.html",
        round=this_round,
        state_label=labels.STATE_LABELS[this_round.state],
        progress=draft_pages.progress_of(this_round),
        is_late=draft_pages.is_late(this_round, datetime.now(UTC)),
    )
    answer = make_response(part)
    if this_round.state not in console.UNDER_WAY:
        answer.headers["HX-Redirect"] = url_for("rounds.show", round_id=round_id)
    return answer


@bp.get("/<int:round_id>/digests")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def digests(round_id: int) -> str:
    """Show how far the digests of a published round are, as a part of its page."""
    this_round = round_or_404(round_id)
    standing = digest_progress.of(this_round, datetime.now(UTC))
    return render_template("rounds/_digests.html", round=this_round, digests=standing)


@bp.get("/<int:round_id>/publish")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def preview(round_id: int) -> str:
    """Show what publishing a draft does: how many pairs, and who gets mail."""
    this_round = round_or_404(round_id)
    console.require_of_all(this_person())
    if this_round.state is not RoundState.DRAFT:
        raise WrongStateError(_("This round is no draft any longer; somebody published or discarded it."))
    now, readers = datetime.now(UTC), digest_queries.n_readers(round_id)
    return render_template(
        "rounds/publish.html",
        round=this_round,
        n_changed=draft_queries.n_changed(round_id),
        n_lecturers=readers.get(Role.LECTURER, 0),
        n_offices=readers.get(Role.OFFICE, 0),
        n_coordinators=readers.get(Role.COORDINATOR, 0),
        n_decisions_since=draft_queries.n_decisions_since(this_round.started_at),
        figures=wording.figures(this_round),
        is_week_taken=queries.of_week(week_of(now)) is not None,
        next_week=next_week(now),
    )


@bp.post("/<int:round_id>/publish")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def publish(round_id: int) -> Response:
    """Publish a draft: its pairs become matches, and everybody is told."""
    matches = console.publish(round_or_404(round_id), this_person(), datetime.now(UTC), current_app.config["SETTINGS"])
    db.session.commit()
    text = ngettext("Published: one pair was proposed.", "Published: %(num)d pairs were proposed.", len(matches))
    flash(text, "success")
    return to_round(round_id)


@bp.post("/<int:round_id>/discard")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def discard(round_id: int) -> Response:
    """Discard a draft."""
    console.discard(round_or_404(round_id), this_person(), datetime.now(UTC))
    db.session.commit()
    flash(_("The draft is discarded; its pairs stay for comparing."), "success")
    return to_round(round_id)


@bp.post("/<int:round_id>/stop")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def stop(round_id: int) -> Response:
    """Stop a round that waits or is computed."""
    console.stop(round_or_404(round_id), this_person(), datetime.now(UTC))
    db.session.commit()
    flash(_("The round is stopped. Nobody was told of anything."), "success")
    return to_round(round_id)


@bp.post("/<int:round_id>/take-back")
@allow(Role.COORDINATOR, Role.ADMINISTRATOR)
def take_back(round_id: int) -> Response:
    """Take a published round back while nobody has answered."""
    done = console.take_back(round_or_404(round_id), this_person(), datetime.now(UTC), current_app.config["SETTINGS"])
    db.session.commit()
    told = ngettext("One person is told by mail.", "%(num)d people are told by mail.", done.n_told)
    flash(_("The round is taken back, and the week is free again. %(told)s", told=told), "success")
    if done.n_withdrawn or done.is_cut_short:
        text = ngettext(
            "One digest that had not been sent is withdrawn.",
            "%(num)d digests that had not been sent are withdrawn.",
            done.n_withdrawn,
        )
        flash(f"{text} {_('Nobody else gets one.')}" if done.is_cut_short else text, "success")
    return to_round(round_id)
