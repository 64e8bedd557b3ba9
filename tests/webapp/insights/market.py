"""A market of some hundred matches with random histories, written as raw rows."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Any

import sqlalchemy as sa

from tests import factories
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.institutions.models import Institution
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import Match, MatchEvent, PlanVersion
from webapp.profiles.models import CourseProfile

ASIA = {"VN": "Hanoi", "JP": "Tokyo", "ID": "Jakarta", "MN": "Ulaanbaatar"}
EUROPE = {"PT": "Lisbon", "FR": "Paris", "GB": "London", "MT": "Valletta"}
WEIGHTS = (10, 6, 3, 1)
REASONS = ("calendar", "topic", "no_time", "other")


@dataclass(frozen=True)
class Market:
    """Ids of people who look at it."""

    coordinator: int
    of_japan: int
    of_network: int
    lecturer: int


def build(n_matches: int, n_courses: int = 60, seed: int = 7) -> Market:
    """Write a market, and commit it; inside an app context.

    Parameters
    ----------
    n_matches
        Matches, each between two courses that no other match joins.
    n_courses
        Courses of each region.
    seed
        Of all that is random.
    """
    random = Random(seed)
    this_round = factories.round_()
    sides = [_courses(random, places, n_courses) for places in (ASIA, EUROPE)]
    pairs = random.sample([(a, b) for a in range(n_courses) for b in range(n_courses)], n_matches)
    matches: list[dict[str, Any]] = []
    events: list[dict[str, Any]] = []
    for key, (a, b) in enumerate(pairs, 1):
        course_a, course_b = sides[0][a], sides[1][b]
        match, history = _life(random, key, course_a, course_b, this_round.id)
        matches.append(match)
        events += history
    plans = _leaders(Random(seed), matches)
    db.session.execute(sa.insert(Match), matches)
    db.session.execute(sa.insert(MatchEvent), events)
    db.session.execute(sa.insert(PlanVersion), plans)
    people = Market(
        factories.user("noor@asem.example", Role.COORDINATOR).id,
        factories.user("jun@asem.example", Role.COORDINATOR, countries=["JP"]).id,
        factories.user("lea@asem.example", Role.COORDINATOR, network="COIL Circle").id,
        sides[0][0].lecturer_id,
    )
    db.session.commit()
    return people


def _courses(random: Random, places: dict[str, str], n: int) -> list[CourseProfile]:
    institutions: list[Institution] = []
    people: list[User] = []
    for country, city in places.items():
        for number in range(3):
            networks = ["COIL Circle"] if number == 0 else []
            row = factories.institution(f"University {number} of {city}", country, city=city, networks=networks)
            institutions.append(row)
            people.append(factories.user(f"l{number}.{country.lower()}@x.example", at=row))
    weights = [weight for weight in WEIGHTS for _number in range(3)]
    courses = []
    for number in range(n):
        at = random.choices(range(len(people)), weights)[0]
        starts_on = random.choice([date(2026, 9, 14), date(2027, 2, 15), date(2027, 5, 3), None])
        courses.append(
            CourseProfile(
                lecturer=people[at],
                institution=institutions[at],
                title=f"Course {number}",
                state="open",
                capacity=random.choice([1, 1, 2]),
                students=random.choice([None, 12, 20, 35]),
                isced_f=random.choice([None, "0311", "0314", "0521", "0613"]),
                level=random.choice([None, "bachelor", "bachelor", "master", "tvet"]),
                bandwidth=random.choice([None, "low", "high"]),
                mode=random.choice([None, "asynchronous", "mixed"]),
                exchange_languages=random.choice([{"en": "B2"}, {"en": None, "fr": "B1"}, {"fr": "C1"}]),
                sdgs=random.choice([[], [4], [6, 13]]),
                starts_on=starts_on,
                ends_on=starts_on and starts_on + timedelta(weeks=14),
                created_at=factories.AT,
                updated_at=factories.AT,
                published_at=factories.AT,
            )
        )
    db.session.add_all(courses)
    db.session.flush()
    return courses


def _leaders(random: Random, matches: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Name a side in what most rounds wrote; gives versions of plans, many of which name another, in any order."""
    plans = []
    for match in matches:
        if match["round_id"] and random.random() < 0.9:
            match["explanation"] = {"lead": random.choice(["a", "b"]), "shared_weeks": 9}
        for number in range(1, random.choice([0, 1, 2, 3]) + 1):
            leader = random.choice([None, "a", "b", "both"])
            plans.append(
                {"match_id": match["id"], "number": number, "document": {"leader": leader, "weeks": None},
                 "sha256": "0" * 64, "cause": "edited", "made_by_id": None, "made_at": match["changed_at"]}
            )  # fmt: skip
    random.shuffle(plans)
    return plans


class _Diary:
    """Events of one match, each some hours after the last."""

    def __init__(self, random: Random, match_id: int, at: datetime) -> None:
        self.random, self.match_id, self.at, self.turn = random, match_id, at, 1
        self.rows: list[dict[str, Any]] = []

    def add(self, action: Action, side: Side | None = None, reason: str = "", actor: int | None = None) -> None:
        self.at += timedelta(hours=self.random.randint(1, 90))
        self.rows.append(
            {"match_id": self.match_id, "turn": self.turn, "action": action, "side": side, "reason": reason,
             "actor_id": actor, "note": "", "at": self.at}
        )  # fmt: skip

    def both(self, action: Action, *, started_by: Side | None = None) -> None:
        first = started_by or self.random.choice(list(Side))
        self.add(action, first)
        self.add(action, first.other)


def _life(
    random: Random, key: int, a: CourseProfile, b: CourseProfile, round_id: int
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    proposed_at = factories.AT + timedelta(days=random.randint(0, 100))
    diary = _Diary(random, key, proposed_at)
    inviter = random.choice([None, None, None, Side.A, Side.B])
    who = {None: None, Side.A: a.lecturer_id, Side.B: b.lecturer_id}[inviter]
    diary.add(Action.PROPOSE, inviter, actor=who)
    state = _history(random, diary, inviter)
    match = {
        "id": key, "round_id": None if inviter else round_id, "invited_by_id": who, "course_a_id": a.id,
        "course_b_id": b.id, "state": state, "turn": diary.turn, "is_alternate": False,
        "score": random.randint(300, 950) / 1000, "confidence": 0.8, "explanation": {}, "proposed_at": proposed_at,
        "changed_at": diary.at, "version": 1,
    }  # fmt: skip
    return match, diary.rows


def _history(random: Random, diary: _Diary, inviter: Side | None) -> State:
    """Live until something ends it; gives the state it stands in then."""
    if random.random() < 0.08:
        diary.add(Action.TAKE_BACK)
        return State.TAKEN_BACK
    if random.random() < 0.3:
        return _end(random, diary, State.DECLINED, Action.DECLINE)
    if random.random() < 0.15:
        return State.PROPOSED
    diary.both(Action.ACCEPT, started_by=inviter)
    if random.random() < 0.2:
        diary.add(Action.RETURN, Side.A, "details_missing")
        diary.turn += 1
        if random.random() < 0.5:
            return _end(random, diary, State.EXPIRED, Action.EXPIRE)
        diary.both(Action.ACCEPT)
    if random.random() < 0.3:
        return _end(random, diary, State.WITHDRAWN, Action.WITHDRAW)
    diary.both(Action.APPROVE)
    if random.random() < 0.2:
        return State.APPROVED
    diary.add(Action.START)
    if random.random() < 0.2:
        return _end(random, diary, State.FELL_THROUGH, Action.WITHDRAW)
    if random.random() < 0.5:
        return State.ACTIVE
    diary.add(Action.COMPLETE)
    return State.COMPLETED


def _end(random: Random, diary: _Diary, state: State, action: Action) -> State:
    by_clock = action is Action.EXPIRE
    side = None if by_clock else random.choice(list(Side))
    diary.add(action, side, "" if by_clock else random.choice(REASONS))
    return state
