import json
import string

import pytest

from matcher.reasons import REASONS, RULE_TEXTS, JsonValue, Reason, english, make_reason
from matcher.rules import RuleSettings, forbidden_by

SAMPLES: dict[str, JsonValue] = {
    "language": "ja",
    "languages": ["en", "fr"],
    "country": "KR",
    "countries": ["KR", "FR"],
    "field": "0413",
    "fields": ["0413"],
    "level": "tvet",
    "region": "asia",
    "goals": [4, 13],
    "skills": ["U2.3"],
    "tools": ["zoom"],
    "terms": ["film"],
    "hours": 1.5,
    "weekday": 0,
}


def sample(placeholder: str) -> JsonValue:
    name = placeholder.removesuffix("_a").removesuffix("_b")
    return SAMPLES.get(name, 3)


@pytest.mark.parametrize("code", sorted(REASONS))
def test_every_sentence_renders_with_the_parameters_it_names(code: str) -> None:
    text = REASONS[code]
    reason = make_reason(code, **{name: sample(name) for name in text.placeholders})
    sentence = english(reason)
    assert "%" not in sentence.replace("%%", "")
    assert sentence[0] in string.ascii_uppercase or "%(" in text.template[:2]
    assert sentence.endswith(".")


@pytest.mark.parametrize("code", sorted(REASONS))
def test_only_rules_forbid_and_only_they_leave_a_course_out(code: str) -> None:
    assert REASONS[code].kind in ("fits", "talk", "not")
    assert (REASONS[code].kind == "not") == (code in RULE_TEXTS or code.startswith("left_out"))


def test_every_rule_has_its_sentence() -> None:
    assert list(forbidden_by([], [], RuleSettings())) == list(RULE_TEXTS)


def test_codes_and_values_are_written_as_words() -> None:
    reason = make_reason("no_common_language", languages_a=["ja", "en"], languages_b=["haw"])
    assert english(reason) == ("No shared language: one course works in Japanese, English, the other in haw.")
    assert english(make_reason("no_region", country="BR")) == (
        "Brazil belongs to neither of the two ASEM regions, Asia and Europe."
    )
    assert "(Europe)" in english(make_reason("same_region", region="europe"))
    assert english(make_reason("too_few_shared_weeks", n_weeks=1, n_minimum=4)) == (
        "Shared teaching weeks: 1; at least needed: 4."
    )


def test_a_reason_needs_exactly_its_parameters() -> None:
    with pytest.raises(ValueError, match="no_region needs"):
        make_reason("no_region")
    with pytest.raises(ValueError, match="no_region needs"):
        make_reason("no_region", country="BR", region="asia")
    with pytest.raises(KeyError):
        make_reason("no_such_code")


def test_a_percent_sign_in_a_name_is_harmless() -> None:
    reason = make_reason("same_institution", institution="100 % College %(x)s")
    assert "100 % College %(x)s" in english(reason)


def test_a_reason_survives_being_stored() -> None:
    reason = make_reason("no_common_tool", tools=["zoom", "our wiki"])
    assert Reason.from_dict(json.loads(json.dumps(reason.to_dict()))) == reason
    gone = Reason("talk", "topic", "a_code_since_removed", {"terms": ["film"]})
    assert Reason.from_dict(gone.to_dict()) == gone
    assert hash(reason) == hash(Reason.from_dict(reason.to_dict()))
