"""Why two courses are not proposed to each other: the rule in words, or numbers that hold."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from matcher.market import Decisions
from tests import factories
from tests.webapp.rounds.conftest import water_course
from webapp.access import Role
from webapp.db import db
from webapp.matches.lifecycle import State
from webapp.profiles.models import CourseProfile
from webapp.rounds import candidates, matching, why_not, why_not_queries, why_not_scorer
from webapp.rounds.models import DecisionKind, PairDecision, Round

SignIn = Callable[[int], FlaskClient]
DULL = "Accounting standards for small firms; students read balance sheets and write a report."


@dataclass(frozen=True)
class Town:
    """Ids: three Asian courses that want two European ones, and who looks at them."""

    round_id: int
    water: int
    floods: int
    books: int
    rivers: int
    coasts: int
    coordinator: int
    of_portugal: int
    of_japan: int


@pytest.fixture
def town(app: Flask) -> Town:
    """Two courses on water in Vietnam and one on accounting, for two courses on water in Portugal."""
    today = datetime.now(UTC).date()
    term = {"starts_on": today + timedelta(days=60), "ends_on": today + timedelta(days=170)}
    with app.app_context():
        hanoi, hue = factories.institution(), factories.institution("Hue University", "VN")
        lisbon = factories.institution("University of Lisbon", "PT")
        porto = factories.institution("University of Porto", "PT")
        mai, ha = factories.user("mai@hanu.example", at=hanoi), factories.user("ha@hue.example", at=hue)
        rui, ana = factories.user("rui@lisboa.example", at=lisbon), factories.user("ana@porto.example", at=porto)
        kept = {
            "prices": {},
            "points": [],
        }
        made = Town(
            round_id=factories.round_(balance=0.0, frontier=kept).id,
            water=water_course(mai, "Urban water", **term).id,
            floods=water_course(ha, "Floods and cities", **term).id,
            books=water_course(ha, "Accounting", description=DULL, **term).id,
            rivers=water_course(rui, "Rivers and cities", **term).id,
            coasts=water_course(ana, "Coasts and floods", **term).id,
            coordinator=factories.user("coordinator@asem.example", Role.COORDINATOR, name="Noor Haddad").id,
            of_portugal=factories.user("portugal@asem.example", Role.COORDINATOR, countries=["PT"]).id,
            of_japan=factories.user("japan@asem.example", Role.COORDINATOR, countries=["JP"]).id,
        )
        db.session.commit()
    return made


def page(sign_in: SignIn, town: Town, query: str, person: str = "coordinator") -> str:
    """The page, its spaces folded."""
    answer = sign_in(getattr(town, person)).get(f"/rounds/{town.round_id}/why-not{query}")
    assert answer.status_code == 200
    return " ".join(answer.text.split())


def pair(town: Town, a: str, b: str) -> str:
    """The query that names two courses."""
    return f"?a={getattr(town, a)}&b={getattr(town, b)}"


def computed(town: Town, a: str, b: str) -> str:
    """The query that also asks for what forcing them would cost."""
    return f"{pair(town, a, b)}&cost=1"


def test_courses_are_found_by_typing_and_the_address_keeps_the_other_one(sign_in: SignIn, town: Town) -> None:
    assert "Choose one course in Asia and one in Europe" in page(sign_in, town, "")
    found = page(sign_in, town, f"?text_a=hue&b={town.rivers}")
    assert re.findall(r'class="round-title" href="[^"]*\?([^"]*)"', found) == [
        f"a={town.books}&amp;b={town.rivers}",
        f"a={town.floods}&amp;b={town.rivers}",
    ]
    assert "No open course is called so here." in page(sign_in, town, "?text_b=hue")
    assert f'name="b" value="{town.rivers}"' in page(sign_in, town, f"?b={town.rivers}")


def test_a_pair_left_out_is_told_its_price_its_partners_and_whom_forcing_it_would_cost(
    app: Flask, sign_in: SignIn, town: Town, settings: Settings
) -> None:
    said = page(sign_in, town, computed(town, "books", "rivers"))
    verdict = re.search(r"Their fit is (\d+) of 100; they would need (\d+)\.", said)
    assert verdict is not None
    fit, needed = map(int, verdict.groups())
    assert fit < needed
    assert f"Fit of the two: {fit} of 100." in said
    assert "Places are scarce on the whole:" in said
    assert "The total fit would fall by" in said
    assert "Pairs that would be lost" in said
    assert "with the matches of this round counted as never proposed" in said
    # The numbers are those of a round: locked, the pair costs what the page says.
    with app.app_context():
        found = candidates.load(datetime.now(UTC))
        answer = why_not.ask(
            db.session.get_one(Round, town.round_id),
            db.session.get_one(CourseProfile, town.books),
            db.session.get_one(CourseProfile, town.rivers),
            settings,
            datetime.now(UTC),
            with_cost=True,
        )
        assert answer.numbers is not None
        lost, gained = answer.numbers.lost, answer.numbers.gained
        free = matching.PartnerMatcher(balance=0.0, min_score=settings.min_score).propose(found.profiles)
        locked = Decisions(locked=frozenset({(str(town.books), str(town.rivers))}))
        forced = matching.PartnerMatcher(balance=0.0, min_score=settings.min_score).propose(found.profiles, locked)
    before = {(int(one.a_id), int(one.b_id)) for one in free.pairs}
    after = {(int(one.a_id), int(one.b_id)) for one in forced.pairs}
    assert set(lost) == before - after
    assert set(gained) == after - before - {(town.books, town.rivers)}
    share = 1 - forced.report.quality / free.report.quality
    assert answer.numbers.share_lost == pytest.approx(share, abs=1e-6)


def test_a_pair_that_is_proposed_says_so(sign_in: SignIn, town: Town) -> None:
    said = [page(sign_in, town, computed(town, one, "rivers")) for one in ("water", "floods")]
    assert sum("These two are proposed to each other" in one for one in said) == 1


def test_the_order_of_the_two_does_not_matter(sign_in: SignIn, town: Town) -> None:
    turned = page(sign_in, town, f"?a={town.rivers}&b={town.books}&cost=1")
    assert "they would need" in turned


def test_a_rule_is_told_in_words_and_nothing_is_computed(app: Flask, sign_in: SignIn, town: Town) -> None:
    with app.app_context():
        course = db.session.get_one(CourseProfile, town.books)
        course.exchange_languages = {"vi": "C1"}
        db.session.commit()
    said = page(sign_in, town, pair(town, "books", "rivers"))
    assert "A rule forbids this pair. No score can change that." in said
    assert "No shared language: one course works in Vietnamese, the other in English." in said
    assert "The numbers" not in said


def test_two_courses_of_one_region_are_told_the_rule(sign_in: SignIn, town: Town) -> None:
    assert "Both courses are in the same region" in page(sign_in, town, pair(town, "books", "water"))


def test_the_rounds_own_matches_count_as_never_proposed_and_others_take_places(
    app: Flask, sign_in: SignIn, town: Town
) -> None:
    with app.app_context():
        water, rivers = (db.session.get_one(CourseProfile, own) for own in (town.water, town.rivers))
        factories.match(water, rivers, db.session.get_one(Round, town.round_id))
        db.session.commit()
    said = page(sign_in, town, computed(town, "books", "rivers"))
    assert "they would need" in said
    assert "been proposed to each other before" not in page(sign_in, town, pair(town, "water", "rivers"))
    with app.app_context():
        floods, coasts = (db.session.get_one(CourseProfile, own) for own in (town.floods, town.coasts))
        older = factories.round_("2026-W40")
        factories.match(floods, coasts, older, State.ACTIVE)
        db.session.commit()
    said = page(sign_in, town, pair(town, "floods", "rivers"))
    assert "Every place of “Floods and cities” is taken by other matches: 1 of 1." in said
    assert "One of the two takes no part in rounds at present." in said
    assert "have been proposed to each other before" in page(sign_in, town, pair(town, "floods", "coasts"))


def test_what_a_coordinator_decided_is_told(app: Flask, sign_in: SignIn, town: Town) -> None:
    with app.app_context():
        db.session.add(
            PairDecision(
                course_a_id=town.water,
                course_b_id=town.rivers,
                kind=DecisionKind.FORBID,
                note="They fell out.",
                by_id=town.coordinator,
                at=factories.AT,
            )
        )
        db.session.commit()
    said = page(sign_in, town, pair(town, "water", "rivers"))
    assert "A coordinator keeps these two apart." in said
    assert "Noor Haddad keeps these two apart since" in said
    assert "They fell out." in said


def test_coordinators_of_countries_ask_about_pairs_with_a_side_of_theirs(sign_in: SignIn, town: Town) -> None:
    address = f"/rounds/{town.round_id}/why-not"
    assert "they would need" in page(sign_in, town, computed(town, "books", "rivers"), "of_portugal")
    assert sign_in(town.of_japan).get(address).status_code == 200
    for query in (pair(town, "books", "rivers"), computed(town, "books", "rivers")):
        assert sign_in(town.of_japan).get(f"{address}{query}").status_code == 403


def test_what_is_not_there_is_not_found(client: FlaskClient, sign_in: SignIn, town: Town) -> None:
    coordinator = sign_in(town.coordinator)
    assert coordinator.get(f"/rounds/{town.round_id}/why-not?a=999").status_code == 404
    assert coordinator.get("/rounds/999/why-not").status_code == 404
    assert coordinator.get(f"/rounds/{town.round_id}/why-not?a=much").status_code == 200
    assert client.get(f"/rounds/{town.round_id}/why-not").status_code == 302


def test_the_larger_side_decides_how_large_a_market_is(app: Flask, town: Town) -> None:
    with app.app_context():
        assert why_not_queries.most_open_a_side() == 3
        db.session.execute(sa.delete(CourseProfile))
        assert why_not_queries.most_open_a_side() == 0


def test_a_round_scores_as_it_did_then(app: Flask, town: Town, settings: Settings) -> None:
    with app.app_context():
        found = candidates.load(datetime.now(UTC))
        computed = matching.compute(found, datetime.now(UTC), settings, lambda _line: None)
        this_round = db.session.get_one(Round, town.round_id)
        this_round.statistics, this_round.frontier = computed.statistics, computed.frontier
        db.session.commit()
        scorer = why_not_scorer.scorer_of(settings, town.round_id)
        assert why_not_scorer.scorer_of(settings, town.round_id) is scorer
        by_id = {profile.id: profile for profile in found.profiles}
        for one in computed.proposals.pairs:
            then = one.explanation.score
            assert scorer.fit([]).explain(by_id[one.a_id], by_id[one.b_id]).score == pytest.approx(then, abs=1e-9)


def test_a_course_leads_to_the_question_in_the_newest_round(app: Flask, sign_in: SignIn, town: Town) -> None:
    coordinator = sign_in(town.coordinator)
    for course, side in ((town.books, "a"), (town.rivers, "b")):
        assert f'href="/rounds/why-not/{course}"' in coordinator.get(f"/courses/{course}").text
        answer = coordinator.get(f"/rounds/why-not/{course}")
        assert (answer.status_code, answer.location) == (302, f"/rounds/{town.round_id}/why-not?{side}={course}")
    assert coordinator.get("/rounds/why-not/999").status_code == 404
    with app.app_context():
        db.session.delete(db.session.get_one(Round, town.round_id))
        db.session.commit()
    assert coordinator.get(f"/rounds/why-not/{town.books}").location == "/rounds"
