"""Failure modes from the field: empty and generic profiles that win, and figures above 100 %."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import date, time
from typing import Any

import numpy as np
import pytest

from matcher.embedders import HashedNgrams
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import Bandwidth, CourseProfile, Level, Mode, Slot, Wishes
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder
from tests.matcher.making import make_profile
from tests.matcher.real_pairs import real_profiles

SCORER = CompatibilityScorer()
TERM = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 6, 11)}
ASIA: dict[str, Any] = {
    "level": Level.BACHELOR,
    "exchange_languages": {"en": "B2"},
    "native_languages": ("ja",),
    "time_zone": "Asia/Tokyo",
    "slots": (Slot(2, time(16), time(18)), Slot(3, time(16), time(18))),
    "mode": Mode.MIXED,
    "tools": ("zoom", "padlet"),
    **TERM,
}
EUROPE: dict[str, Any] = {
    **ASIA,
    "native_languages": ("de",),
    "time_zone": "Europe/Berlin",
    "slots": (Slot(2, time(8), time(11)), Slot(3, time(8), time(10))),
}


def asian(its_id: str, title: str, description: str, isced_f: str, students: int, goal: int) -> CourseProfile:
    texts = {"title": title, "description": description, "isced_f": isced_f}
    return make_profile(id=its_id, country="JP", students=students, sdgs=(goal,), **texts, **ASIA)


def european(its_id: str, title: str, description: str, isced_f: str, students: int, goal: int) -> CourseProfile:
    texts = {"title": title, "description": description, "isced_f": isced_f}
    return make_profile(id=its_id, country="DE", students=students, sdgs=(goal,), **texts, **EUROPE)


DETAILED = (
    asian("a1", "Nursing of the elderly", "We visit nursing homes and plan the care of old people.", "0913", 24, 3),
    asian("a2", "Sustainable tourism", "Teams write a plan for visitors of a mountain village.", "1015", 30, 11),
    asian("a3", "Software engineering", "Groups build a web application, test it and present it.", "0613", 40, 9),
    european("b1", "Geriatric care", "Future nurses compare how elderly patients live at home.", "0913", 28, 3),
    european("b2", "Travel and regions", "Students of tourism advise a rural region on gentle travel.", "1015", 26, 11),
    european("b3", "Web development", "Programmers develop and test an application in small teams.", "0613", 35, 9),
)
PARTNERS = {("a1", "b1"), ("a2", "b2"), ("a3", "b3")}
# What offices enter when the lecturer has not answered yet.
EMPTY_TITLES = ("Course", "Virtual exchange", "To be announced", "International seminar", "Open to any topic", "N.N.")
# Nothing but the title of somebody else's course.
BARE_TITLES = ("Nursing of the elderly", "Sustainable tourism", "Software engineering")


def thin(titles: Sequence[str], country: str = "DE", **changes: Any) -> list[CourseProfile]:
    return [
        make_profile(id=f"thin {country} {at}", country=country, title=title, **changes)
        for at, title in enumerate(titles)
    ]


@pytest.mark.parametrize("titles", [EMPTY_TITLES, BARE_TITLES])
def test_a_profile_of_nothing_but_a_title_outranks_no_detailed_one(titles: Sequence[str]) -> None:
    matcher = PartnerMatcher(scorer=SCORER)
    for own, partner in sorted(PARTNERS):
        ranked = [one.partner_id for one in matcher.rank([*DETAILED, *thin(titles)], own, top=None)]
        assert ranked[0] == partner, own


def test_empty_profiles_come_after_every_detailed_one_of_the_same_subject() -> None:
    # Fitting courses with more and more said of the same subject; the empty ones last.
    nurse, full = DETAILED[0], DETAILED[3]
    half = replace(full, id="half", institution="Half", sdgs=(), tools=(), mode=None, students=None)
    title = make_profile(id="title", country="DE", title=full.title)
    ranked = PartnerMatcher(scorer=SCORER).rank([nurse, full, half, title, *thin(EMPTY_TITLES)], nurse.id, top=None)
    assert [one.partner_id for one in ranked][:3] == [full.id, "half", "title"]
    confidences = [one.explanation.confidence for one in ranked]
    assert confidences[:3] == sorted(confidences[:3], reverse=True)


@pytest.mark.parametrize("balance", [0.0, 0.25, 0.5, 0.75])
@pytest.mark.parametrize("titles", [EMPTY_TITLES, BARE_TITLES])
def test_empty_profiles_do_not_take_the_partners_of_detailed_ones(balance: float, titles: Sequence[str]) -> None:
    crowd = [*thin(titles), *thin(titles, "JP")]
    proposed = PartnerMatcher(balance=balance, scorer=SCORER).propose([*DETAILED, *crowd])
    assert {(pair.a_id, pair.b_id) for pair in proposed.pairs} >= PARTNERS


def test_an_empty_profile_with_many_places_is_no_hub() -> None:
    hubs = [*thin(EMPTY_TITLES, capacity=10), *thin(EMPTY_TITLES, "JP", capacity=10)]
    proposed = PartnerMatcher(balance=0.0, scorer=SCORER).propose([*DETAILED, *hubs])
    assert {(pair.a_id, pair.b_id) for pair in proposed.pairs} >= PARTNERS
    best = {one.profile_id: one.partner_id for one in proposed.alternates if one.rank == 1}
    assert all(best[own] in {"b1", "b2", "b3"} for own in ("a1", "a2", "a3"))


def test_saying_nothing_never_beats_saying_what_fits() -> None:
    own, partner = DETAILED[0], DETAILED[3]
    nothing = make_profile()
    for name in ("description", "isced_f", "level", "students", "exchange_languages", "starts_on", "tools", "sdgs"):
        silent = replace(partner, **{name: getattr(nothing, name)})
        less, more = SCORER.explain(own, silent), SCORER.explain(own, partner)
        assert less.score < more.score, name
        assert less.confidence < more.confidence, name


GENERIC = (
    "Students of all subjects learn from one another about culture, society, business, technology, health and the"
    " environment. They work in international groups on global topics, discuss ideas, present projects and reflect.",
    "An online exchange for everyone: intercultural communication, teamwork, digital skills, critical thinking,"
    " creativity, leadership and sustainable development in any discipline.",
    "We are open to any topic and any partner. Together we study current questions of the world in small teams.",
)


def test_a_course_that_speaks_of_everything_is_not_everybodys_neighbour() -> None:
    known = list(real_profiles())
    generic = [make_profile(title="International exchange", description=text) for text in GENERIC]
    scorer = CompatibilityScorer().fit([*known, *generic])
    topic = scorer.score(known, [*known, *generic])
    for scores in (topic.score, topic.values[topic.criteria.index("topic")]):
        np.fill_diagonal(scores, -1)
        best = np.argsort(-scores, axis=1, kind="stable")[:, :10]
        wanted = np.bincount(best.ravel(), minlength=scores.shape[1])
        # Wanted by fewer than a tenth, and by fewer than some course that has a subject.
        assert wanted[len(known) :].max() < len(known) / 10
        assert wanted[len(known) :].max() < wanted[: len(known)].max()


EXTREME: dict[str, Any] = {
    "title": "Everything " * 50,
    "description": "sustainability " * 400,
    "outcomes": tuple(f"Outcome {number}" for number in range(100)),
    "keywords": tuple(f"keyword {number}" for number in range(200)),
    "isced_f": "0913",
    "level": Level.BACHELOR,
    "students": 10_000,
    "exchange_languages": dict.fromkeys(("en", "fr", "de", "ja", "zh", "ko", "es"), "C2"),
    "native_languages": ("en", "fr", "de", "ja"),
    "learning_languages": ("zh", "ko", "es", "en"),
    "starts_on": date(2026, 1, 1),
    "ends_on": date(2026, 12, 31),
    "time_zone": "Asia/Kolkata",
    "slots": tuple(Slot(day, time(0), time(23, 59)) for day in range(7)) * 3,
    "weeks_wanted": 52,
    "mode": Mode.SYNCHRONOUS,
    "tools": ("zoom", "padlet", "teams", "zoom", "moodle", "miro") * 5,
    "bandwidth": Bandwidth.HIGH,
    "sdgs": (*range(1, 18), *range(1, 18)),
    "skills": ("U1", "U1", *(f"skill {number}" for number in range(100))),
    "capacity": 1000,
    "wishes": Wishes(("asia", "europe") * 3, ("DE", "JP", "DE"), ("everything", "everything", "sustainability")),
}


def test_nothing_is_ever_above_100_percent() -> None:
    largest = [make_profile(country=country, **EXTREME) for country in ("JP", "DE", "KR", "FR")]
    least = [make_profile(country=country, title="?", students=1, weeks_wanted=1) for country in ("JP", "DE")]
    one_week = make_profile(country="IN", **{**EXTREME, "weeks_wanted": 1, "students": 1, "capacity": 1})
    profiles = [*largest, *least, one_week, *DETAILED]
    for scorer in (SCORER, CompatibilityScorer(encoder=TextEncoder(HashedNgrams()))):
        table = scorer.score(profiles, profiles)
        for figures in (table.score, table.confidence, table.values, table.confidences, table.shares):
            assert np.nanmin(figures) >= 0
            assert np.nanmax(figures) <= 1
        for balance in (0.5, 1.0):
            proposed = PartnerMatcher(balance=balance, scorer=scorer, min_score=0.0).propose(profiles)
            for pair in proposed.pairs:
                explained = pair.explanation
                assert 0 <= explained.score <= 1
                assert 0 <= explained.confidence <= 1
                assert all(0 <= share.share <= share.weight + 1e-9 for share in explained.shares)
            assert all(0 <= one.score <= 1 and 0 <= one.confidence <= 1 for one in proposed.alternates)
            report = asdict(proposed.report)
            shares = [value for name, value in report.items() if name.startswith(("coverage", "price"))]
            levels = [*report["levels"], *report["levels_at_zero"]]
            shares += [level[name] for level in levels for name in ("gini", "least_rate")]
            assert len(shares) == 5 + 2 * len(levels)
            assert min(shares) >= 0
            assert max(shares) <= 1
            assert all(level["n_served"] <= level["n_groups"] for level in levels)


def test_the_same_course_on_both_sides_is_a_full_score_and_no_more() -> None:
    both = make_profile(**{**EXTREME, "learning_languages": (), "students": 30})
    explained = SCORER.explain(both, both)
    assert explained.score <= 1
    assert all(share.value is None or share.value <= 1 for share in explained.shares)
    assert explained.confidence <= 1
