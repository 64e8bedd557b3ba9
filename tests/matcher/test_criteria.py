"""Soft criteria, one by one."""

from datetime import date, time
from typing import Any

import pytest

from matcher.criteria import CRITERIA
from matcher.criteria_means import usable_tools
from matcher.criteria_wishes import wishes_met
from matcher.embedders import HashedNgrams
from matcher.pairs import Pairs
from matcher.profile import Bandwidth, CourseProfile, Level, Mode, Slot, Wishes
from matcher.text import TextEncoder
from tests.matcher.making import make_profile

ENCODER = TextEncoder(HashedNgrams())
SENTENCES = TextEncoder()
# Value and confidence where a side says nothing.
UNKNOWN = (0, 0)
TERM = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 5, 30)}


def compared(name: str, a: CourseProfile, b: CourseProfile, encoder: TextEncoder = ENCODER) -> tuple[float, float]:
    criterion = next(criterion for criterion in CRITERIA if criterion.name == name)
    value, confidence = criterion.prepare(encoder.transform([a]), encoder.transform([b]))(Pairs.every(1, 1))
    return float(value[0, 0]), float(confidence[0, 0])


def between(name: str, a: dict[str, Any], b: dict[str, Any]) -> tuple[float, float]:
    return compared(name, make_profile(**a), make_profile(**b))


@pytest.mark.parametrize("name", ["level", "calendar", "live_hours", "class_size", "technology", "goals", "wishes"])
def test_two_empty_fields_are_never_agreement(name: str) -> None:
    assert between(name, {}, {}) == UNKNOWN


def test_one_empty_field_is_unknown_too() -> None:
    full = {
        "level": Level.BACHELOR,
        "students": 20,
        "sdgs": (4,),
        "tools": ("zoom",),
        "time_zone": "Asia/Tokyo",
        **TERM,
    }
    for name in ("level", "calendar", "live_hours", "class_size", "technology", "goals"):
        assert between(name, full, {}) == UNKNOWN, name


def test_no_profiles_give_empty_tables() -> None:
    nobody, somebody = ENCODER.transform([]), ENCODER.transform([make_profile()])
    for criterion in CRITERIA:
        assert criterion.prepare(nobody, somebody)(Pairs.every(0, 1)).value.shape == (0, 1), criterion.name


def test_a_bare_title_is_less_certain_than_a_description() -> None:
    thin, full = make_profile(title="Soil"), make_profile(title="Soil", description="word " * 30)
    assert compared("topic", thin, thin)[1] < compared("topic", full, thin)[1] < compared("topic", full, full)[1]
    assert compared("topic", full, full)[1] == 1


def test_a_declared_field_beats_a_guessed_one() -> None:
    nurse, lawyer = make_profile(title="Nursing", isced_f="0913"), make_profile(title="Nursing", isced_f="0421")
    assert compared("field", nurse, nurse, SENTENCES) == (1, 1)
    assert compared("field", nurse, lawyer, SENTENCES) == (0, 1)
    value, confidence = compared("field", make_profile(title="Nursing"), nurse, SENTENCES)
    assert value > 0.9
    assert 0 < confidence < 1


def test_the_fallback_leaves_an_undeclared_field_open() -> None:
    assert between("field", {"title": "Nursing"}, {"title": "Nursing"}) == UNKNOWN
    assert between("field", {"isced_f": "0913"}, {"isced_f": "0913"}) == (1, 1)


def test_near_levels_fit_better_than_far_ones() -> None:
    bachelor, master, school = ({"level": level} for level in (Level.BACHELOR, Level.MASTER, Level.SECONDARY))
    assert between("level", bachelor, bachelor)[0] == 1
    assert between("level", bachelor, master)[0] > between("level", school, master)[0]


@pytest.mark.parametrize(("sizes", "expected"), [((24, 24), 1.0), ((20, 40), 0.505), ((10, 100), 0.085)])
def test_class_sizes_fit_by_their_ratio(sizes: tuple[int, int], expected: float) -> None:
    value, _ = between("class_size", {"students": sizes[0]}, {"students": sizes[1]})
    assert value == pytest.approx(expected, abs=0.005)


def test_weeks_beyond_the_minimum_count_up_to_what_is_wanted() -> None:
    long = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 6, 27)}
    four = {"starts_on": date(2027, 3, 1), "ends_on": date(2027, 3, 28)}
    assert between("calendar", long, long) == (1, 1)
    assert between("calendar", long, four)[0] == pytest.approx(1 / 5)
    assert between("calendar", {**long, "weeks_wanted": 4}, {**four, "weeks_wanted": 4})[0] == 1
    assert between("calendar", long, {"starts_on": date(2028, 3, 1), "ends_on": date(2028, 6, 1)})[0] == 0


def test_a_narrow_availability_is_not_rewarded() -> None:
    tokyo = {"time_zone": "Asia/Tokyo", **TERM}
    evening = (Slot(0, time(16), time(18)),)
    paris = {"time_zone": "Europe/Paris", **TERM, "slots": (Slot(0, time(9), time(12)),)}
    narrow, _ = between("live_hours", {**tokyo, "slots": evening}, paris)
    wide, _ = between("live_hours", {**tokyo, "slots": (*evening, Slot(0, time(18), time(20)))}, paris)
    assert narrow < wide


def test_clocks_are_moot_when_both_work_at_their_own_time() -> None:
    own_time = {"time_zone": "Asia/Tokyo", "mode": Mode.ASYNCHRONOUS, **TERM}
    assert between("live_hours", own_time, {**own_time, "time_zone": "Europe/Paris"}) == UNKNOWN
    live = {**own_time, "mode": Mode.SYNCHRONOUS}
    assert between("live_hours", live, {**own_time, "time_zone": "Europe/Paris"})[1] > 0


def test_assumed_hours_are_less_certain_than_given_ones() -> None:
    assumed = {"time_zone": "Asia/Tokyo", **TERM}
    given_hours = {**assumed, "slots": (Slot(0, time(9), time(12)),)}
    assert between("live_hours", assumed, given_hours)[1] == 0.5
    assert between("live_hours", given_hours, given_hours)[1] == 1


def test_a_blocked_tool_is_no_common_tool() -> None:
    zoom = {"tools": ("zoom",)}
    assert between("technology", zoom, {"tools": ("zoom",), "blocked_tools": ("zoom",)})[0] == 0
    assert between("technology", zoom, {"tools": ("Zoom", "padlet")})[0] == 0.5
    assert usable_tools(make_profile(tools=("Zoom", "padlet"), blocked_tools=("zoom",))) == ["padlet"]


def test_thin_bandwidth_asks_for_work_at_ones_own_time() -> None:
    thin_live = {"bandwidth": Bandwidth.LOW, "mode": Mode.SYNCHRONOUS}
    thin_own_time = {"bandwidth": Bandwidth.LOW, "mode": Mode.ASYNCHRONOUS}
    fast = {"bandwidth": Bandwidth.HIGH}
    assert (
        between("technology", thin_live, {**fast, "mode": Mode.SYNCHRONOUS})[0]
        < between("technology", thin_own_time, {**fast, "mode": Mode.ASYNCHRONOUS})[0]
    )


def test_goals_are_compared_by_the_shorter_list() -> None:
    assert between("goals", {"sdgs": (4,)}, {"sdgs": (4, 13)}) == (1, 0.5)
    assert between("goals", {"sdgs": (4, 5), "skills": ("U1",)}, {"sdgs": (4, 13), "skills": ("U2",)}) == (0.25, 1)


def test_wishes_are_judged_on_both_sides() -> None:
    wishing = {"country": "JP", "wishes": Wishes(countries=("FR",), disciplines=("nursing",))}
    assert between("wishes", wishing, {"country": "FR", "title": "Nursing care"}) == (1, 1)
    assert between("wishes", wishing, {"country": "DE", "title": "Nursing care"}) == (0.5, 1)
    turned = {"country": "DE", "title": "Law", "wishes": Wishes(regions=("asia",))}
    assert between("wishes", wishing, turned)[0] == pytest.approx(1 / 3)
    assert wishes_met(make_profile(**wishing), make_profile(country="FR")) == (None, True, False)
