"""Publishing a draft: what has changed since it was computed is checked again, the rest becomes matches."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from config import Settings
from webapp.db import db
from webapp.errors import WrongStateError
from webapp.matches import proposals
from webapp.matches.models import Match
from webapp.rounds import candidates, draft_queries, labels, queries
from webapp.rounds.candidates import Candidates
from webapp.rounds.matching import week_of
from webapp.rounds.models import LeftOut, Round, RoundPair, RoundState


class WeekTakenError(WrongStateError):
    """A round of this week has been published already."""


@dataclass
class _Left:
    """What is still free while pairs are taken one after the other."""

    current: Candidates
    places: dict[str, int]
    room: dict[int, int] = field(default_factory=dict)

    def take(self, pair: RoundPair) -> None:
        for course_id in (pair.course_a_id, pair.course_b_id):
            self.places[str(course_id)] -= 1
            lecturer_id = self.current.courses[course_id].lecturer_id
            if lecturer_id in self.room:
                self.room[lecturer_id] -= 1
        if self.current.caps is not None:
            self.current.caps.take(str(pair.course_a_id), str(pair.course_b_id))

    def hindrance(self, pair: RoundPair) -> tuple[int, str, str] | None:
        """Tell what stands in the way of a pair: the course it lies with, and the reasons for it and its partner."""
        for course_id, version in ((pair.course_a_id, pair.version_a), (pair.course_b_id, pair.version_b)):
            if course_id not in self.current.versions:
                return course_id, "", labels.PARTNER_GONE
            if self.current.versions[course_id] != version:
                return course_id, labels.COURSE_CHANGED, labels.PARTNER_CHANGED
            lecturer_id = self.current.courses[course_id].lecturer_id
            if self.places[str(course_id)] < 1 or self.room.get(lecturer_id, 1) < 1:
                return course_id, labels.LECTURER_FULL, labels.PARTNER_GONE
        ids = (str(pair.course_a_id), str(pair.course_b_id))
        if frozenset(ids) in self.current.tried:
            return pair.course_a_id, labels.MET_MEANWHILE, labels.MET_MEANWHILE
        if ids in self.current.forbidden:
            return pair.course_a_id, labels.KEPT_APART, labels.KEPT_APART
        if self.current.caps is not None and not self.current.caps.leaves_room(*ids):
            return pair.course_a_id, labels.HOUSE_FULL, labels.HOUSE_FULL
        return None


def publish(this_round: Round, now: datetime, settings: Settings, actor_id: int | None = None) -> list[Match]:
    """Propose the pairs of a draft. Its digests are promised afterwards, by `digest_jobs`.

    Call it in a transaction of its own and commit after it: all or nothing. Pairs are left away whose courses
    were changed, withdrawn or matched since the draft was computed, whose lecturers have as many exchanges as they
    want, and which a coordinator or the limit of an institution keeps apart; a course that is left with nobody gets
    its reason.

    Parameters
    ----------
    this_round
        The draft.
    now
        The instant of publication (aware); the round belongs to its ISO week from here on.
    settings
        Days to answer.
    actor_id
        Who publishes it; None when it publishes itself.

    Raises
    ------
    WrongStateError
        When it is no draft, or is one no longer.
    WeekTakenError
        When a round of this week was published before; roll back after it.
    """
    week = week_of(now)
    facts: dict[str, Any] = {"week": week, "published_week": week, "published_at": now, "settled_by_id": actor_id}
    # Nobody has been told yet.
    facts |= {"progress": {}, "digests_done_at": None, "digests_up_to": 0}
    try:
        # The unique week and the state speak now, before anything else is written.
        moved = queries.step(this_round.id, [RoundState.DRAFT], RoundState.PUBLISHED, **facts)
    except IntegrityError as error:
        raise WeekTakenError(_("A round of this week has been published already.")) from error
    if not moved:
        raise WrongStateError(_("This round is no draft any longer; somebody published or discarded it."))
    current = candidates.load(now, hold=True)
    draft_queries.forget_changed_alternates(this_round.id, current.versions)
    matches, dropped = _propose(this_round, current, now, settings)
    _update_left_out(this_round, current, matches, dropped)
    this_round.n_matches = len(matches)
    db.session.flush()
    return matches


def _propose(
    this_round: Round, current: Candidates, now: datetime, settings: Settings
) -> tuple[list[Match], dict[int, str]]:
    """Make matches of the pairs that still stand; gives also the reasons of courses whose pair fell away."""
    left = _Left(current, {profile.id: profile.capacity for profile in current.profiles}, dict(current.room))
    matches: list[Match] = []
    dropped: dict[int, str] = {}
    # The better pair first: of several courses of one lecturer it is the one that fits best that gets the place.
    for pair in draft_queries.pairs_to_publish(this_round.id):
        hindered = left.hindrance(pair)
        if hindered is not None:
            at_fault, own_reason, other_reason = hindered
            for course_id in (pair.course_a_id, pair.course_b_id):
                dropped.setdefault(course_id, own_reason if course_id == at_fault else other_reason)
            continue
        left.take(pair)
        matches.append(
            proposals.propose(
                current.courses[pair.course_a_id],
                current.courses[pair.course_b_id],
                round_id=this_round.id,
                score=pair.score,
                confidence=pair.confidence,
                explanation=pair.explanation,
                respond_by=now + timedelta(days=settings.respond_days),
                now=now,
            )
        )
    return matches, dropped


def _update_left_out(this_round: Round, current: Candidates, matches: Sequence[Match], dropped: dict[int, str]) -> None:
    """Bring the left-out courses up to date: those that went go, those whose pair fell away come."""
    rows = list(draft_queries.left_out_courses(this_round.id))
    gone = [row for row in rows if row.course_id not in current.courses or _has_changed(row, current)]
    draft_queries.forget_left_out(row.id for row in gone)
    matched = {course.id for match in matches for course in (match.course_a, match.course_b)}
    for course_id, code in dropped.items():
        if code and course_id in current.courses and course_id not in matched:
            reason = labels.reason_at_publication(code)
            db.session.add(LeftOut(round=this_round, course=current.courses[course_id], reason=reason))


def _has_changed(row: LeftOut, current: Candidates) -> bool:
    version = current.versions[row.course_id]
    return bool(row.reason.get("version", version) != version)
