from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.pairs import Pairs
from matcher.profile import CourseProfile, Wishes
from matcher.reasons import REASONS, english
from matcher.rules import RuleSettings, check, forbidden_by, permitted, prepare_rules
from tests.matcher.making import make_profile, profiles

ANY_REGION = RuleSettings(opposite_regions=False)


def codes(a: CourseProfile, b: CourseProfile, rules: RuleSettings = ANY_REGION) -> list[str]:
    """Return the codes of one pair, having asked in both directions and by both ways."""
    found = [reason.code for reason in check(a, b, rules)]
    assert sorted(found) == sorted(reason.code for reason in check(b, a, rules))
    assert permitted([a], [b], rules).tolist() == [[not found]]
    return found


def pair(a: dict[str, Any], b: dict[str, Any]) -> list[str]:
    return codes(make_profile(**a), make_profile(**b))


def wishing(topic: str) -> dict[str, Any]:
    return {"wishes": Wishes(must_have_topic=topic)}


def test_two_courses_of_which_nothing_is_known_are_permitted() -> None:
    assert codes(make_profile(country="JP"), make_profile(country="FR"), RuleSettings()) == []


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Université de Genève", "UNIVERSITE DE GENEVE"),
        ("The University of Hong Kong", "University of Hong-Kong"),
        ("Universität Gießen", "universität giessen"),
        ("Arts & Crafts College", "Arts and Crafts College"),
        ("早稲田大学", "早稲田大学 "),
    ],
)
def test_one_institution_in_two_spellings_is_forbidden(name: str, other: str) -> None:
    assert pair({"institution": name}, {"institution": other}) == ["same_institution"]


@pytest.mark.parametrize(
    ("name", "other"), [("University of York", "York University"), ("大阪大学", "大阪市立大学"), ("!", "?")]
)
def test_similar_names_are_different_institutions(name: str, other: str) -> None:
    assert pair({"institution": name}, {"institution": other}) == []


@pytest.mark.parametrize(
    ("country", "other", "expected"),
    [
        ("JP", "FR", []),
        ("HK", "GB", []),
        ("MO", "NO", []),
        ("AU", "CH", []),
        ("HK", "JP", ["same_region"]),
        ("RU", "KZ", ["same_region"]),
        ("FR", "DE", ["same_region"]),
        ("TW", "FR", ["no_region"]),
        ("US", "JP", ["no_region"]),
        ("US", "BR", ["no_region", "no_region"]),
        ("US", "US", ["no_region"]),
    ],
)
def test_partners_come_from_the_opposite_region(country: str, other: str, expected: list[str]) -> None:
    a, b = make_profile(country=country), make_profile(country=other)
    assert codes(a, b, RuleSettings()) == expected
    assert codes(a, b, ANY_REGION) == []


def test_three_shared_weeks_are_too_few_and_four_are_enough() -> None:
    term = {"starts_on": date(2026, 10, 5), "ends_on": date(2026, 12, 18)}
    three = {"starts_on": date(2026, 11, 30), "ends_on": date(2027, 2, 5)}
    four = {"starts_on": date(2026, 11, 23), "ends_on": date(2027, 2, 5)}
    assert pair(term, three) == ["too_few_shared_weeks"]
    assert pair(term, four) == []
    (reason,) = check(make_profile(**term), make_profile(**three), ANY_REGION)
    assert reason.params == {"n_weeks": 3, "n_minimum": 4}
    assert codes(make_profile(**term), make_profile(**three), replace(ANY_REGION, min_shared_weeks=3)) == []


def test_a_break_can_cost_the_weeks_needed() -> None:
    term = {"starts_on": date(2027, 1, 25), "ends_on": date(2027, 2, 21)}
    new_year = {"breaks": ((date(2027, 2, 8), date(2027, 2, 14)),)}
    assert pair(term, term) == []
    assert pair(term, term | new_year) == ["too_few_shared_weeks"]


def test_a_missing_date_forbids_nothing() -> None:
    assert pair({"starts_on": date(2026, 10, 5), "ends_on": date(2026, 10, 9)}, {"starts_on": date(2027, 3, 1)}) == []


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ({"en": None}, {"en": None}, []),
        ({"en": None}, {"fr": None}, ["no_common_language"]),
        ({"en": "A1"}, {"en": None}, []),
        ({"en": "A1"}, {"en": "B1"}, []),
        ({"en": "A1"}, {"en": "B2"}, ["language_levels_apart"]),
        ({"en": "A1", "fr": "B1"}, {"en": "C1", "fr": "C1"}, []),
        ({"en": "A1", "ja": "C2"}, {"en": "C2", "fr": "C1"}, ["language_levels_apart"]),
        ({}, {"fr": None}, []),
        ({}, {}, []),
    ],
)
def test_a_language_is_shared_at_levels_that_meet(
    a: dict[str, str | None], b: dict[str, str | None], expected: list[str]
) -> None:
    assert pair({"exchange_languages": a}, {"exchange_languages": b}) == expected


def test_a_tandem_needs_no_shared_language() -> None:
    japanese = {
        "exchange_languages": {"ja": None}, "native_languages": ("ja",), "learning_languages": ("fr", "en")
    }  # fmt: skip
    french = {"exchange_languages": {"fr": None}, "native_languages": ("fr",), "learning_languages": ("ja",)}
    assert pair(japanese, french) == []
    assert pair(japanese, french | {"learning_languages": ("de",)}) == ["no_common_language"]
    assert pair(japanese | {"native_languages": ()}, french) == ["no_common_language"]


def test_the_nearest_levels_are_named_when_no_language_meets() -> None:
    a = make_profile(exchange_languages={"en": "A1", "fr": "A1"})
    b = make_profile(exchange_languages={"en": "C2", "fr": "B2"})
    (reason,) = check(a, b, ANY_REGION)
    assert english(reason) == "The levels in French are too far apart: A1 on one side, B2 on the other."


def test_a_course_without_places_is_forbidden() -> None:
    assert pair({"capacity": 0}, {}) == ["no_capacity"]
    assert pair({"capacity": 0}, {"capacity": 0}) == ["no_capacity", "no_capacity"]


def test_a_pair_tried_before_is_forbidden_in_either_order() -> None:
    a, b, c = make_profile(id="a"), make_profile(id="b"), make_profile(id="c")
    rules = replace(ANY_REGION, tried=frozenset({frozenset({"b", "a"}), frozenset({"gone", "c"})}))
    assert codes(a, b, rules) == ["already_tried"]
    assert codes(a, c, rules) == []


def test_what_was_tried_are_pairs() -> None:
    with pytest.raises(ValueError, match="pairs of two ids"):
        RuleSettings(tried=frozenset({frozenset({"a"})}))


@pytest.mark.parametrize(
    ("topic", "text", "is_missing"),
    [
        ("Climate change", "Our changing cities", True),
        ("Climate change", "How CLIMATE drives change", False),
        ("cities", "A city by the sea", False),
        ("city", "Cities by the sea", False),
        ("économie", "Economie circulaire", False),
        ("AI", "retail and trade", True),
        ("health and safety", "Safety for health workers", False),
        ("映画", "アジアの映画研究", False),
        ("映画", "アジアの音楽", True),
        ("ภาพยนตร์", "ประวัติภาพยนตร์ไทย", False),
        ("?!", "Anything", False),
        ("and", "Anything", False),
    ],
)
def test_a_topic_one_must_have_is_looked_for_word_by_word(topic: str, text: str, is_missing: bool) -> None:
    expected = ["must_have_topic_missing"] if is_missing else []
    assert pair(wishing(topic), {"description": text}) == expected
    assert pair(wishing(topic), {"outcomes": (text,)}) == expected
    assert pair(wishing(topic), {"keywords": (text,)}) == expected


def test_a_title_alone_cannot_lack_a_topic() -> None:
    assert pair(wishing("films"), {"title": "Economics", "discipline": "Economics"}) == []
    assert pair(wishing("films"), {"title": "Economics", "description": "Prices"}) == ["must_have_topic_missing"]
    assert pair(wishing("films"), {"title": "Film studies", "description": "Prices"}) == []


def test_the_side_that_misses_its_topic_is_named() -> None:
    a = make_profile(title="Cinema", **wishing("film"))
    b = make_profile(title="Trade", keywords=("ports",))
    for reason in (*check(a, b, ANY_REGION), *check(b, a, ANY_REGION)):
        assert english(reason) == "The course “Cinema” must have “film”, which “Trade” does not mention."


@pytest.mark.parametrize(
    ("tools", "blocked", "other_tools", "other_blocked", "expected"),
    [
        (("zoom",), (), ("zoom",), (), []),
        (("zoom",), (), ("voov",), (), []),
        (("zoom",), ("voov",), ("voov",), ("zoom",), ["no_common_tool"]),
        (("zoom",), (), ("voov",), ("zoom",), []),
        (("zoom", "moodle"), ("voov",), ("voov",), ("zoom",), []),
        (("Google Meet",), (), ("google_meet",), ("google meet",), ["no_common_tool"]),
        (("our own wiki",), ("voov",), ("voov",), ("Our  own wiki",), ["no_common_tool"]),
        (("zoom",), (), (), ("zoom",), []),
        ((), ("zoom",), (), ("zoom",), []),
    ],
)
def test_tools_forbid_when_every_tool_of_both_is_blocked(
    tools: tuple[str, ...],
    blocked: tuple[str, ...],
    other_tools: tuple[str, ...],
    other_blocked: tuple[str, ...],
    expected: list[str],
) -> None:
    a = {"tools": tools, "blocked_tools": blocked}
    assert pair(a, {"tools": other_tools, "blocked_tools": other_blocked}) == expected


def test_every_rule_that_forbids_a_pair_gives_its_reason() -> None:
    everything = {
        "institution": "Keio",
        "starts_on": date(2026, 10, 5),
        "ends_on": date(2026, 10, 9),
        "capacity": 0,
        "description": "Ports",
    }
    a = make_profile(id="a", exchange_languages={"ja": None}, **wishing("film"), **everything)
    b = make_profile(id="b", exchange_languages={"en": None}, **everything)
    reasons = check(a, b, RuleSettings(tried=frozenset({frozenset({"a", "b"})})))
    assert [reason.code for reason in reasons] == [
        "same_institution",
        "same_region",
        "too_few_shared_weeks",
        "no_common_language",
        "no_capacity",
        "no_capacity",
        "already_tried",
        "must_have_topic_missing",
    ]
    assert all(reason.kind == "not" and english(reason) for reason in reasons)


def test_nobody_can_be_judged() -> None:
    assert permitted([], [make_profile()]).shape == (0, 1)
    assert permitted([make_profile()], []).shape == (1, 0)


rules = st.builds(
    RuleSettings,
    st.booleans(),
    st.integers(0, 12),
    st.frozensets(st.frozensets(st.sampled_from("abcdefgh"), min_size=2, max_size=2), max_size=6),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(profiles(), max_size=5), st.lists(profiles(), max_size=5), rules)
def test_all_pairs_at_once_are_judged_like_each_pair(
    left: list[CourseProfile], right: list[CourseProfile], rules: RuleSettings
) -> None:
    allowed, by_code = permitted(left, right, rules), forbidden_by(left, right, rules)
    rows, columns = (positions.ravel() for positions in np.indices(allowed.shape))
    listed = prepare_rules(left, right, rules).permitted(Pairs.listed(rows, columns))
    np.testing.assert_array_equal(listed, allowed.ravel())
    assert allowed.shape == (len(left), len(right))
    np.testing.assert_array_equal(allowed, permitted(right, left, rules).T)
    for i, a in enumerate(left):
        for j, b in enumerate(right):
            found = check(a, b, rules)
            assert {reason.code for reason in found} == {code for code in by_code if by_code[code][i, j]}
            assert sorted(r.code for r in found) == sorted(r.code for r in check(b, a, rules))
            assert allowed[i, j] == (not found)
            assert all(REASONS[reason.code].placeholders == reason.params.keys() for reason in found)


FACTS: tuple[tuple[str, ...], ...] = (
    ("description", "outcomes", "keywords"),
    ("exchange_languages",),
    ("starts_on",),
    ("ends_on", "breaks"),
    ("time_zone", "slots"),
    ("tools",),
    ("blocked_tools",),
    ("wishes",),
    ("capacity",),
    ("level", "mode", "bandwidth"),
)


@settings(max_examples=60, deadline=None)
@given(profiles(), profiles(), st.sampled_from(FACTS), rules)
def test_what_is_unknown_never_forbids(
    a: CourseProfile, b: CourseProfile, names: tuple[str, ...], rules: RuleSettings
) -> None:
    nothing = make_profile()
    forgotten = replace(a, **{name: getattr(nothing, name) for name in names})
    assert {r.code for r in check(forgotten, b, rules)} <= {r.code for r in check(a, b, rules)}
