"""A database with a draft of a round and so many people who read digests: lecturers, offices, coordinators."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from matcher.datasets import make_profiles
from matcher.reasons import Reason
from matcher.scorer import CompatibilityScorer
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.institutions.models import Institution
from webapp.profiles.models import CourseProfile, CourseState
from webapp.rounds.models import LeftOut, Round, RoundPair, RoundState

N_COORDINATORS = 8
LECTURERS_A_HOUSE = 24
PARTS_MATCHED = 0.8
"""So many of the courses have a partner in the draft, the others a reason."""
_HOMES = (("VN", "Asia/Ho_Chi_Minh"), ("PT", "Europe/Lisbon"))
_LANGUAGES = ("en", "fr", "ja")


def insert(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    """Write rows, a thousand at a time; commits."""
    for start in range(0, len(rows), 1000):
        db.session.execute(sa.insert(model), rows[start : start + 1000])
    db.session.commit()


def stage(n: int, now: datetime) -> int:
    """Write people, courses and a draft; commits.

    Parameters
    ----------
    n
        People who read digests: an office for every 24 lecturers, 8 coordinators, the others lecturers with a course.
    now
        The instant (aware).

    Returns
    -------
    int
        The draft.
    """
    n_houses = 2 * max(1, round((n - N_COORDINATORS) / (LECTURERS_A_HOUSE + 1) / 2))
    n_lecturers = n - N_COORDINATORS - n_houses
    for at in range(n_houses):
        country, zone = _HOMES[at % 2]
        db.session.add(Institution(name=f"University {at}", country=country, time_zone=zone))
    db.session.flush()
    houses = db.session.query(Institution.id).order_by(Institution.id).all()
    roles = [Role.LECTURER] * n_lecturers + [Role.OFFICE] * n_houses + [Role.COORDINATOR] * N_COORDINATORS
    insert(User, [
        {"email": f"reader-{at}@benchmark.example", "name": f"Reader {at}", "password_hash": "!", "role": role,
         "institution_id": None if role is Role.COORDINATOR else houses[at % n_houses][0],
         "language": _LANGUAGES[at % 3], "created_at": now, "confirmed_at": now, "verified_at": now}
        for at, role in enumerate(roles)
    ])  # fmt: skip
    lecturers = db.session.query(User.id, User.institution_id).filter_by(role=Role.LECTURER).order_by(User.id).all()
    term = {"starts_on": now.date() + timedelta(days=60), "ends_on": now.date() + timedelta(days=160)}
    insert(CourseProfile, [
        {"lecturer_id": lecturer_id, "institution_id": institution_id, "state": CourseState.OPEN,
         "title": f"A course with a title of some length, number {at}", "exchange_languages": {"en": "B2"},
         "students": 20 + at % 20, "created_at": now, "updated_at": now, "published_at": now, "version": 1, **term}
        for at, (lecturer_id, institution_id) in enumerate(lecturers)
    ])  # fmt: skip
    return _draft(now)


def _draft(now: datetime) -> int:
    week = f"{now:%G-W%V}"
    draft = Round(
        week=week, state=RoundState.DRAFT, started_at=now, balance=0.5, report={}, n_courses_a=0, n_courses_b=0
    )
    db.session.add(draft)
    db.session.flush()
    round_id = draft.id
    courses = [each for (each,) in db.session.query(CourseProfile.id).order_by(CourseProfile.id)]
    sides = courses[::2], courses[1::2]
    n_pairs = int(min(map(len, sides)) * PARTS_MATCHED)
    a, b, *_ = make_profiles(10, seed=1)
    explained = CompatibilityScorer().explain(a, b)
    insert(RoundPair, [
        {"round_id": round_id, "course_a_id": one, "course_b_id": other, "version_a": 1, "version_b": 1,
         "score": explained.score, "confidence": explained.confidence, "explanation": explained.to_dict()}
        for one, other in zip(sides[0][:n_pairs], sides[1][:n_pairs], strict=True)
    ])  # fmt: skip
    reason = Reason("left_out", "", "left_out_places_taken", {"n_partners": 4}).to_dict()
    left = [*sides[0][n_pairs:], *sides[1][n_pairs:]]
    insert(LeftOut, [{"round_id": round_id, "course_id": each, "reason": reason} for each in left])
    return round_id
