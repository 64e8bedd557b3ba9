"""Limits of institutions in a round: never broken, what is open counts, what cannot be met is told."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.datasets import make_profiles
from matcher.embedders import HashedNgrams
from matcher.market import Decisions
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import Region
from matcher.proposals import Proposals
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder
from tests import factories
from tests.conftest import NOW
from tests.webapp.rounds.conftest import Market
from webapp.accounts.models import User
from webapp.db import db
from webapp.institutions.models import BalanceTarget, TargetScope
from webapp.matches.house_limits import House, Ledger, Target
from webapp.matches.lifecycle import State
from webapp.matches.models import Match
from webapp.rounds import house_caps
from webapp.rounds.house_caps import Caps
from webapp.rounds.models import LeftOut

PROFILES = [one for one in make_profiles(40, seed=3) if one.region in (Region.ASIA, Region.EUROPE)]
NAMES = sorted({(one.institution, one.country) for one in PROFILES})
HOUSES = {one.id: House(NAMES.index((one.institution, one.country)), one.country) for one in PROFILES}
COUNTRIES = sorted({one.country for one in PROFILES})
NUMBERS = range(len(NAMES))


def target(own: int, scope: TargetScope, partner: int, country: str, at_most: int | None) -> Target:
    """A target that names a partner only where its scope does."""
    return Target(
        own,
        scope,
        partner if scope is TargetScope.INSTITUTION else None,
        country if scope is TargetScope.COUNTRY else None,
        None,
        at_most,
    )


targets = st.lists(
    st.builds(
        target,
        st.sampled_from(NUMBERS),
        st.sampled_from(TargetScope),
        st.sampled_from(NUMBERS),
        st.sampled_from(COUNTRIES),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=8,
)
already = st.lists(st.tuples(st.sampled_from(PROFILES), st.sampled_from(PROFILES)), max_size=3)


def matcher() -> PartnerMatcher:
    return PartnerMatcher(scorer=CompatibilityScorer(encoder=TextEncoder(HashedNgrams())), min_score=0.2)


def caps_of(*its: Target, pairs: tuple[tuple[str, str], ...] = ()) -> Caps:
    return Caps(HOUSES, its, Ledger((HOUSES[a], HOUSES[b]) for a, b in pairs), NOW)


def made(found: Proposals) -> list[tuple[str, str]]:
    return [(pair.a_id, pair.b_id) for pair in found.pairs]


@pytest.fixture(scope="module")
def free() -> Proposals:
    """The round without limits."""
    return matcher().propose(PROFILES)


@settings(max_examples=15, deadline=None)
@given(targets, already)
def test_no_limit_is_broken_and_what_is_open_counts(chosen, pairs) -> None:  # type: ignore[no-untyped-def]
    opened = tuple((a.id, b.id) for a, b in pairs if a.region is Region.ASIA and b.region is Region.EUROPE)
    found = house_caps.propose_within(matcher(), PROFILES, Decisions(), caps_of(*chosen, pairs=opened))
    book = caps_of(*chosen, pairs=opened)
    for pair in made(found):
        assert book.leaves_room(*pair)
        book.take(*pair)


@settings(max_examples=6, deadline=None)
@given(targets, st.randoms(use_true_random=False))
def test_the_order_of_courses_and_limits_plays_no_part(chosen, chance) -> None:  # type: ignore[no-untyped-def]
    shuffled = chance.sample(PROFILES, len(PROFILES))
    again = house_caps.propose_within(matcher(), shuffled, Decisions(), caps_of(*reversed(chosen)))
    assert again == house_caps.propose_within(matcher(), PROFILES, Decisions(), caps_of(*chosen))


@settings(max_examples=6, deadline=None)
@given(targets, st.data())
def test_a_locked_pair_that_breaks_no_limit_alone_stays(chosen, data) -> None:  # type: ignore[no-untyped-def]
    pairs = made(matcher().propose(PROFILES))
    pair = data.draw(st.sampled_from(pairs))
    its = [one for one in chosen if caps_of(one).leaves_room(*pair)]
    found = house_caps.propose_within(matcher(), PROFILES, Decisions(locked=frozenset({pair})), caps_of(*its))
    assert pair in made(found)


def test_without_limits_a_round_is_what_the_matcher_proposes(free: Proposals) -> None:
    assert house_caps.propose_within(matcher(), PROFILES, Decisions(), caps_of()) == free
    nobody = house_caps.within(PROFILES, Decisions(), caps_of(Target(0, TargetScope.ALL, None, None, None, 1000)))
    assert nobody.caps == ()


def test_a_minimum_in_all_comes_first_and_is_told_when_it_cannot_be_met(free: Proposals) -> None:
    own = HOUSES[made(free)[0][0]].institution_id
    wish = Target(own, TargetScope.ALL, None, None, 50, None)
    found = house_caps.propose_within(matcher(), PROFILES, Decisions(), caps_of(wish))
    has = sum(HOUSES[end].institution_id == own for pair in made(found) for end in pair)
    assert house_caps.short_of(found, caps_of(wish)) == {own: 50 - has}
    assert house_caps.short_of(found, caps_of(Target(own, TargetScope.ALL, None, None, has, None))) == {}


def test_limits_are_loaded_for_the_institutions_that_take_part(context: Flask) -> None:
    match = factories.pair(state=State.ACTIVE)
    for course in (match.course_a, match.course_b):
        db.session.add(
            BalanceTarget(institution_id=course.institution_id, scope=TargetScope.EACH_COUNTRY, at_most=1, set_at=NOW)
        )
    db.session.flush()
    caps = house_caps.load([match.course_a, match.course_b], NOW)
    assert not caps.leaves_room(str(match.course_a_id), str(match.course_b_id))
    assert [one.institution_id for one in house_caps.load([match.course_a], NOW).targets] == [
        match.course_a.institution_id
    ]


def test_a_weekly_round_keeps_the_limits_and_names_who_leads(
    app: Flask, market: Market, run_round: Callable[[datetime], list[str]], now: datetime
) -> None:
    with app.app_context():
        hanoi = db.session.get_one(User, market.mai).institution_id
        none_at_all = BalanceTarget(
            institution_id=hanoi, scope=TargetScope.COUNTRY, partner_country="PT", at_most=0, set_at=NOW
        )
        db.session.add(none_at_all)
        db.session.commit()
    run_round(now)
    with app.app_context():
        assert db.session.scalars(sa.select(Match)).all() == []
        reasons = {row.reason["code"] for row in db.session.scalars(sa.select(LeftOut))}
        assert reasons == {"left_out_house_cap"}
        db.session.execute(sa.delete(BalanceTarget))
        db.session.commit()
    run_round(now + timedelta(days=7))
    with app.app_context():
        (match,) = db.session.scalars(sa.select(Match))
        assert match.explanation["lead"] in ("a", "b")
