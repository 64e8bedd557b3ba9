"""The reserve of a course, in numbers: only what could still be proposed, only for its own lecturer."""

import pytest

from tests import factories
from tests.webapp.matches.conftest import Scene
from webapp.db import db
from webapp.institutions.models import TargetScope
from webapp.matches import reserves
from webapp.matches.lifecycle import Action, State
from webapp.matches.models import Alternate
from webapp.matches.people import place_of
from webapp.profiles.models import CourseProfile, CourseState


def keep(scene: Scene, course: CourseProfile, partner: CourseProfile, score: float) -> None:
    """Keep a partner for a course."""
    round_id = scene.match.round_id
    assert round_id is not None
    row = Alternate(round_id=round_id, course_id=course.id, partner_id=partner.id, rank=1, score=score)
    row.confidence, row.explanation = 0.8, {}
    db.session.add(row)
    db.session.flush()


@pytest.fixture
def partners(scene: Scene) -> list[CourseProfile]:
    """Four courses in Lisbon."""
    return [factories.course(scene.rui, f"Course {n}") for n in range(4)]


def test_partners_on_either_side_of_an_alternate_count_once(scene: Scene, partners: list[CourseProfile]) -> None:
    own = scene.match.course_a
    keep(scene, own, partners[0], 0.61)
    keep(scene, own, partners[1], 0.55)
    keep(scene, partners[2], own, 0.7)
    keep(scene, partners[0], own, 0.61)
    keep(scene, scene.match.course_b, partners[3], 0.9)
    assert reserves.count(own) == reserves.Reserve(3, 0.7)


def test_tried_closed_and_busy_partners_do_not_count(scene: Scene, partners: list[CourseProfile]) -> None:
    own = scene.match.course_a
    keep(scene, own, scene.match.course_b, 0.9)
    for partner in partners:
        keep(scene, own, partner, 0.5)
    partners[0].state = CourseState.PAUSED
    other = factories.course(scene.stranger, "Kyoto")
    round_ = factories.round_("2026-W49")
    factories.match(other, partners[1], round_)
    factories.match(factories.course(scene.stranger, "Kyoto 2"), partners[2], round_, State.DECLINED)
    assert reserves.count(own) == reserves.Reserve(2, 0.5)
    partners[1].capacity = 2
    assert reserves.count(own).n == 3


def test_limits_of_either_institution_are_kept_as_if_the_match_had_fallen_away(
    scene: Scene, partners: list[CourseProfile]
) -> None:
    own, kyoto = scene.match.course_a, factories.course(scene.stranger, "Kyoto")
    keep(scene, own, partners[0], 0.7)
    keep(scene, own, partners[1], 0.6)
    keep(scene, own, kyoto, 0.5)
    hanoi, lisbon = own.institution, partners[0].institution
    factories.target(hanoi, scope=TargetScope.EACH_INSTITUTION, at_most=1)
    assert reserves.count(own) == reserves.Reserve(1, 0.5)
    place = place_of(scene.match, scene.mai)
    # Once this match falls away, Hanoi's one exchange with Lisbon is free again.
    assert reserves.of(scene.match, place) == reserves.Reserve(3, 0.7)
    factories.target(lisbon, scope=TargetScope.COUNTRY, partner_country="VN", at_most=0)
    assert reserves.of(scene.match, place) == reserves.Reserve(1, 0.5)
    factories.target(kyoto.institution, scope=TargetScope.ALL, at_most=0)
    assert reserves.of(scene.match, place) == reserves.Reserve(0, None)


def test_an_empty_reserve_is_said_as_such(scene: Scene) -> None:
    assert reserves.count(scene.match.course_a) == reserves.Reserve(0, None)


def test_only_the_two_lecturers_are_told_and_only_while_it_can_matter(scene: Scene) -> None:
    people = (scene.mai, scene.rui, scene.office_a, scene.coordinator, scene.stranger)
    told = [reserves.of(scene.match, place_of(scene.match, person)) is not None for person in people]
    assert told == [True, True, False, False, False]
    scene.go_to(State.APPROVED)
    assert reserves.of(scene.match, place_of(scene.match, scene.mai)) is None


def test_nothing_is_kept_for_a_declined_match(scene: Scene) -> None:
    scene.act(Action.DECLINE, scene.mai, reason="calendar")
    assert reserves.of(scene.match, place_of(scene.match, scene.mai)) is None
