"""What stands in the way of an invitation, said in words and never passed over."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from config import Settings
from tests import factories
from tests.conftest import NOW
from tests.webapp.matches.samples import explanation
from webapp.accounts.models import User
from webapp.db import db
from webapp.directory import invitations
from webapp.errors import WrongStateError
from webapp.mail.models import OutboxMessage
from webapp.matches import queries
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import Match
from webapp.matches.wording import read
from webapp.profiles.models import CourseProfile, CourseState


@pytest.fixture
def water(context: Flask) -> CourseProfile:
    """Mai's course in Hanoi, who invites."""
    return factories.course(factories.user(at=factories.institution()))


@pytest.fixture
def rivers(context: Flask) -> CourseProfile:
    """Rui's course in Lisbon, who is invited."""
    return factories.course(
        factories.user("rui@ulisboa.example", at=factories.institution("University of Lisbon", "PT")),
        "Rivers and cities",
    )


def why_not(own: CourseProfile, partner: CourseProfile, settings: Settings) -> str:
    (chance,) = invitations.chances([own], partner, settings, NOW)
    return " ".join(chance.hindrances)


def invite(own: CourseProfile, partner: CourseProfile, settings: Settings, note: str = "") -> Match:
    (chance,) = invitations.chances([own], partner, settings, NOW)
    return invitations.invite(chance, partner, read(explanation()), note, settings=settings, now=NOW)


def test_an_invitation_is_a_proposal_that_one_side_has_accepted(
    water: CourseProfile, rivers: CourseProfile, settings: Settings
) -> None:
    match = invite(rivers, water, settings, " Shall we? ")
    assert (match.course_a, match.course_b) == (water, rivers)
    assert (match.state, match.round_id, match.invited_by) == (State.PROPOSED, None, rivers.lecturer)
    assert match.respond_by == NOW + timedelta(days=9)
    assert [(event.action, event.side, event.note) for event in match.events] == [
        (Action.PROPOSE, Side.B, "Shall we?"),
        (Action.ACCEPT, Side.B, ""),
    ]
    assert match.explanation == explanation()
    assert queries.waiting_for(water.lecturer) == [match]
    assert queries.waiting_for(rivers.lecturer) == []


def test_the_invited_reads_the_words_and_no_name_or_address(
    water: CourseProfile, rivers: CourseProfile, settings: Settings
) -> None:
    match = invite(water, rivers, settings, "We look for <floods>\nand rain.")
    mail = db.session.scalars(sa.select(OutboxMessage)).one()
    assert mail.to_address == rivers.lecturer.email
    assert mail.subject == "Hanoi University invites your course Rivers and cities"
    assert "We look for <floods>\nand rain." in mail.text
    assert "We look for &lt;floods&gt;<br>and rain." in mail.html
    assert f"/matches/{match.id}" in mail.text
    assert water.lecturer.email not in mail.text + mail.html
    assert water.lecturer.name not in mail.text


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"starts_on": date(2027, 9, 6), "ends_on": date(2027, 12, 17)}, "week"),
        ({"exchange_languages": {"fr": "B2"}}, "language"),
        ({"must_have_topic": "volcanoes", "description": "About rain. " * 30}, "volcanoes"),
        ({"tools": ["zoom"], "blocked_tools": ["zoom", "teams"]}, "tool"),
    ],
)
def test_a_broken_rule_is_named_in_words(
    water: CourseProfile, rivers: CourseProfile, settings: Settings, fields: dict[str, object], said: str
) -> None:
    rivers.tools, rivers.description = ["teams"], "Rivers and floods in growing cities. " * 20
    assert why_not(water, rivers, settings) == ""
    for name, value in fields.items():
        setattr(water, name, value)
    found = why_not(water, rivers, settings)
    assert said in found
    assert "_" not in found
    with pytest.raises(WrongStateError, match=said):
        invite(water, rivers, settings)
    assert db.session.scalar(sa.select(sa.func.count(Match.id))) == 0


def test_the_same_region_the_same_institution_and_a_second_try_are_refused(
    water: CourseProfile, rivers: CourseProfile, settings: Settings
) -> None:
    kyoto = factories.course(factories.user("ken@kyoto.example", at=factories.institution("Kyoto University", "JP")))
    assert "Asia" in why_not(water, kyoto, settings)
    colleague = factories.course(factories.user("binh@hanu.example", at=water.institution), "Noh")
    assert "Hanoi University" in why_not(water, colleague, settings)
    match = invite(water, rivers, settings)
    match.state = State.DECLINED
    assert why_not(water, rivers, settings) != ""
    assert why_not(rivers, water, settings) != ""


def test_taken_places_count_on_both_sides(water: CourseProfile, rivers: CourseProfile, settings: Settings) -> None:
    kyoto = factories.course(factories.user("ken@kyoto.example", at=factories.institution("Kyoto University", "JP")))
    invite(kyoto, rivers, settings)
    assert "Rivers and cities" in why_not(water, rivers, settings)
    rivers.capacity = 2
    assert why_not(water, rivers, settings) == ""


def _pause(lecturer: User) -> None:
    lecturer.paused_until = NOW.date() + timedelta(days=1)


def _limit(lecturer: User) -> None:
    lecturer.exchanges_at_once = 1


def _close(lecturer: User) -> None:
    lecturer.closed_at = NOW


@pytest.mark.parametrize(
    ("change", "said"), [(_pause, "pauses"), (_limit, "as many matches at once"), (_close, "at present")]
)
def test_the_invited_lecturers_own_limits_are_kept(
    water: CourseProfile, rivers: CourseProfile, settings: Settings, change: Callable[[User], None], said: str
) -> None:
    kyoto = factories.course(factories.user("ken@kyoto.example", at=factories.institution("Kyoto University", "JP")))
    other = factories.course(rivers.lecturer, "Bridges")
    invite(kyoto, other, settings)
    assert invitations.hindrances(water.lecturer, rivers, settings, NOW) == []
    change(rivers.lecturer)
    (sentence,) = invitations.hindrances(water.lecturer, rivers, settings, NOW)
    assert said in sentence
    with pytest.raises(WrongStateError, match=said):
        invite(water, rivers, settings)


def test_a_pause_that_is_over_hinders_nobody(water: CourseProfile, rivers: CourseProfile, settings: Settings) -> None:
    rivers.lecturer.paused_until = NOW.date()
    assert invitations.hindrances(water.lecturer, rivers, settings, NOW) == []


def test_the_inviters_own_limits_are_kept(water: CourseProfile, rivers: CourseProfile, settings: Settings) -> None:
    settings = settings.model_copy(update={"open_invitations": 2})
    for name in ("Porto", "Braga"):
        at = factories.institution(f"University of {name}", "PT")
        partner = factories.course(factories.user(f"{name.lower()}@uni.example", at=at), name)
        invite(factories.course(water.lecturer, f"For {name}"), partner, settings)
    (sentence,) = invitations.hindrances(water.lecturer, rivers, settings, NOW)
    assert sentence.startswith("2 invitations of yours still wait")
    match = db.session.scalars(sa.select(Match)).first()
    assert match is not None
    match.state = State.WITHDRAWN
    assert invitations.hindrances(water.lecturer, rivers, settings, NOW) == []
    water.lecturer.exchanges_at_once = 1
    assert "your preferences" in invitations.hindrances(water.lecturer, rivers, settings, NOW)[0]


def test_nobody_invites_themselves(water: CourseProfile, settings: Settings) -> None:
    other = factories.course(water.lecturer, "Bridges")
    assert invitations.hindrances(water.lecturer, other, settings, NOW) == ["This is one of your own courses."]


def test_one_invites_with_open_courses_that_are_not_over(water: CourseProfile) -> None:
    draft = factories.course(water.lecturer, "Draft", state=CourseState.DRAFT)
    over = factories.course(water.lecturer, "Over", starts_on=date(2026, 9, 1), ends_on=date(2026, 11, 22))
    undated = factories.course(water.lecturer, "Undated", starts_on=None, ends_on=None)
    assert invitations.open_of([water, draft, over, undated], NOW) == [water, undated]
