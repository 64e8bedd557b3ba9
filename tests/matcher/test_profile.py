import json
import pickle
from datetime import date, time
from typing import Any

import pytest
from hypothesis import given, settings

from matcher.profile import (
    Bandwidth,
    CourseProfile,
    Level,
    Mode,
    ProfileError,
    Region,
    Slot,
    Wishes,
)
from tests.matcher.making import profiles

REQUIRED = {"id": "x1", "institution": "Keio University", "country": "JP", "title": "Marketing"}

FULL: dict[str, Any] = REQUIRED | {
    "discipline": "Marketing",
    "description": "Marketing in the Japanese setting.",
    "outcomes": ["compare two markets"],
    "keywords": ["marketing", "Japan"],
    "isced_f": "0414",
    "level": "bachelor",
    "eqf": 6,
    "students": 30,
    "exchange_languages": {"en": "B2", "ja": None},
    "native_languages": ["ja"],
    "learning_languages": ["fr"],
    "starts_on": "2026-09-21",
    "ends_on": "2027-01-22",
    "breaks": [{"from": "2026-12-24", "to": "2027-01-06"}],
    "time_zone": "Asia/Tokyo",
    "slots": [{"weekday": "mon", "start": "09:00", "end": "10:30"}],
    "weeks_wanted": 6,
    "mode": "mixed",
    "tools": ["zoom", "our own wiki"],
    "blocked_tools": ["whatsapp"],
    "bandwidth": "medium",
    "sdgs": [4, 12],
    "skills": ["U2.3", "patience"],
    "capacity": 2,
    "wishes": {
        "regions": ["europe"],
        "countries": ["AT", "FR"],
        "disciplines": ["0414", "tourism"],
        "must_have_topic": "marketing",
    },
}


def read(**changes: Any) -> CourseProfile:
    return CourseProfile.from_dict(REQUIRED | changes)


def problem_with(**changes: Any) -> str:
    with pytest.raises(ProfileError) as caught:
        read(**changes)
    (problem,) = caught.value.problems
    return str(problem)


def test_every_field_is_read() -> None:
    profile = CourseProfile.from_dict(FULL)
    assert profile.level is Level.BACHELOR
    assert profile.mode is Mode.MIXED
    assert profile.bandwidth is Bandwidth.MEDIUM
    assert profile.region is Region.ASIA
    assert profile.exchange_languages == {"en": "B2", "ja": None}
    assert profile.starts_on == date(2026, 9, 21)
    assert profile.breaks == ((date(2026, 12, 24), date(2027, 1, 6)),)
    assert profile.slots == (Slot(0, time(9), time(10, 30)),)
    assert profile.wishes == Wishes(("europe",), ("AT", "FR"), ("0414", "tourism"), "marketing")
    assert profile.to_dict() == FULL


def test_only_four_fields_are_required() -> None:
    assert read().to_dict() == REQUIRED | {"capacity": 1}
    with pytest.raises(ProfileError) as caught:
        CourseProfile.from_dict({})
    assert [str(problem) for problem in caught.value.problems] == [
        "id: is required",
        "institution: is required",
        "country: is required",
        "title: is required",
    ]


@pytest.mark.parametrize("nothing", [None, "", "  ", [], {}])
@pytest.mark.parametrize("name", sorted(set(FULL) - set(REQUIRED)))
def test_an_empty_field_is_unknown_and_no_error(name: str, nothing: object) -> None:
    assert read(**{name: nothing}) == read()


def test_all_problems_are_found_at_once() -> None:
    wrong = {"level": "other", "students": 0, "sdgs": [4, 18], "wishes": {"region": "europe"}, "colour": "red"}
    with pytest.raises(ProfileError) as caught:
        CourseProfile.from_dict({"id": "x"} | wrong)
    found = [problem.field for problem in caught.value.problems]
    assert found == [
        "colour", "level", "institution", "country", "title", "students", "sdgs[1]", "wishes.region"
    ]  # fmt: skip


def test_an_unknown_level_names_the_known_ones() -> None:
    assert problem_with(level="other") == (
        "level: must be one of secondary, tvet, bachelor, master, doctoral, lifelong; not 'other'"
    )


def test_a_level_is_taken_from_eqf_only_when_none_is_given() -> None:
    assert read(eqf=7).level is Level.MASTER
    assert read(eqf=7, level="lifelong").level is Level.LIFELONG
    assert read(level="Bachelor").eqf is None


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("id", {"a": 1}, "id: must be a text"),
        ("title", 7, "title: must be a text"),
        ("title", "\ud800", "title: contains half a character"),
        ("country", "Japan", "alpha-2"),
        ("country", "UK", "write GB for the United Kingdom"),
        ("country", "JPN", "alpha-2"),
        ("country", 1, "country: must be a text"),
        ("outcomes", "many", "outcomes: must be a list"),
        ("keywords", ["a", 3], "keywords[1]: must be a text"),
        ("keywords", ["a", " "], "keywords[1]: must not be empty"),
        ("isced_f", "9", "isced_f: '9' is not an ISCED-F code"),
        ("isced_f", "0612x", "is not an ISCED-F code"),
        ("isced_f", 613, "must be a text, so that no leading zero is lost"),
        ("eqf", 9, "eqf: must be from 1 to 8"),
        ("eqf", True, "eqf: must be a whole number"),
        ("students", "30", "students: must be a whole number"),
        ("students", 30.5, "students: must be a whole number"),
        ("students", float("nan"), "students: must be a whole number"),
        ("students", -1, "students: must be from 1"),
        ("exchange_languages", ["English"], "must be a language code"),
        ("exchange_languages", ["xx"], "is not the code of a language"),
        ("exchange_languages", {"en": "fluent"}, "must be one of A1, A2, B1, B2, C1, C2"),
        ("exchange_languages", "en", "must be a list such as"),
        ("native_languages", "ja", "native_languages: must be a list"),
        ("starts_on", "01/09/2026", "must be a date such as"),
        ("starts_on", "2026-02-30", "must be a date such as"),
        ("starts_on", "2026-W10-1", "must be a date such as"),
        ("breaks", [["2026-12-24"]], "breaks[0]: must be"),
        ("breaks", [["2026-12-24", "2026-12-01"]], "breaks[0]: must not end before it starts"),
        ("time_zone", "Tokyo", "must be an IANA time zone"),
        ("time_zone", "../../etc/passwd", "must be an IANA time zone"),
        ("slots", [{"weekday": "mon", "start": "22:00", "end": "01:00"}], "lesson across midnight as two slots"),
        ("slots", [{"weekday": "mon", "start": "09:00", "end": "09:00"}], "must end after it starts"),
        ("slots", [{"weekday": "mon", "start": "9h", "end": "10:00"}], "must be a time such as 09:30"),
        ("slots", [{"weekday": "noday", "start": "09:00", "end": "10:00"}], "weekday must be one of mon"),
        ("slots", [{"weekday": 7, "start": "09:00", "end": "10:00"}], "weekday must be one of mon"),
        ("slots", [{"day": "mon", "start": "09:00", "end": "10:00"}], "slots[0]: must be"),
        ("weeks_wanted", 0, "weeks_wanted: must be from 1 to 52"),
        ("mode", "hybrid", "mode: must be one of synchronous, asynchronous, mixed"),
        ("bandwidth", "fast", "bandwidth: must be one of low, medium, high"),
        ("sdgs", [0], "sdgs[0]: must be from 1 to 17"),
        ("capacity", -1, "capacity: must be from 0"),
        ("wishes", ["europe"], "wishes: must be an object"),
        ("wishes", {"regions": ["africa"]}, "wishes.regions[0]: must be one of asia, europe"),
        ("wishes", {"countries": ["England"]}, "wishes.countries[0]: must be an ISO 3166-1"),
        ("webpage", "https://example.org", "webpage: unknown field; the fields are id, institution"),
    ],
)
def test_a_wrong_value_is_said_to_be_wrong(name: str, value: object, message: str) -> None:
    assert message in problem_with(**{name: value})


def test_a_course_cannot_end_before_it_starts_or_last_four_years() -> None:
    assert "ends_on: must not be before starts_on" in problem_with(starts_on="2027-01-08", ends_on="2026-10-01")
    assert "more than three years" in problem_with(starts_on="2027-01-08", ends_on="2072-02-01")


def test_spellings_of_one_thing_become_one() -> None:
    profile = read(
        country="jp",
        exchange_languages=["EN-gb", "tl", "jpn"],
        native_languages=["nb", "nn"],
        tools=["MS Teams", "Microsoft Teams", "Our  Wiki"],
        skills=["Teamwork", "u2.3"],
        slots=[
            {"weekday": "Tuesday", "start": "9:00", "end": "10:00"},
            {"weekday": 6, "start": "08:00", "end": "09:00"},
        ],
        breaks=[["2026-12-24", "2027-01-06"]],
        students=30.0,
        id=17,
    )
    assert profile.country == "JP"
    assert profile.exchange_languages == {"en": None, "fil": None, "ja": None}
    assert profile.native_languages == ("no",)
    assert profile.tools == ("teams", "our wiki")
    assert profile.skills == ("U2.3",)
    assert [slot.weekday for slot in profile.slots] == [1, 6]
    assert profile.breaks == ((date(2026, 12, 24), date(2027, 1, 6)),)
    assert (profile.students, profile.id) == (30, "17")


def test_a_time_zone_is_never_guessed_from_the_country() -> None:
    assert read(country="JP").time_zone is None


def test_a_slot_cannot_cross_midnight() -> None:
    with pytest.raises(ValueError, match="across midnight"):
        Slot(0, time(23), time(1))
    with pytest.raises(ValueError, match="weekday"):
        Slot(7, time(8), time(9))


def test_a_profile_can_be_hashed_and_sent_to_another_process() -> None:
    profile = CourseProfile.from_dict(FULL)
    assert hash(profile) == hash(CourseProfile.from_dict(FULL))
    assert pickle.loads(pickle.dumps(profile)) == profile


@settings(max_examples=60, deadline=None)
@given(profiles())
def test_a_profile_survives_being_written_and_read(profile: CourseProfile) -> None:
    assert CourseProfile.from_dict(json.loads(json.dumps(profile.to_dict()))) == profile
