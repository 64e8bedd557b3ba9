"""The score of a pair and its explanation."""

import json
from dataclasses import replace
from datetime import date, time
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.criteria import CRITERIA
from matcher.embedders import HashedNgrams
from matcher.explanation import Explanation
from matcher.profile import Bandwidth, CourseProfile, Level, Mode, Slot, Wishes
from matcher.reasons import CRITERION_TEXTS, english, make_reason
from matcher.scorer import DEFAULT_WEIGHTS, CompatibilityScorer
from matcher.text import TextEncoder
from tests.matcher.making import make_profile, profiles
from tests.matcher.real_pairs import real_profiles

QUICK = CompatibilityScorer(encoder=TextEncoder(HashedNgrams()))
SCORER = CompatibilityScorer().fit(real_profiles())

TOKYO: dict[str, Any] = {
    "title": "Sustainable tourism",
    "institution": "Tokyo",
    "description": "Students of tourism plan sustainable travel for a small town and present it to its people.",
    "isced_f": "1015",
    "level": Level.BACHELOR,
    "students": 24,
    "exchange_languages": {"en": "B2"},
    "native_languages": ("ja",),
    "starts_on": date(2027, 4, 5),
    "ends_on": date(2027, 7, 25),
    "time_zone": "Asia/Tokyo",
    "slots": (Slot(1, time(16), time(18)),),
    "mode": Mode.MIXED,
    "tools": ("zoom", "padlet"),
    "bandwidth": Bandwidth.HIGH,
    "sdgs": (8, 11),
    "wishes": Wishes(regions=("europe",)),
}
PARIS: dict[str, Any] = {
    **TOKYO,
    "country": "FR",
    "institution": "Paris",
    "title": "Tourism and territories",
    "description": "Sustainable tourism in rural regions: students study a region and advise its tourism office.",
    "students": 30,
    "native_languages": ("fr",),
    "time_zone": "Europe/Paris",
    "slots": (Slot(1, time(9), time(11)),),
    "wishes": Wishes(regions=("asia",)),
}


@settings(max_examples=25, deadline=None)
@given(st.lists(profiles(), min_size=2, max_size=5))
def test_shares_add_up_to_the_score_and_no_score_leaves_its_bounds(made: list[CourseProfile]) -> None:
    table = QUICK.score(made, made)
    np.testing.assert_allclose(table.shares.sum(axis=0), table.score, rtol=0, atol=1e-12)
    np.testing.assert_allclose(table.score, table.score.T, atol=1e-5)
    for figures in (table.score, table.confidence, table.shares):
        assert (figures >= 0).all()
        assert (figures <= 1 + 1e-12).all()
    explained = QUICK.explain(made[0], made[-1])
    assert sum(share.share for share in explained.shares) == explained.score
    assert explained.score == pytest.approx(table.score[0, -1], abs=1e-5)
    assert sum(share.weight for share in explained.shares) == pytest.approx(1)


@settings(max_examples=40, deadline=None)
@given(profiles(), profiles())
def test_any_explanation_survives_being_stored_as_json_and_can_be_read(a: CourseProfile, b: CourseProfile) -> None:
    explained = QUICK.explain(a, b)
    assert Explanation.from_dict(json.loads(json.dumps(explained.to_dict()))) == explained
    for reason in explained.reasons:
        assert english(reason)
        assert make_reason(reason.code, **reason.params) == reason


def test_an_empty_profile_does_not_outrank_a_detailed_fitting_one() -> None:
    query, fitting = make_profile(**TOKYO), make_profile(**PARIS)
    same_title = make_profile(country="FR", title="Tourism")
    empty = make_profile(country="FR", title="Course")
    scores = SCORER.score([query], [fitting, same_title, empty]).score[0]
    assert scores[0] > scores[1] > scores[2]
    assert scores[0] > scores[2] + 0.2


def test_confidence_falls_with_every_field_taken_away() -> None:
    query = make_profile(**TOKYO)
    confidences = [SCORER.explain(query, make_profile(**PARIS)).confidence]
    less = dict(PARIS)
    for name in ("students", "level", "starts_on", "tools", "exchange_languages", "isced_f", "sdgs"):
        del less[name]
        confidences.append(SCORER.explain(query, make_profile(**less)).confidence)
    assert confidences == sorted(confidences, reverse=True)
    assert confidences[0] > 0.85
    assert confidences[-1] < 0.7


def test_what_is_missing_counts_as_the_average_of_what_is_known() -> None:
    scorer = CompatibilityScorer({"level": 0.5, "class_size": 0.5}, TextEncoder(HashedNgrams()))
    known = {"students": 20}
    explained = scorer.explain(make_profile(**known), make_profile(**known))
    shares = {share.criterion: share for share in explained.shares}
    # The only known value, 1, is drawn a little towards the baseline of 0.4: (0.5 + 0.15 * 0.4) / (0.5 + 0.15).
    assert shares["level"].value is None
    assert shares["level"].share == pytest.approx(0.5 * 0.56 / 0.65)
    assert shares["class_size"].share == pytest.approx(0.5)
    assert explained.confidence == 0.5


def test_a_misfit_lowers_the_score_whatever_the_criterion() -> None:
    query = make_profile(**TOKYO)
    fitting = SCORER.score([query], [make_profile(**PARIS)]).score[0, 0]
    misfits: list[dict[str, Any]] = [
        {"title": "Naval engineering", "description": "Hulls, engines and stability of merchant ships in heavy seas."},
        {"isced_f": "0911"},
        {"level": Level.SECONDARY},
        {"students": 300},
        {"exchange_languages": {"en": "A1"}},
        {"ends_on": date(2027, 5, 2)},
        {"slots": (Slot(3, time(14), time(16)),)},
        {"mode": Mode.SYNCHRONOUS, "bandwidth": Bandwidth.LOW, "tools": ("moodle",)},
        {"sdgs": (3,)},
        {"wishes": Wishes(countries=("KR",))},
    ]
    # Another field is a misfit of field and of complementarity.
    assert len(misfits) == len(CRITERIA) - 1
    for change in misfits:
        assert SCORER.score([query], [make_profile(**{**PARIS, **change})]).score[0, 0] < fitting - 0.005, change


def test_a_score_is_the_same_however_often_and_beside_whomever() -> None:
    a, b = make_profile(**TOKYO), make_profile(**PARIS)
    alone = SCORER.score([a], [b]).score[0, 0]
    in_a_crowd = SCORER.score([*real_profiles()[:50], a], [b, *real_profiles()[50:]]).score[50, 0]
    assert SCORER.score([a], [b]).score[0, 0] == alone
    assert in_a_crowd == pytest.approx(alone, abs=1e-5)


def test_weights_must_name_criteria_and_weigh_something() -> None:
    encoder = TextEncoder(HashedNgrams())
    with pytest.raises(ValueError, match="charm"):
        CompatibilityScorer({"charm": 1}, encoder)
    for weights in ({"topic": -1.0}, {"topic": 0.0}, {}, {"topic": float("nan")}):
        with pytest.raises(ValueError, match="negative"):
            CompatibilityScorer(weights, encoder)
    assert CompatibilityScorer({"topic": 3, "level": 1}, encoder).weights["topic"] == 0.75


def test_every_criterion_has_a_default_weight_and_a_sentence() -> None:
    names = {criterion.name for criterion in CRITERIA}
    assert set(DEFAULT_WEIGHTS) == names
    assert {text.criterion for text in CRITERION_TEXTS.values()} == names
    assert sum(DEFAULT_WEIGHTS.values()) == pytest.approx(1)


def test_an_explanation_says_what_fits_with_figures() -> None:
    explained = SCORER.explain(make_profile(**TOKYO), make_profile(**PARIS))
    sentences = [english(reason) for reason in explained.reasons if reason.kind == "fits"]
    for part in ("tourism", "24 and 30", "Shared teaching weeks: 16", "SDG 8", "Zoom"):
        assert any(part in sentence for sentence in sentences), part
    assert len(explained.shared_weeks) == len(explained.live_hours) == 16
    assert explained.teaching_weeks_a[0] == date(2027, 4, 5)
    assert explained.live_hours[0].hours == 2


def test_an_explanation_says_what_to_talk_about_and_what_is_missing_last() -> None:
    less = {**PARIS, "students": None, "slots": (Slot(3, time(14), time(16)),), "mode": Mode.SYNCHRONOUS}
    explained = SCORER.explain(make_profile(**TOKYO), make_profile(**less))
    codes = [reason.code for reason in explained.reasons if reason.kind == "talk"]
    assert codes[0] == "live_hours_none"
    assert codes[-1] == "class_size_missing"
    assert english(explained.reasons[-1]) == "Class size unknown: Tourism and territories (Paris)."


def test_a_tandem_is_named() -> None:
    a = make_profile(title="French conversation", native_languages=("ja",))
    b = make_profile(title="Japanese, intermediate", native_languages=("fr",))
    reason = next(r for r in SCORER.explain(a, b).reasons if r.criterion == "language")
    assert (reason.code, dict(reason.params)) == ("language_tandem", {"language_a": "fr", "language_b": "ja"})


def test_reasons_of_broken_rules_come_first() -> None:
    explained = SCORER.explain(make_profile(**TOKYO), make_profile(**PARIS))
    broken = (make_reason("already_tried"),)
    assert explained.with_rules(broken).reasons[0] == broken[0]
    assert replace(explained.with_rules(broken), reasons=explained.reasons) == explained
