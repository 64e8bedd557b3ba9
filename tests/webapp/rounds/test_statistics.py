"""A round keeps what its scores were computed from, so that they can be computed again, and no page reads it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from config import Settings
from matcher.file_cache import FileCache
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder
from matcher.text_statistics import TextStatistics
from tests import factories
from tests.webapp.rounds.conftest import Market, make_draft, water_course
from webapp.db import db
from webapp.matches.models import Alternate, Match
from webapp.profiles.for_matcher import to_matcher
from webapp.profiles.models import CourseProfile
from webapp.rounds import draft_publishing, matching
from webapp.rounds.models import Round

RunRound = Callable[[datetime], list[str]]
SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def larger_market(app: Flask, market: Market) -> Market:
    """Five courses a side rather than one, on other subjects, too; committed."""
    with app.app_context():
        hue = factories.institution("Hue University", "VN")
        porto = factories.institution("University of Porto", "PT")
        ha = factories.user("ha@hue.example", at=hue)
        eva = factories.user("eva@porto.example", at=porto)
        for lecturer in (ha, eva):
            water_course(lecturer, f"Floods as seen from {lecturer.institution.name}")
            factories.course(lecturer, "Marketing of tea", description="Brands, prices and habits of buyers.")
            factories.course(lecturer, "Nursing the old", description="Care at home; students interview nurses.")
            factories.course(lecturer, "Jazz", description="Students record a piece together, part by part.")
        db.session.commit()
    return market


@contextmanager
def statements(app: Flask) -> Iterator[list[str]]:
    """Collect what is asked of the database."""
    asked: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    sa.event.listen(engine, "before_cursor_execute", listen)
    yield asked
    sa.event.remove(engine, "before_cursor_execute", listen)


def n_read(asked: list[str]) -> int:
    """How many statements give the statistics back; a count over all columns of the rounds reads none of them."""
    return sum("rounds.statistics" in statement.partition("FROM")[0] for statement in asked)


def scorer_of(this_round: Round, settings: Settings) -> CompatibilityScorer:
    """A scorer that knows nothing of the round but what was stored with it."""
    assert this_round.statistics is not None
    cache = FileCache(settings.cache_folder / matching.EMBEDDINGS)
    encoder = TextEncoder(cache=cache).use(TextStatistics.from_bytes(this_round.statistics))
    return CompatibilityScorer(encoder=encoder)


def test_every_score_of_a_round_is_given_again_to_the_last_digit_by_what_was_stored(
    app: Flask, larger_market: Market, run_round: RunRound, settings: Settings, now: datetime
) -> None:
    run_round(now)
    with app.app_context():
        this_round = db.session.scalars(sa.select(Round)).one()
        scorer, background = scorer_of(this_round, settings), CompatibilityScorer()
        kept = db.session.scalars(sa.select(Match)).all()
        alternates = db.session.scalars(sa.select(Alternate)).all()
        pairs = [(one.course_a_id, one.course_b_id, one.score, one.explanation) for one in kept]
        pairs += [(*_a_first(one), one.explanation["score"], one.explanation) for one in alternates]
        assert len(kept) == this_round.n_matches == 5
        assert alternates
        differ = 0
        for a_id, b_id, score, explanation in pairs:
            a, b = (
                to_matcher(course, course.capacity, this_round.started_at.date())
                for course in (db.session.get_one(CourseProfile, each) for each in (a_id, b_id))
            )
            again = scorer.explain(a, b)
            assert again.score == score
            assert again.to_dict() == {key: value for key, value in explanation.items() if key in again.to_dict()}
            differ += background.explain(a, b).score != score
        # The statistics of another catalogue would give other scores.
        assert differ == len(pairs)


def _a_first(one: Alternate) -> tuple[int, int]:
    """Both courses of an alternate, the Asian first, as it was explained."""
    if one.course.institution.region == "asia":
        return one.course_id, one.partner_id
    return one.partner_id, one.course_id


def test_a_round_keeps_how_near_its_choice_is_to_the_best(
    app: Flask, larger_market: Market, run_round: RunRound, now: datetime
) -> None:
    run_round(now)
    with app.app_context():
        kept = db.session.scalars(sa.select(Round)).one().certificate
    assert kept is not None
    assert kept.keys() == {"objective", "bound", "n_candidates", "n_rounds", "is_proven", "gap"}
    assert kept["is_proven"]
    assert kept["objective"] <= kept["bound"] == pytest.approx(kept["objective"])


def test_a_round_with_nobody_keeps_statistics_and_certificate_too(
    app: Flask, run_round: RunRound, now: datetime
) -> None:
    run_round(now)
    with app.app_context():
        this_round = db.session.scalars(sa.select(Round)).one()
        assert this_round.certificate is not None
        assert this_round.certificate["n_candidates"] == 0
        assert TextStatistics.from_bytes(this_round.statistics or b"").version


def test_the_page_of_a_round_says_how_good_the_choice_is(
    app: Flask, market: Market, run_round: RunRound, now: datetime, sign_in: SignIn
) -> None:
    run_round(now)
    page = sign_in(market.coordinator).get("/rounds/1").text
    assert "<li>Proven to be the best choice over all permitted pairs.</li>" in page


def test_a_round_that_left_a_chosen_pair_away_does_not_claim_the_best_choice(
    app: Flask, market: Market, settings: Settings, now: datetime, sign_in: SignIn
) -> None:
    with app.app_context():
        draft = make_draft(settings, now, market.coordinator)
        db.session.get_one(CourseProfile, market.rivers).students = 26
        db.session.commit()
        draft_publishing.publish(draft, now, settings)
        db.session.commit()
    page = sign_in(market.coordinator).get("/rounds/1").text
    assert "Courses with a free place: 1 in Asia, 1 in Europe." in page
    assert "best choice" not in page


@pytest.mark.parametrize("path", ["/rounds", "/rounds/1", "/", "/matches/1"])
def test_no_page_reads_the_statistics(
    app: Flask, market: Market, run_round: RunRound, now: datetime, sign_in: SignIn, path: str
) -> None:
    run_round(now)
    browser = sign_in(market.coordinator)
    with statements(app) as asked:
        assert browser.get(path).status_code == 200
    assert any("FROM rounds" in statement for statement in asked) or path == "/matches/1"
    assert n_read(asked) == 0


def test_the_statistics_are_read_where_somebody_asks_for_them(
    app: Flask, market: Market, run_round: RunRound, now: datetime
) -> None:
    run_round(now)
    with statements(app) as asked, app.app_context():
        this_round = db.session.scalars(sa.select(Round)).one()
        assert n_read(asked) == 0
        assert this_round.statistics
        assert n_read(asked) == 1


def test_the_next_round_and_its_digest_do_not_read_the_statistics_of_the_last(
    app: Flask, market: Market, run_round: RunRound, now: datetime
) -> None:
    run_round(now)
    with statements(app) as asked:
        run_round(now.replace(day=30))
    assert any("FROM rounds" in statement for statement in asked)
    assert n_read(asked) == 0
