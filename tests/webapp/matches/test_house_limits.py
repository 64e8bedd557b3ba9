"""An institution's limits bind invitations and alternates as they bind rounds, and every open exchange counts."""

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests import factories
from tests.conftest import NOW
from tests.webapp.matches.conftest import Scene
from tests.webapp.matches.samples import explanation
from webapp.db import db
from webapp.directory import invitations
from webapp.errors import WrongStateError
from webapp.institutions.models import BalanceTarget, TargetScope
from webapp.matches import house_limits
from webapp.matches.house_limits import House, Ledger, Target, breaks_cap
from webapp.matches.lifecycle import Action, State
from webapp.matches.models import Match
from webapp.matches.proposals import keep_alternate
from webapp.matches.wording import read
from webapp.profiles.models import CourseProfile

HANOI, LISBON, PORTO, PARIS = House(1, "VN"), House(2, "PT"), House(3, "PT"), House(4, "FR")


def target(scope: TargetScope, at_most: int, own: House = HANOI, **fields: object) -> Target:
    values = {"partner_id": None, "partner_country": None, "at_least": None}
    return Target(own.institution_id, scope, at_most=at_most, **(values | fields))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("limit", "lisbon", "porto", "paris"),
    [
        (target(TargetScope.INSTITUTION, 1, partner_id=2), True, False, False),
        (target(TargetScope.EACH_INSTITUTION, 1), True, False, False),
        (target(TargetScope.COUNTRY, 1, partner_country="PT"), True, True, False),
        (target(TargetScope.EACH_COUNTRY, 1), True, True, False),
        (target(TargetScope.ALL, 1), True, True, True),
        (target(TargetScope.ALL, 2), False, False, False),
        (target(TargetScope.ALL, 1, own=PARIS), False, False, False),
        (target(TargetScope.ALL, 0, own=PARIS), False, False, True),
    ],
)
def test_a_limit_is_broken_by_one_more_with_those_it_speaks_of(
    limit: Target, lisbon: bool, porto: bool, paris: bool
) -> None:
    ledger = Ledger([(LISBON, HANOI)])
    found = [ledger.broken([limit], HANOI, partner) is not None for partner in (LISBON, PORTO, PARIS)]
    assert found == [lisbon, porto, paris]
    assert found == [ledger.broken([limit], partner, HANOI) is not None for partner in (LISBON, PORTO, PARIS)]


def add_target(course: CourseProfile, scope: TargetScope, at_most: int, **fields: object) -> None:
    db.session.add(
        BalanceTarget(institution_id=course.institution_id, scope=scope, at_most=at_most, set_at=NOW, **fields)
    )
    db.session.flush()


def course(name: str, country: str) -> CourseProfile:
    at = factories.institution(f"University of {name}", country)
    return factories.course(factories.user(f"{name.lower()}@uni.example", at=at), f"Course of {name}")


def test_only_open_matches_count(context: Flask) -> None:
    match = factories.pair()
    add_target(match.course_a, TargetScope.EACH_INSTITUTION, 1)
    sentence = breaks_cap(match.course_b, match.course_a)
    assert sentence == (
        "Hanoi University allows at most 1 match at once with University of Lisbon, and it is open already."
    )
    db.session.execute(sa.update(Match).values(state=State.DECLINED))
    assert breaks_cap(match.course_a, match.course_b) is None


def test_the_sentence_names_the_country_or_none(context: Flask) -> None:
    match = factories.pair()
    add_target(match.course_b, TargetScope.COUNTRY, 0, partner_country="VN")
    assert breaks_cap(match.course_a, match.course_b) == "University of Lisbon takes no exchanges with Vietnam."
    add_target(match.course_a, TargetScope.ALL, 1)
    assert breaks_cap(match.course_a, course("Porto", "PT")) == (
        "Hanoi University allows at most 1 match at once, and it is open already."
    )


def test_without_limits_nothing_is_counted(context: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    match = factories.pair()
    monkeypatch.setattr(house_limits, "open_pairs", lambda _ids: pytest.fail("nothing to count for"))
    assert breaks_cap(match.course_a, match.course_b) is None


def test_an_invitation_beyond_a_limit_is_refused_with_its_reason(context: Flask, settings: Settings) -> None:
    match = factories.pair()
    own, partner = factories.course(match.course_a.lecturer, "Law of water"), match.course_b
    other = factories.course(partner.lecturer, "Law of rivers")
    (chance,) = invitations.chances([own], other, settings, NOW)
    assert chance.hindrances == ()
    add_target(partner, TargetScope.EACH_COUNTRY, 1)
    with pytest.raises(WrongStateError, match="at most 1 match at once with Vietnam"):
        invitations.invite(chance, other, read(explanation()), "", settings=settings, now=NOW)
    (chance,) = invitations.chances([own], other, settings, NOW)
    assert "at most 1 match at once with Vietnam" in " ".join(chance.hindrances)


def test_an_alternate_beyond_a_limit_is_passed_over_for_the_next(scene: Scene) -> None:
    porto, paris = course("Porto", "PT"), course("Paris", "FR")
    for rank, partner in enumerate((porto, paris), start=1):
        keep_alternate(
            scene.match.course_a,
            partner,
            round_id=scene.match.round_id or 0,
            rank=rank,
            score=0.6,
            confidence=0.7,
            explanation=explanation(),
        )
    add_target(scene.match.course_a, TargetScope.COUNTRY, 0, partner_country="PT")
    scene.act(Action.DECLINE, scene.mai, "topic")
    new = db.session.scalars(sa.select(Match).where(Match.id != scene.match.id)).all()
    assert [match.course_b.title for match in new] == ["Course of Paris"]
