"""A database of many open courses, one draft and some matches, with vectors that were made and not computed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from flask import Flask
from flask_migrate import upgrade

from benchmarks.scaling.made_vectors import MadeVectors
from matcher.datasets import make_profiles
from matcher.embedders import SentenceModel
from matcher.file_cache import FileCache
from matcher.profile import CourseProfile as MatcherProfile
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder
from webapp.access import Role
from webapp.accounts import passwords
from webapp.accounts.models import User
from webapp.db import db
from webapp.institutions.models import Institution
from webapp.matches.lifecycle import Action, State
from webapp.matches.models import Match, MatchEvent
from webapp.profiles.models import CourseProfile, CourseState
from webapp.rounds.matching import EMBEDDINGS
from webapp.rounds.models import Round, RoundState

PASSWORD = "a long password for the benchmark"
LECTURER = "lecturer-0@benchmark.example"
# Profiles are made for terms from this year on.
_YEAR = 2026
_AT_ONCE = 1000
_SAME = (
    *("title", "isced_f", "eqf", "students", "capacity", "time_zone", "weeks_wanted", "starts_on", "ends_on"),
    *("exchange_languages", "level", "mode", "bandwidth"),
)
_LISTS = ("outcomes", "keywords", "native_languages", "learning_languages", "tools", "blocked_tools", "sdgs", "skills")


class MadeForReal(MadeVectors):
    """Made vectors under the name of the sentence model, so that the service takes them for its own."""

    version = SentenceModel.version


@dataclass(frozen=True)
class Catalogue:
    """What was loaded.

    Parameters
    ----------
    match_id : int
        A match of the lecturer who signs in.
    drafts : tuple of int
        Courses of that lecturer, ready to be published.
    """

    match_id: int
    drafts: tuple[int, ...]


def profiles(n: int, today: date) -> list[MatcherProfile]:
    """Make courses whose terms lie ahead; whole years of 52 weeks keep the weekdays."""
    later = timedelta(weeks=52 * max(today.year - _YEAR, 0))
    return [
        replace(
            made,
            starts_on=made.starts_on + later if made.starts_on else None,
            ends_on=made.ends_on + later if made.ends_on else None,
            breaks=tuple((first + later, last + later) for first, last in made.breaks),
        )
        for made in make_profiles(n)
    ]


def make_vectors(courses: Sequence[MatcherProfile], folder: Path, phrases: Path) -> None:
    """Keep made vectors of all texts where the service looks for them."""
    folder.mkdir(parents=True, exist_ok=True)
    TextEncoder(MadeForReal(FileCache(phrases)), FileCache(folder / EMBEDDINGS)).transform(courses)


def load(app: Flask, courses: Sequence[MatcherProfile], n_drafts: int, n_matches: int) -> Catalogue:
    """Fill an empty database: half of the lecturers teach in Asia, the first has a match and drafts."""
    now = datetime.now(UTC)
    with app.app_context():
        upgrade()
        places = {(its.institution, its.country) for its in courses}
        rows = [
            {"name": name, "country": country, "time_zone": "UTC", "search_text": name.casefold(), "city": ""}
            for name, country in sorted(places)
        ]
        _insert(Institution, rows)
        ids = {(row.name, row.country): row.id for row in db.session.execute(sa.select(Institution)).scalars()}
        at = [ids[its.institution, its.country] for its in courses]
        hashed = passwords.make(PASSWORD)
        _insert(User, [_person(number, place, hashed, now) for number, place in enumerate(at)])
        people = {row.email: row.id for row in db.session.execute(sa.select(User.email, User.id))}
        of_number = [people[f"lecturer-{number}@benchmark.example"] for number in range(len(courses))]
        values = [
            _course(its, lecturer, place, CourseState.OPEN, now)
            for its, lecturer, place in zip(courses, of_number, at, strict=True)
        ]
        drafts = [_course(its, of_number[0], at[0], CourseState.DRAFT, now) for its in _full(courses)[:n_drafts]]
        _insert(CourseProfile, [*values, *drafts])
        made = _matches(courses, n_matches, now)
        db.session.commit()
        query = sa.select(CourseProfile.id).where(CourseProfile.state == CourseState.DRAFT).order_by(CourseProfile.id)
        found = Catalogue(made, tuple(db.session.scalars(query)))
        if db.engine.dialect.name == "postgresql":
            # A database in use has statistics; one filled a second ago has none yet.
            db.session.execute(sa.text("ANALYZE"))
            db.session.commit()
        db.session.remove()
        db.engine.dispose()
    return found


def _full(courses: Sequence[MatcherProfile]) -> list[MatcherProfile]:
    """Courses of the first one's country that say a good deal."""
    home = courses[0].country
    return [its for its in courses if its.country == home and its.description and its.starts_on and its.slots]


def _insert(model: Any, rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _AT_ONCE):
        db.session.execute(sa.insert(model), rows[start : start + _AT_ONCE])
    db.session.commit()


def _person(number: int, institution_id: int, hashed: str, now: datetime) -> dict[str, Any]:
    return {
        "email": f"lecturer-{number}@benchmark.example",
        "name": f"Lecturer {number}",
        "password_hash": hashed,
        "role": Role.LECTURER,
        "institution_id": institution_id,
        "created_at": now,
        "confirmed_at": now,
        "verified_at": now,
    }


def _course(
    its: MatcherProfile, lecturer_id: int, institution_id: int, state: CourseState, now: datetime
) -> dict[str, Any]:
    stated = its.to_dict()
    return {
        "lecturer_id": lecturer_id,
        "institution_id": institution_id,
        "state": state,
        "discipline": its.discipline or "",
        "description": its.description or "",
        **{name: getattr(its, name) for name in _SAME},
        "exchange_languages": dict(its.exchange_languages),
        **{name: list(getattr(its, name)) for name in _LISTS},
        "breaks": stated.get("breaks", []),
        "slots": stated.get("slots", []),
        "wish_regions": list(its.wishes.regions),
        "wish_countries": list(its.wishes.countries),
        "wish_disciplines": list(its.wishes.disciplines),
        "must_have_topic": its.wishes.must_have_topic or "",
        "created_at": now,
        "updated_at": now,
        "published_at": now if state is CourseState.OPEN else None,
        "version": 1,
    }


def _matches(courses: Sequence[MatcherProfile], n: int, now: datetime) -> int:
    """Match the first courses with those after them, all with the explanation of one pair."""
    explained = CompatibilityScorer().explain(courses[0], courses[1])
    known = sa.select(CourseProfile).order_by(CourseProfile.id).limit(2 * n)
    rows: Iterable[CourseProfile] = db.session.scalars(known)
    ordered = list(rows)
    this_round = Round(
        week=f"{now:%G-W%V}", published_week=f"{now:%G-W%V}", state=RoundState.PUBLISHED, started_at=now,
        published_at=now, digests_done_at=now, balance=0.5, n_courses_a=len(courses) // 2,
        n_courses_b=len(courses) // 2, n_matches=n, report={},
    )  # fmt: skip
    db.session.add(this_round)
    db.session.flush()
    made = [
        Match(
            round_id=this_round.id, course_a=a, course_b=b, state=State.PROPOSED, score=explained.score,
            confidence=explained.confidence, explanation=explained.to_dict(), proposed_at=now, changed_at=now,
            respond_by=now + timedelta(days=9), events=[MatchEvent(turn=1, action=Action.PROPOSE, at=now)],
        )
        for a, b in zip(ordered[::2], ordered[1::2], strict=True)
    ]  # fmt: skip
    db.session.add_all(made)
    db.session.flush()
    return made[0].id
