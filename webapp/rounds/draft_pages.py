"""What the page of a draft shows: its pairs with filters, what to look at, and what has changed since."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_sqlalchemy.pagination import Pagination
from werkzeug.datastructures import MultiDict

from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.db import db
from webapp.rounds import decision_queries, draft, draft_queries, labels
from webapp.rounds.draft_forms import LOCKED, PairFilterForm
from webapp.rounds.models import PairDecision, Round, RoundPair, RoundState

PAIRS_A_PAGE = 25
PATIENCE = timedelta(minutes=10)
"""Other jobs may go before a round; after so long the scheduler is probably not running."""


@dataclass(frozen=True)
class Line:
    """One pair in the list.

    Parameters
    ----------
    pair
        The pair, without its explanation.
    warnings
        What to look at, in words.
    decision
        What a coordinator decided about it; None when nothing was.
    has_changed
        Whether one of the courses was changed since the draft was computed: it will not be proposed then.
    """

    pair: RoundPair
    warnings: tuple[str, ...]
    decision: PairDecision | None
    has_changed: bool


@dataclass(frozen=True)
class Shown:
    """A page of a draft's pairs."""

    form: PairFilterForm
    page: Pagination
    lines: tuple[Line, ...]
    n_by_warning: tuple[tuple[str, str, int], ...]
    """Code, words and number of pairs of each warning there is."""
    is_partial: bool
    """Whether the reader sees only the pairs of their own institutions."""


def shown(this_round: Round, reader: User, address: MultiDict[str, str]) -> Shown:
    """Collect a page of pairs as the address asks for it."""
    is_partial = not scope.is_of_all(reader)
    within = decision_queries.courses_of(reader) if is_partial else None
    form = PairFilterForm(address)
    form.offer(draft_queries.institutions_in(this_round.id, within))
    warned = draft.warnings_of(this_round)
    query = draft_queries.pairs(
        this_round.id,
        within=within,
        text=form.letters,
        country=form.country.data,
        institution_id=int(form.institution.data) if form.institution.data else None,
        at_least=form.lowest,
        at_most=form.highest,
        among=warned[form.warning.data] if form.warning.data else None,
        is_locked=form.locked.data == LOCKED if form.locked.data else None,
        order=form.order.data,
    )
    page = db.paginate(query, per_page=PAIRS_A_PAGE, error_out=False)
    ids = [course_id for pair in page.items for course_id in (pair.course_a_id, pair.course_b_id)]
    decided = decision_queries.decisions_among(ids)
    return Shown(
        form=form,
        page=page,
        lines=tuple(_line(pair, warned, decided) for pair in page.items),
        n_by_warning=() if is_partial else tuple(_counted(warned)),
        is_partial=is_partial,
    )


def _line(pair: RoundPair, warned: dict[str, set[int]], decided: dict[tuple[int, int], PairDecision]) -> Line:
    now = (pair.course_a.version, pair.course_b.version)
    return Line(
        pair=pair,
        warnings=tuple(str(labels.WARNING_LABELS[code]) for code, ids in warned.items() if pair.id in ids),
        decision=decided.get((pair.course_a_id, pair.course_b_id)),
        has_changed=now != (pair.version_a, pair.version_b),
    )


def _counted(warned: dict[str, set[int]]) -> list[tuple[str, str, int]]:
    return [(code, str(labels.WARNING_LABELS[code]), len(ids)) for code, ids in warned.items() if ids]


def is_late(this_round: Round, now: datetime) -> bool:
    """Whether a round has waited so long that nobody seems to compute rounds at all."""
    return this_round.state is RoundState.WAITING and now - this_round.started_at > PATIENCE


def progress_of(this_round: Round) -> dict[str, Any]:
    """Tell how far a computation is: the step in words, and how many of how many; empty before it begins."""
    what = this_round.progress.get("what")
    if not what:
        return {}
    return {
        "what": str(labels.PROGRESS_LABELS.get(what, what)),
        "done": this_round.progress.get("done", 0),
        "total": this_round.progress.get("total", 0),
    }
