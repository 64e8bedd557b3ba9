"""The demonstration courses are readable, many, marked where invented, and never stale."""

import csv
import json
from datetime import date, timedelta
from pathlib import Path

import pytest

import webapp.demo
from matcher.profile import Region, read_profiles
from webapp.demo.dates import shift_to

FOLDER = Path(webapp.demo.__file__).parent
LINES = (FOLDER / "profiles.jsonl").read_text(encoding="utf-8").splitlines()
MAPPINGS = [json.loads(line) for line in LINES]


def side_file(name):
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))


def test_at_least_120_courses_of_30_countries_in_both_regions_are_read():
    profiles = read_profiles(LINES)
    assert len(profiles) >= 120
    assert len({profile.country for profile in profiles}) >= 30
    assert {profile.region for profile in profiles} == {Region.ASIA, Region.EUROPE}


def test_what_was_filled_in_is_a_field_the_course_has():
    filled_in = side_file("filled_in.json")
    assert filled_in.keys() == {mapping["id"] for mapping in MAPPINGS}
    for mapping in MAPPINGS:
        assert set(filled_in[mapping["id"]]) <= mapping.keys()
        assert "description" not in filled_in[mapping["id"]]


def test_each_course_has_an_institution_of_its_own_country_and_a_source():
    with (FOLDER / "institutions.csv").open(encoding="utf-8", newline="") as file:
        institutions = {row["institution_id"]: row for row in csv.DictReader(file)}
    ids, sources = side_file("institution_ids.json"), side_file("sources.json")
    for mapping in MAPPINGS:
        institution = institutions[ids[mapping["id"]]]
        assert institution["name"] == mapping["institution"]
        assert institution["country_iso2"] == mapping["country"]
        assert sources[mapping["id"]]


def test_thin_courses_are_among_them():
    for field in ("slots", "tools", "students", "starts_on"):
        assert 0 < sum(field not in mapping for mapping in MAPPINGS) < len(MAPPINGS) / 3


@pytest.mark.parametrize("today", [date(2026, 11, 22), date(2027, 3, 1), date(2028, 2, 29), date(2041, 7, 1)])
def test_most_courses_lie_ahead_of_any_day_and_keep_their_weekday_and_season(today):
    for before, after in zip(MAPPINGS, shift_to(MAPPINGS, today), strict=True):
        if "starts_on" in before:
            moved = date.fromisoformat(after["starts_on"]) - date.fromisoformat(before["starts_on"])
            assert moved == date.fromisoformat(after["ends_on"]) - date.fromisoformat(before["ends_on"])
            assert moved.days % 7 == 0
            assert abs((moved.days + 182) % 365.2425 - 182) < 5
            for old, new in zip(before.get("breaks", ()), after.get("breaks", ()), strict=True):
                assert date.fromisoformat(new["to"]) - date.fromisoformat(old["to"]) == moved
    starts = [date.fromisoformat(after["starts_on"]) for after in shift_to(MAPPINGS, today) if "starts_on" in after]
    assert sum(start > today for start in starts) >= 0.75 * len(starts)
    assert min(starts) < today + timedelta(days=366 + 31)


def test_the_courses_given_are_not_changed():
    before = json.dumps(MAPPINGS)
    shift_to(MAPPINGS, date(2031, 1, 1))
    assert json.dumps(MAPPINGS) == before


def test_courses_without_dates_stay_as_they_are():
    assert shift_to([{"id": "a"}], date(2031, 1, 1)) == [{"id": "a"}]
