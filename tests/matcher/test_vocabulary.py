from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.vocabulary.asem import COUNTRIES, REGIONS, Region, country_name, region_name, region_of
from matcher.vocabulary.cefr import CEFR_LEVELS, cefr_level, cefr_steps, levels_meet
from matcher.vocabulary.isced import (
    FIELDS,
    STANDARD_FIELDS,
    field_code,
    field_name,
    field_nearness,
    field_nearness_matrix,
)
from matcher.vocabulary.languages import LANGUAGES, language_name, primary_language
from matcher.vocabulary.levels import (
    EQF_LEVELS,
    LEVEL_OF_EQF,
    Level,
    level_name,
    level_nearness,
    level_nearness_matrix,
)
from matcher.vocabulary.sdg import GOAL_TITLES, GOALS, goal_name
from matcher.vocabulary.skills import SKILLS, skill_id, skill_name
from matcher.vocabulary.tools import TOOLS, commonly_blocked, tool_id, tool_name

codes = st.sampled_from(sorted(FIELDS))


def test_asem_has_51_countries_and_two_regions_of_china_s_cities() -> None:
    assert Counter(REGIONS.values()) == {Region.EUROPE: 30, Region.ASIA: 21 + len(("HK", "MO"))}
    assert region_of("HK") == region_of("MO") == region_of("CN") == Region.ASIA
    assert region_of("AU") == region_of("RU") == region_of("KZ") == Region.ASIA
    assert region_of("CH") == region_of("GB") == Region.EUROPE


@pytest.mark.parametrize("country", ["TW", "US", "TR", "TL", "UA", "BR", "XK", "jp", "", "ZZ"])
def test_other_countries_have_no_region(country: str) -> None:
    assert region_of(country) is None


def test_countries_are_those_of_iso_3166_and_kosovo() -> None:
    assert len(COUNTRIES) == 249 + 1
    assert country_name("KR") == "South Korea"
    assert country_name("ZZ") == "ZZ"
    assert region_name("asia") == "Asia"


def test_isced_f_has_120_standard_fields() -> None:
    assert Counter(map(len, STANDARD_FIELDS)) == {2: 11, 3: 29, 4: 80}
    assert all(code[:-1] in FIELDS for code in FIELDS if len(code) > 2)
    assert field_name("0413") == "Management and administration"
    assert field_name("none") == "none"


@pytest.mark.parametrize("text", ["4", "041x", "12", "04130", "", "Arts"])
def test_what_is_no_isced_code_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an ISCED-F code"):
        field_code(text)


@pytest.mark.parametrize(
    ("a", "b", "nearness"),
    [
        ("0413", "0413", 1.0),
        ("041", "041", 0.85),
        ("04", "04", 0.7),
        ("0413", "0414", 0.7),
        ("0413", "0421", 0.4),
        ("041", "042", 0.4),
        ("041", "0421", 0.4),
        ("041", "0413", 0.85),
        ("04", "0413", 0.7),
        ("04", "041", 0.7),
        ("0410", "041", 0.85),
        ("0410", "0413", 0.85),
        ("0400", "04", 0.7),
        ("0419", "0413", 0.7),
        ("0488", "0413", 0.4),
        ("0413", "0613", 0.0),
        ("00", "01", 0.0),
        ("0011", "0021", 0.4),
    ],
)
def test_fields_are_near_by_what_they_share(a: str, b: str, nearness: float) -> None:
    assert field_nearness(a, b) == pytest.approx(nearness)
    assert field_nearness(b, a) == pytest.approx(nearness)


@given(st.lists(codes, min_size=1, max_size=6), st.lists(codes, min_size=1, max_size=6))
def test_all_pairs_of_fields_are_compared_like_each_pair(left: list[str], right: list[str]) -> None:
    matrix = field_nearness_matrix(left, right)
    np.testing.assert_array_equal(matrix, field_nearness_matrix(right, left).T)
    np.testing.assert_array_equal(matrix, [[field_nearness(a, b) for b in right] for a in left])
    known = matrix[~np.isnan(matrix)]
    assert ((known >= 0) & (known <= 1)).all()


@given(codes.filter(lambda code: not code.startswith("99")))
def test_no_field_is_nearer_than_the_same_one(code: str) -> None:
    nearest = np.nanmax(field_nearness_matrix([code], sorted(FIELDS)))
    assert nearest == field_nearness(code, code) >= 0.7


def test_an_unknown_field_is_near_to_nothing_known() -> None:
    matrix = field_nearness_matrix([None, "99", "9999", "01"], ["01", None])
    assert np.isnan(matrix).tolist() == [[True, True]] * 3 + [[False, True]]
    assert field_nearness_matrix([], ["01"]).shape == (0, 1)


def test_every_eqf_level_has_a_level_that_covers_it() -> None:
    assert sorted(LEVEL_OF_EQF) == list(range(1, 9))
    for eqf in range(3, 9):
        assert eqf in EQF_LEVELS[LEVEL_OF_EQF[eqf]]
    assert set(EQF_LEVELS) == set(Level)


@pytest.mark.parametrize(
    ("a", "b", "nearness"),
    [
        (Level.SECONDARY, Level.TVET, 0.8),
        (Level.TVET, Level.BACHELOR, 0.7),
        (Level.BACHELOR, Level.MASTER, 0.7),
        (Level.SECONDARY, Level.BACHELOR, 0.4),
        (Level.BACHELOR, Level.DOCTORAL, 0.4),
        (Level.SECONDARY, Level.MASTER, 0.15),
        (Level.SECONDARY, Level.DOCTORAL, 0.0),
        (Level.LIFELONG, Level.DOCTORAL, 0.6),
        (Level.LIFELONG, Level.LIFELONG, 1.0),
    ],
)
def test_levels_are_near_by_the_eqf_levels_between_them(a: Level, b: Level, nearness: float) -> None:
    assert level_nearness(a, b) == level_nearness(b, a) == nearness


def test_all_pairs_of_levels_are_compared_like_each_pair() -> None:
    matrix = level_nearness_matrix([*Level, None], list(Level))
    np.testing.assert_array_equal(matrix[:-1], [[level_nearness(a, b) for b in Level] for a in Level])
    assert np.isnan(matrix[-1]).all()
    assert len({level_name(level) for level in Level}) == len(Level)


def test_cefr_levels_are_in_order() -> None:
    assert cefr_level(" b2") == "B2"
    assert [cefr_steps("A1", level) for level in CEFR_LEVELS] == [0, 1, 2, 3, 4, 5]
    assert levels_meet("B1", "C1")
    assert not levels_meet("C2", "B1")
    assert levels_meet(None, "A1")
    with pytest.raises(ValueError, match="must be one of A1"):
        cefr_level("B3")


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"),
        ("zh-Hant-HK", "zh"),
        ("cmn", "zh"),
        ("tl", "fil"),
        ("nn", "no"),
        ("ENG", "en"),
        ("iw", "he"),
        ("haw", "haw"),
        ("pt_BR", "pt"),
    ],
)
def test_a_language_has_one_code(tag: str, code: str) -> None:
    assert primary_language(tag) == code
    assert primary_language(code) == code


@pytest.mark.parametrize("tag", ["xx", "English", "e", "", "en-", "日本語"])
def test_what_is_no_language_is_refused(tag: str) -> None:
    with pytest.raises(ValueError, match="language"):
        primary_language(tag)


def test_languages_have_english_names() -> None:
    assert language_name("fil") == "Filipino"
    assert language_name("haw") == "haw"
    assert all(primary_language(code) == code for code in LANGUAGES)


def test_there_are_17_goals() -> None:
    assert list(GOALS) == list(GOAL_TITLES) == list(range(1, 18))
    assert goal_name(4) == "SDG 4 Quality education"


def test_a_skill_is_known_by_id_and_by_name() -> None:
    assert len([skill for skill in SKILLS if skill.startswith("D")]) == 5 + 21
    assert len([skill for skill in SKILLS if skill.startswith("U") and "." not in skill]) == 6
    for skill, name in SKILLS.items():
        assert skill_id(skill.lower()) == skill
        assert skill_id(name.upper()) == skill
        assert skill_name(skill) == name
    assert skill_id("  patience  with others ") == "patience with others"
    assert skill_name("patience") == "patience"


def test_a_tool_is_known_by_any_of_its_names() -> None:
    for tool in TOOLS.values():
        assert tool_id(tool.tool_id) == tool_id(tool.name.upper()) == tool.tool_id
        assert tool_name(tool.tool_id) == tool.name
        assert set(tool.blocked_in) <= COUNTRIES.keys()
        assert tool.confidence in ("high", "medium", "low")
    assert tool_id("Google-Drive") == "google_docs"
    assert tool_id("Weixin") == "wechat"
    assert tool_id("Our  own Wiki") == tool_id("our own wiki") == "our own wiki"
    assert tool_name("our own wiki") == "our own wiki"


def test_no_two_tools_share_a_name() -> None:
    names = [tool.name for tool in TOOLS.values()]
    assert len(set(names)) == len(names)
    assert [tool_id(tool) for tool in TOOLS] == list(TOOLS)


def test_tools_commonly_blocked_are_suggested_by_country() -> None:
    assert TOOLS["google_docs"] in commonly_blocked("CN")
    assert TOOLS["wechat"] in commonly_blocked("IN")
    assert commonly_blocked("FR") == ()
