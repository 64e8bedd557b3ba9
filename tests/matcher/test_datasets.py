"""Invented profiles are valid, reproducible and of a realistic mix."""

from collections import Counter
from datetime import datetime, timedelta
from itertools import product
from statistics import mean
from zoneinfo import ZoneInfo

import pytest

from matcher.dataset_tables import phrases, sentences, subjects
from matcher.datasets import make_profiles
from matcher.profile import CourseProfile, Region
from matcher.rules import RuleSettings, permitted
from matcher.vocabulary.asem import REGIONS

LANGUAGES = ("en", "ja", "fr", "de", "id", "vi", "ko", "zh", "es")


@pytest.fixture(scope="module")
def market() -> list[CourseProfile]:
    return make_profiles(4000, seed=1)


@pytest.fixture(scope="module")
def full(market) -> list[CourseProfile]:
    return [profile for profile in market if profile.description]


def test_invented_profiles_pass_every_check_of_a_real_file():
    for profile in make_profiles(1000, seed=3):
        assert CourseProfile.from_dict(profile.to_dict()) == profile


def test_the_same_seed_gives_the_same_profiles_and_fewer_are_the_first_of_more():
    assert make_profiles(30, seed=5) == make_profiles(50, seed=5)[:30]
    assert make_profiles(30, seed=5) != make_profiles(30, seed=6)


def test_no_profiles_are_an_empty_list():
    assert make_profiles(0) == []


def test_every_second_profile_is_asian_and_every_id_is_its_own(market):
    assert [profile.region for profile in market[:6]] == [Region.ASIA, Region.EUROPE] * 3
    assert len({profile.id for profile in market}) == len(market)
    assert Counter(profile.region for profile in market) == {Region.ASIA: 2000, Region.EUROPE: 2000}


def test_europe_offers_about_twice_the_places(market):
    offered = {region: sum(p.capacity for p in market if p.region is region) for region in Region}
    assert 1.7 < offered[Region.EUROPE] / offered[Region.ASIA] < 2.3


def test_every_country_of_asem_is_there_and_large_ones_more_often(market):
    counts = Counter(profile.country for profile in market)
    # Hong Kong and Macao count with China.
    assert set(counts) == set(REGIONS) - {"HK", "MO"}
    assert counts["JP"] > 5 * counts["BN"]


def test_a_third_of_the_profiles_is_thin(market, full):
    assert 0.28 < 1 - len(full) / len(market) < 0.40


def test_some_institutions_are_hubs(market):
    sizes = [size for _, size in Counter(profile.institution for profile in market).most_common()]
    assert sizes[0] > 20 * sizes[len(sizes) // 2]
    assert sizes[-1] == 1


def test_terms_zone_and_holidays_belong_to_the_institution(full):
    hub, _ = Counter(profile.institution for profile in full).most_common(1)[0]
    courses = [profile for profile in full if profile.institution == hub]
    assert len({profile.time_zone for profile in courses}) == 1
    assert len({profile.starts_on for profile in courses}) == 2
    assert all(profile.starts_on.weekday() == 0 and profile.ends_on.weekday() == 4 for profile in courses)


def test_breaks_lie_within_the_course_and_many_courses_have_one(full):
    assert all(p.starts_on <= first <= last <= p.ends_on for p in full for first, last in p.breaks)
    assert 0.4 < mean(bool(p.breaks) for p in full) < 0.95


def test_zones_of_half_and_quarter_hours_and_of_southern_summers_are_there(full):
    def offset(zone: str, month: int) -> timedelta:
        shift = datetime(2027, month, 15, tzinfo=ZoneInfo(zone)).utcoffset()
        assert shift is not None
        return shift

    zones = {profile.time_zone for profile in full}
    minutes = {offset(zone, 1).seconds // 60 % 60 for zone in zones}
    assert {0, 30, 45} == minutes
    assert any(offset(zone, 1) > offset(zone, 7) for zone in zones)


def test_most_descriptions_differ(full):
    shown = [profile.description for profile in full[:1300]]
    assert len(set(shown)) > 0.9 * len(shown)


def test_courses_describe_themselves_in_many_languages(full):
    opened = {
        language: {sentence.partition("{")[0] for sentence in sentences(language, "activity")} for language in LANGUAGES
    }
    found = Counter(
        language for p, (language, own) in product(full, opened.items()) if any(text in p.description for text in own)
    )
    assert set(found) == set(LANGUAGES)
    assert 0.1 < 1 - found["en"] / len(full) < 0.35


def test_language_classes_find_tandem_partners(full):
    learners = Counter((p.region, p.native_languages[0], *p.learning_languages) for p in full if p.learning_languages)
    tandems = {
        (native, learnt)
        for region, native, learnt in learners
        if region is Region.ASIA and learners[Region.EUROPE, learnt, native]
    }
    assert {("ja", "fr"), ("ja", "de"), ("zh", "en")} <= tandems
    assert not any(set(p.learning_languages) & set(p.native_languages) for p in full)


def test_nobody_lists_a_tool_that_is_blocked_and_some_tools_are(full):
    assert not any(set(p.tools) & set(p.blocked_tools) for p in full)
    assert {p.country for p in full if p.blocked_tools} >= {"CN", "RU"}


def test_wishes_are_rare_and_some_are_conditions(full):
    assert 0.1 < mean(bool(p.wishes.countries or p.wishes.disciplines) for p in full) < 0.3
    assert 0.01 < mean(bool(p.wishes.must_have_topic) for p in full) < 0.06


def test_most_pairs_are_permitted_and_many_are_not(market):
    asian, european = market[0:600:2], market[1:600:2]
    assert 0.5 < permitted(asian, european, RuleSettings()).mean() < 0.9


def test_texts_are_made_of_listed_phrases_and_every_subject_has_them_in_every_language():
    known = set(phrases())
    for subject in subjects():
        assert set(subject.names) == set(LANGUAGES)
        for topics in subject.topics.values():
            assert len(topics) >= 3
            assert known >= set(topics)
    assert all("{a}" in text and "{b}" in text for language in LANGUAGES for text in sentences(language, "content"))
