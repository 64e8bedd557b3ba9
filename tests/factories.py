"""Rows for tests, made with as little as possible said; inside an app context, flushed but not committed."""

from datetime import UTC, date, datetime
from typing import Any

from webapp.access import Role
from webapp.accounts.models import User
from webapp.conversations.models import Attachment, Meeting, Message
from webapp.db import db
from webapp.directory.models import SavedSearch
from webapp.imports.models import ImportFile
from webapp.institutions.models import BalanceTarget, Institution, PartnerAgreement, TargetScope
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import Match, MatchEvent
from webapp.profiles.models import CourseProfile, CourseState
from webapp.rounds.models import DecisionKind, DigestIssue, PairDecision, Round, RoundPair, RoundState

AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def session_key(user_id: int) -> str:
    """What a signed-in session of this person holds."""
    return db.session.get_one(User, user_id).get_id()


def institution(name: str = "Hanoi University", country: str = "VN", **fields: Any) -> Institution:
    """An institution."""
    zones = {"VN": "Asia/Ho_Chi_Minh", "JP": "Asia/Tokyo", "PT": "Europe/Lisbon", "FR": "Europe/Paris"}
    row = Institution(name=name, country=country, time_zone=zones.get(country, "UTC"), **fields)
    db.session.add(row)
    db.session.flush()
    return row


def user(
    email: str = "mai@hanu.example", role: Role = Role.LECTURER, at: Institution | None = None, **fields: Any
) -> User:
    """A confirmed and verified person."""
    values: dict[str, Any] = {
        "name": email.partition("@")[0].title(),
        "password_hash": "!",
        "created_at": AT,
        "confirmed_at": AT,
        "verified_at": AT,
    }
    row = User(email=email, role=role, institution=at, **(values | fields))
    db.session.add(row)
    db.session.flush()
    return row


def agreement(own: Institution, partner: Institution, reference: str = "2026/14", **fields: Any) -> PartnerAgreement:
    """An agreement without an end that an institution has on file."""
    row = PartnerAgreement(institution=own, partner=partner, reference=reference, **({"added_at": AT} | fields))
    db.session.add(row)
    db.session.flush()
    return row


def course(lecturer: User, title: str = "Urban water", **fields: Any) -> CourseProfile:
    """An open course in spring 2027."""
    values: dict[str, Any] = {
        "state": CourseState.OPEN,
        "starts_on": date(2027, 2, 15),
        "ends_on": date(2027, 6, 4),
        "exchange_languages": {"en": "B2"},
        "created_at": AT,
        "updated_at": AT,
        "published_at": AT,
    }
    row = CourseProfile(lecturer=lecturer, institution=lecturer.institution, title=title, **(values | fields))
    db.session.add(row)
    db.session.flush()
    return row


def round_(week: str = "2026-W48", **fields: Any) -> Round:
    """A round that was published, and whose digests were promised."""
    values: dict[str, Any] = {
        "started_at": AT,
        "published_at": AT,
        "balance": 0.5,
        "n_courses_a": 1,
        "n_courses_b": 1,
        "n_matches": 1,
        "state": RoundState.PUBLISHED,
        "report": {},
        "published_week": week,
    }
    values |= fields
    if values["state"] is RoundState.PUBLISHED:
        values.setdefault("digests_done_at", values["published_at"])
    row = Round(week=week, **values)
    db.session.add(row)
    db.session.flush()
    return row


def match(a: CourseProfile, b: CourseProfile, at_round: Round, state: State = State.PROPOSED, **fields: Any) -> Match:
    """A match between two courses, with the event of its proposal."""
    values: dict[str, Any] = {
        "score": 0.72,
        "confidence": 0.8,
        "explanation": {},
        "proposed_at": AT,
        "changed_at": AT,
        "respond_by": datetime(2026, 12, 2, 9, 0, tzinfo=UTC),
    }
    row = Match(round_id=at_round.id, course_a=a, course_b=b, state=state, **(values | fields))
    row.events.append(MatchEvent(turn=1, action=Action.PROPOSE, at=AT))
    db.session.add(row)
    db.session.flush()
    return row


def round_pair(of: Match, **fields: Any) -> RoundPair:
    """The pair of a match as its round found it."""
    values: dict[str, Any] = {
        "round_id": of.round_id,
        "version_a": of.course_a.version,
        "version_b": of.course_b.version,
        "score": of.score,
        "confidence": of.confidence,
        "explanation": of.explanation,
    }
    row = RoundPair(course_a=of.course_a, course_b=of.course_b, **(values | fields))
    db.session.add(row)
    db.session.flush()
    return row


def pair_decision(of: Match, kind: DecisionKind = DecisionKind.FORBID, **fields: Any) -> PairDecision:
    """A decision about the two courses of a match."""
    row = PairDecision(course_a=of.course_a, course_b=of.course_b, kind=kind, **({"at": AT} | fields))
    db.session.add(row)
    db.session.flush()
    return row


def acted(on: Match, side: Side, action: Action, actor: User) -> None:
    """Record that a side took an action."""
    on.events.append(MatchEvent(turn=on.turn, action=action, side=side, actor=actor, at=AT))
    db.session.flush()


def message(
    on: Match, author: User, text: str = "Hello", files: dict[str, bytes] | None = None, **fields: Any
) -> Message:
    """A message of a match, with text files by their names."""
    row = Message(match=on, author=author, text=text, **({"sent_at": AT} | fields))
    row.attachments = [
        Attachment(name=name, kind="text/plain", size=len(content), content=content)
        for name, content in (files or {}).items()
    ]
    db.session.add(row)
    db.session.flush()
    return row


def meeting(on: Match, proposed_by: User, **fields: Any) -> Meeting:
    """An hour that was proposed, far ahead of the clock of any test."""
    values: dict[str, Any] = {"starts_at": datetime(2099, 1, 5, 9, 0, tzinfo=UTC), "minutes": 60, "proposed_at": AT}
    row = Meeting(match=on, proposed_by=proposed_by, **(values | fields))
    db.session.add(row)
    db.session.flush()
    return row


def pair(at_round: Round | None = None, **fields: Any) -> Match:
    """A Vietnamese and a Portuguese course with their lecturers, matched."""
    hanoi = institution()
    lisbon = institution("University of Lisbon", "PT")
    mai = user("mai@hanu.example", at=hanoi)
    rui = user("rui@ulisboa.example", at=lisbon)
    return match(course(mai), course(rui, "Rivers and cities"), at_round or round_(), **fields)


def saved_search(person: User, name: str = "Rivers", **fields: Any) -> SavedSearch:
    """A search somebody keeps, and wants mail about."""
    row = SavedSearch(
        user=person, **({"name": name, "query": {"q": ["rivers"]}, "saved_at": AT, "looked_at": AT} | fields)
    )
    db.session.add(row)
    db.session.flush()
    return row


def digest_issue(person: User, week: str = "2026-W48", **fields: Any) -> DigestIssue:
    """A digest in somebody's archive."""
    html = "<html><body><main><p>Dear reader,</p></main></body></html>"
    values: dict[str, Any] = {"subject": "Your week", "text": "Dear reader,\n", "html": html, "made_at": AT}
    row = DigestIssue(user_id=person.id, week=week, **(values | fields))
    db.session.add(row)
    db.session.flush()
    return row


def target(own: Institution, **fields: Any) -> BalanceTarget:
    """At most three open exchanges with any one institution."""
    values: dict[str, Any] = {"scope": TargetScope.EACH_INSTITUTION, "at_most": 3, "set_at": AT}
    row = BalanceTarget(institution_id=own.id, **(values | fields))
    db.session.add(row)
    db.session.flush()
    return row


def bulk_file(office: User, email: str = "binh@hanu.example") -> ImportFile:
    """A file with one course that an office sent for a lecturer."""
    line = {
        "place": "row", "n": 2, "title": "Urban water", "key": f"{email}\nkey", "values": {"title": "Urban water"},
        "problems": [], "chosen": True, "made": None,
        "lecturer": {"name": "Binh", "email": email, "vouched": True, "word": False, "house": office.institution_id},
    }  # fmt: skip
    row = ImportFile(user_id=office.id, name="courses.csv", rows=[line], uploaded_at=AT)
    db.session.add(row)
    db.session.flush()
    return row
