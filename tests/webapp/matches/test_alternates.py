"""The next best partner comes in at once, in the same transaction, and never one who should not."""

from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.conftest import NOW
from tests.webapp.matches.conftest import LIMITS, Scene
from tests.webapp.matches.samples import explanation
from webapp.db import db
from webapp.mail.models import OutboxMessage
from webapp.matches import deadlines
from webapp.matches.lifecycle import Action, State
from webapp.matches.models import Alternate, Match
from webapp.matches.proposals import in_order, keep_alternate
from webapp.profiles.models import CourseProfile, CourseState


def course(name: str, country: str, **fields: object) -> CourseProfile:
    at = factories.institution(f"University of {name}", country)
    return factories.course(factories.user(f"{name.lower()}@uni.example", at=at), f"Course of {name}", **fields)


def keep(scene: Scene, it: CourseProfile, partner: CourseProfile, rank: int = 1, round_id: int | None = None) -> None:
    keep_alternate(
        it,
        partner,
        round_id=round_id or scene.match.round_id,
        rank=rank,
        score=0.6,
        confidence=0.7,
        explanation=explanation(),
    )
    db.session.flush()


def decline(scene: Scene, reason: str = "topic") -> list[Match]:
    scene.act(Action.DECLINE, scene.mai, reason)
    return proposed(scene)


def proposed(scene: Scene) -> list[Match]:
    others = sa.select(Match).where(Match.id != scene.match.id).order_by(Match.id)
    return list(db.session.scalars(others))


def test_both_freed_courses_get_their_best_partner_and_both_sides_are_told(scene: Scene) -> None:
    porto, kyoto = course("Porto", "PT"), course("Kyoto", "JP")
    keep(scene, scene.match.course_a, porto, 2)
    keep(scene, scene.match.course_b, kyoto, 1)
    new = decline(scene)
    assert [(m.course_a.title, m.course_b.title) for m in new] == [
        ("Course of Kyoto", "Rivers and cities"),
        ("Urban water", "Course of Porto"),
    ]
    for match in new:
        assert (match.state, match.is_alternate, match.score) == (State.PROPOSED, True, 0.6)
        assert match.respond_by == NOW + timedelta(days=LIMITS.respond)
        assert match.explanation == explanation()
        assert [event.action for event in match.events] == [Action.PROPOSE]
    told = set(db.session.scalars(sa.select(OutboxMessage.to_address).where(OutboxMessage.key.contains(":propose:"))))
    assert told == {"kyoto@uni.example", "porto@uni.example", scene.mai.email, scene.rui.email}


@pytest.mark.parametrize("state", [State.PROPOSED, State.ACCEPTED])
def test_an_expiry_brings_alternates_in_too(scene: Scene, state: State) -> None:
    scene.go_to(state)
    keep(scene, scene.match.course_a, course("Porto", "PT"))
    assert scene.match.respond_by is not None
    deadlines.apply(scene.match.id, scene.match.respond_by, LIMITS)
    assert [m.course_b.title for m in proposed(scene)] == ["Course of Porto"]


def test_an_approved_match_that_falls_away_waits_for_the_next_round(scene: Scene) -> None:
    scene.go_to(State.APPROVED)
    keep(scene, scene.match.course_a, course("Porto", "PT"))
    scene.act(Action.WITHDRAW, scene.rui, "course_cancelled")
    assert proposed(scene) == []


def test_a_returned_match_frees_nobody(scene: Scene) -> None:
    scene.go_to(State.ACCEPTED)
    keep(scene, scene.match.course_a, course("Porto", "PT"))
    scene.act(Action.RETURN, scene.office_b, "details_missing", "Which credits?")
    assert proposed(scene) == []


def test_who_has_no_time_is_left_in_peace_and_the_partner_is_not(scene: Scene) -> None:
    keep(scene, scene.match.course_a, course("Porto", "PT"))
    keep(scene, scene.match.course_b, course("Kyoto", "JP"))
    assert [m.course_a.title for m in decline(scene, "no_time")] == ["Course of Kyoto"]


def _pause(it: CourseProfile) -> None:
    it.state = CourseState.PAUSED


def _close_account(it: CourseProfile) -> None:
    it.lecturer.closed_at = NOW


def _edit(it: CourseProfile) -> None:
    it.updated_at = factories.AT + timedelta(days=1)


@pytest.mark.parametrize("spoil", [_pause, _close_account, _edit])
def test_the_next_in_rank_comes_when_the_best_cannot(scene: Scene, spoil: Callable[[CourseProfile], None]) -> None:
    best, second = course("Porto", "PT"), course("Braga", "PT")
    keep(scene, scene.match.course_a, best, 1)
    keep(scene, scene.match.course_a, second, 2)
    spoil(best)
    assert [m.course_b for m in decline(scene)] == [second]


@pytest.mark.parametrize("spoil", [_pause, _close_account, _edit])
def test_a_freed_course_that_left_or_changed_gets_no_alternate(
    scene: Scene, spoil: Callable[[CourseProfile], None]
) -> None:
    keep(scene, scene.match.course_b, course("Kyoto", "JP"))
    spoil(scene.match.course_b)
    assert decline(scene) == []


def test_a_partner_without_a_free_place_or_tried_before_is_passed_over(scene: Scene) -> None:
    busy, tried, free = course("Porto", "PT"), course("Braga", "PT"), course("Faro", "PT")
    at = factories.round_("2026-W47")
    factories.match(course("Kyoto", "JP"), busy, at)
    factories.match(scene.match.course_a, tried, at, state=State.DECLINED)
    for rank, partner in enumerate((busy, tried, free), start=1):
        keep(scene, scene.match.course_a, partner, rank)
    assert [m.course_b for m in decline(scene) if m.is_alternate] == [free]


def test_two_freed_courses_never_share_a_partners_last_place(scene: Scene) -> None:
    keep(scene, scene.match.course_a, scene.match.course_b, 1)
    only = course("Porto", "PT")
    keep(scene, scene.match.course_a, only, 2)
    keep(scene, scene.match.course_b, only, 1)
    new = decline(scene)
    assert len(new) == 1
    assert only in (new[0].course_a, new[0].course_b)


def test_the_newest_round_knows_best(scene: Scene) -> None:
    older, newer = course("Porto", "PT"), course("Braga", "PT")
    later = factories.round_("2026-W49")
    keep(scene, scene.match.course_a, older, 1)
    keep(scene, scene.match.course_a, newer, 3, round_id=later.id)
    assert [m.course_b for m in decline(scene)] == [newer]


def test_the_asian_course_is_side_a_whoever_the_alternate_is_kept_for(context: Flask) -> None:
    porto, kyoto, osaka = course("Porto", "PT"), course("Kyoto", "JP"), course("Osaka", "JP")
    assert in_order(porto, kyoto) == in_order(kyoto, porto) == (kyoto, porto)
    assert in_order(osaka, kyoto) == in_order(kyoto, osaka) == (kyoto, osaka)


def test_failing_an_own_alternate_a_course_left_out_that_wanted_this_one_comes_in(scene: Scene) -> None:
    weaker, stronger, busy = course("Porto", "PT"), course("Braga", "PT"), course("Faro", "PT")
    factories.match(course("Kyoto", "JP"), busy, factories.round_("2026-W47"))
    keep(scene, scene.match.course_a, busy, 1)
    for partner, score in ((weaker, 0.5), (stronger, 0.6), (busy, 0.9)):
        keep(scene, partner, scene.match.course_a, 1)
        kept = db.session.scalars(sa.select(Alternate).order_by(Alternate.id.desc())).first()
        assert kept is not None
        kept.score = score
    new = [m for m in decline(scene) if m.is_alternate]
    assert [(m.course_a, m.course_b) for m in new] == [(scene.match.course_a, stronger)]
