"""Stored explanations in words: every code in every language, points that add up."""

from typing import Any

import pytest
from flask import Flask
from flask_babel import force_locale
from hypothesis import given
from hypothesis import strategies as st

from matcher.explanation import Share
from matcher.profile import Level, Mode
from matcher.reasons import REASONS, Reason, make_reason
from matcher.scorer import DEFAULT_WEIGHTS, CompatibilityScorer
from tests.webapp.matches.samples import HANOI, LISBON, explanation
from webapp.i18n import LANGUAGES
from webapp.matches import wording
from webapp.matches.labels import CRITERION_LABELS, MODE_WORDS

VALUES: dict[str, Any] = {
    "countries": ["VN", "PT"],
    "country": "VN",
    "date": "2027-03-01",
    "field": "0613",
    "fields": ["06", "061"],
    "goals": [4, 13],
    "hours": 1.5,
    "language": "vi",
    "languages": ["en", "fr"],
    "level": "bachelor",
    "mode": "mixed",
    "region": "asia",
    "skills": ["U1.1", "teamwork"],
    "tools": ["teams", "email"],
    "weekday": 2,
    "terms": ["river", "flood"],
    "titles": ["Urban water (Hanoi University)", "Rivers (Lisbon)"],
}
RAW = ("bachelor", "0613", "2027-03-01", "U1.1", "asia", "Level.", "Mode.", "%(", "['", "tvet")


def sample(code: str) -> Reason:
    """A reason of this code with a plausible value for each placeholder."""

    def value(name: str) -> Any:
        kind = name.split("_")[0]
        return VALUES.get(kind, 3 if f"%({name})d" in REASONS[code].template else "B2")

    return make_reason(code, **{name: value(name) for name in REASONS[code].placeholders})


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_reads_as_a_sentence_in_every_language(context: Flask, language: str) -> None:
    with force_locale(language):
        for code in REASONS:
            text = wording.sentence(sample(code))
            assert text, code
            # "Bachelor" is a label; the raw value is not capitalised.
            assert not [raw for raw in RAW if raw in text], f"{code}: {text}"
            assert text[-1] in ".。!?", f"{code}: {text}"


def test_values_are_written_by_their_kind(context: Flask) -> None:
    said = [
        wording.sentence(sample(code)) for code in ("field_same", "live_hours_few", "language_tandem", "goals_shared")
    ]
    assert said == [
        "Both courses belong to the field “Software and applications development and analysis”.",
        "Few live hours in a shared week: 1.5 on average, 1.5 at least.",
        "Tandem: one class learns Vietnamese and the other Vietnamese, and each speaks what the other learns.",
        "Sustainable Development Goals in common: SDG 4: Quality education and SDG 13: Climate action.",
    ]
    with force_locale("fr"):
        assert "1,5" in wording.sentence(sample("live_hours_few"))
        assert "vietnamien" in wording.sentence(sample("language_tandem"))


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("mode", Mode)
def test_every_level_and_way_of_working_has_its_word(context: Flask, level: Level, mode: Mode) -> None:
    assert str(MODE_WORDS[mode.value]) in wording.sentence(
        make_reason("technology_modes_apart", mode_a=mode.value, mode_b="mixed")
    )
    assert f"level {level.value}." not in wording.sentence(make_reason("level_same", level=level.value))


def test_a_code_that_was_removed_and_a_reason_that_lost_a_value_are_left_out(context: Flask) -> None:
    stored = explanation()
    stored["reasons"] += [
        {"kind": "fits", "criterion": "topic", "code": "long_gone", "params": {}},
        {"kind": "fits", "criterion": "level", "code": "level_same", "params": {}},
    ]
    said = wording.sentences(stored)
    assert [it.text for it in said.fits] == [
        "Both courses speak of: river and flood.",
        "Both classes can work in English: B2 (upper intermediate) and C1 (advanced).",
    ]
    assert len(said.talk) == 1


def test_the_top_reason_is_the_weightiest_and_a_broken_rule_comes_before_all(context: Flask) -> None:
    assert wording.top_sentence(explanation()) == "Both courses speak of: river and flood."
    broken = make_reason("too_few_shared_weeks", n_weeks=2, n_minimum=4)
    stored = explanation(reasons=(broken, make_reason("level_same", level="bachelor")))
    assert wording.sentences(stored).top == "Shared teaching weeks: 2; at least needed: 4."
    assert wording.top_sentence(stored) == wording.sentences(stored).top


def test_a_match_without_an_explanation_has_nothing_to_say(context: Flask) -> None:
    said = wording.sentences({})
    assert (said.top, said.fits, said.talk, said.not_, said.bars) == ("", (), (), (), ())
    assert wording.top_sentence({}) == ""


def test_bars_are_points_that_add_up_to_the_score_and_say_what_is_unknown(context: Flask) -> None:
    bars = wording.sentences(explanation()).bars
    assert [(bar.label, bar.points, bar.most, bar.is_known) for bar in bars] == [
        ("Topic", 36, 40, True),
        ("Language", 24, 30, True),
        ("Class size", 13, 30, False),
    ]
    assert sum(bar.points for bar in bars) == wording.score_points(0.726) == 73


@given(st.lists(st.floats(0, 1), min_size=1, max_size=12))
def test_whole_points_always_add_up_and_stay_within_one_of_the_share(values: list[float]) -> None:
    scale = max(sum(values), 1.0)
    shares = [value / scale for value in values]
    points = wording.whole_points(shares, wording.score_points(sum(shares)))
    assert sum(points) == wording.score_points(sum(shares))
    assert all(abs(its - share * 100) <= 1 + 1e-9 for its, share in zip(points, shares, strict=True))
    assert all(its >= 0 for its in points)


def test_every_criterion_of_the_matcher_has_a_label() -> None:
    assert set(DEFAULT_WEIGHTS) <= set(CRITERION_LABELS)
    assert {text.criterion for text in REASONS.values() if text.kind != "not"} <= set(CRITERION_LABELS)


def test_what_the_matcher_really_says_is_worded_whole(context: Flask) -> None:
    stored = CompatibilityScorer().explain(HANOI, LISBON).to_dict()
    said = wording.sentences(stored)
    assert len(said.fits) + len(said.talk) + len(said.not_) == len(stored["reasons"])
    assert sum(bar.points for bar in said.bars) == wording.score_points(stored["score"])
    assert sum(bar.most for bar in said.bars) == 100
    assert all(it.bar is not None for it in (*said.fits, *said.talk))


@pytest.mark.parametrize(
    ("score", "words"), [(0.83, "Very good fit"), (0.6, "Good fit"), (0.45, "Fair fit"), (0.3, "Weak fit")]
)
def test_scores_and_confidence_have_words(context: Flask, score: float, words: str) -> None:
    assert wording.fit_words(score) == words
    assert len({wording.confidence_words(c) for c in (0.9, 0.6, 0.2)}) == 3


def test_a_share_nobody_is_sure_of_is_not_known() -> None:
    assert not wording._is_known(Share("topic", 0.5, 0.3, 0.1, 0.0))


def test_equal_points_get_equal_words(context: Flask) -> None:
    assert {wording.fit_words(score) for score in (0.5451, 0.55, 0.554)} == {"Good fit"}
