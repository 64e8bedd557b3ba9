"""A week in which everything a digest tells of happens once, at known times; and its digests."""

from dataclasses import asdict
from datetime import timedelta

from matcher.balance import BalanceReport
from matcher.reasons import Reason
from tests import factories
from tests.conftest import NOW
from tests.webapp.matches.samples import explanation
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.mail.models import OutboxMessage
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import Match, MatchEvent
from webapp.profiles.models import CourseProfile
from webapp.rounds import digest_jobs
from webapp.rounds.models import LeftOut, Round

REPORT = BalanceReport(
    balance=0.5, n_a=3, n_b=2, n_pairs=1, n_pairs_at_zero=1, quality=0.72, quality_at_zero=0.74, price=0.027,
    imbalance=0.1, imbalance_at_zero=0.2, coverage_a=1 / 3, coverage_b=0.5, coverage_a_at_zero=1 / 3,
    coverage_b_at_zero=0.5, students_a=25, students_b=30, levels=(), levels_at_zero=(),
)  # fmt: skip
READERS = {
    "coordinator": ("Noor Rahman", "noor@asem.example", Role.COORDINATOR, "Asia/Singapore"),
    "country_coordinator": ("Phạm Lan", "lan@asem.example", Role.COORDINATOR, "Asia/Ho_Chi_Minh"),
    "office": ("Đỗ Hoa", "office@hanu.example", Role.OFFICE, "Asia/Ho_Chi_Minh"),
    "lecturer": ("Nguyễn Mai", "mai@hanu.example", Role.LECTURER, "Asia/Ho_Chi_Minh"),
}
"""Who reads what; each name is also that of a snapshot."""


def stage(language: str = "en") -> Round:
    """Write the week into the database: what was, what the round found, who reads about it in which language."""
    hanoi, kyoto = factories.institution(), factories.institution("Kyoto University", "JP")
    lisbon, lyon = factories.institution("University of Lisbon", "PT"), factories.institution("Université Lyon", "FR")
    people = {}
    for reader, (name, email, role, zone) in READERS.items():
        at = hanoi if role in (Role.OFFICE, Role.LECTURER) else None
        people[reader] = factories.user(email, role, at, language=language, time_zone=zone, name=name)
    people["country_coordinator"].countries = ["VN", "JP"]
    mai = people["lecturer"]
    aki = factories.user("aki@kyoto.example", at=kyoto, name="Aki Tanaka")
    rui = factories.user("rui@ulisboa.example", at=lisbon, name="Rui Sousa")
    eva = factories.user("eva@lyon.example", at=lyon, name="Ève Martin")
    factories.user(
        "new@hanu.example", at=hanoi, name="Bình Trần", verified_at=None, confirmed_at=NOW - timedelta(days=2)
    )
    before = factories.round_("2026-W47", published_at=NOW - timedelta(days=7), n_matches=3)
    _older_matches(before, mai, aki, rui, eva)
    this = factories.round_(n_courses_a=3, n_courses_b=2, published_at=NOW, report=asdict(REPORT), digests_done_at=None)
    water = factories.course(mai, "Urban water", students=25)
    rivers = factories.course(rui, "Rivers & cities <a field course>", students=30)
    factories.match(water, rivers, this, proposed_at=NOW, changed_at=NOW, explanation=explanation())
    for lecturer, title, code in (
        (mai, "Tax law", "left_out_no_common_language"),
        (aki, "Kabuki", "left_out_places_taken"),
        (eva, "Gothic vaults", "left_out_no_common_language"),
    ):
        params = {"n_partners": 4} if code == "left_out_places_taken" else {"n_courses": 2, "n_forbidden": 2}
        course = factories.course(lecturer, title)
        change = None
        if lecturer is mai:
            step = {"code": "language_added", "params": {"language": "fr", "level": "B2"}}
            change = {"steps": [step], "partner_id": rivers.id, "score": 0.5}
        db.session.add(
            LeftOut(round=this, course=course, reason=Reason("left_out", "", code, params).to_dict(), change=change)
        )
    db.session.flush()
    return this


def _older_matches(before: Round, mai: User, aki: User, rui: User, eva: User) -> None:
    def pair(a: tuple[User, str, int], b: tuple[User, str, int], state: State, days: int, **fields: object) -> Match:
        courses: list[CourseProfile] = [factories.course(who, title, students=n) for who, title, n in (a, b)]
        at = NOW - timedelta(days=days)
        made = factories.match(*courses, before, state, **({"proposed_at": at, "changed_at": at} | fields))
        made.events[0].at = at
        return made

    def step(match: Match, days: int, action: Action, side: Side | None = None) -> None:
        match.events.append(MatchEvent(turn=1, action=action, side=side, at=NOW - timedelta(days=days)))

    # Proposed a week ago, Mai accepted three days ago, Ève is awaited.
    asked = pair((mai, "River maps", 20), (eva, "Atlas", 18), State.PROPOSED, 7)
    step(asked, 3, Action.ACCEPT, Side.A)
    # Proposed a week ago, and Mai has not answered.
    pair((mai, "Dikes", 22), (rui, "Harbours", 24), State.PROPOSED, 7)
    # Both accepted twelve days ago, both offices are awaited.
    accepted = pair((mai, "Soil", 16), (eva, "Gardens", 14), State.ACCEPTED, 15)
    for side in Side:
        step(accepted, 12, Action.ACCEPT, side)
    # Began twenty days ago, and nobody has written.
    running = pair((aki, "Paper", 12), (rui, "Print", 15), State.ACTIVE, 60, respond_by=None)
    step(running, 20, Action.START)
    # Ran out of time yesterday.
    expired = pair((aki, "Tea", 10), (eva, "Wine", 11), State.EXPIRED, 10, changed_at=NOW - timedelta(days=1))
    step(expired, 1, Action.EXPIRE)
    db.session.flush()


def promise(this: Round) -> int:
    """Promise the digests of the round from the beginning on, as the job does; gives how many were added."""
    before = db.session.query(OutboxMessage).count()
    this.digests_done_at, this.digests_up_to = None, 0
    db.session.commit()
    digest_jobs.run(NOW, lambda _said: None)
    assert this.digests_done_at is not None
    return db.session.query(OutboxMessage).count() - before


def mails() -> dict[str, OutboxMessage]:
    """The digests that were promised, by the name of their reader."""
    by_address = {row.to_address: row for row in db.session.query(OutboxMessage)}
    return {name: by_address[READERS[name][1]] for name in READERS}
