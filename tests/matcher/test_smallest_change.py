"""The smallest change that would bring a course a partner: made, it does; and it is small."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher import smallest_change
from matcher.changes import MOST_TOGETHER, double_changes, single_changes
from matcher.fields import Mode, Slot, Wishes
from matcher.market import Decisions
from matcher.pair_caps import PairCap
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import CourseProfile
from matcher.smallest_change import Helped, Looked, smallest_changes
from tests.matcher.making import make_profile
from tests.matcher.test_properties_of_rounds import SCORER, Round, rounds

SPRING = {"starts_on": date(2027, 2, 15), "ends_on": date(2027, 5, 28)}


def matcher(**options: object) -> PartnerMatcher:
    return PartnerMatcher(scorer=SCORER, **({"min_score": 0.0} | options))  # type: ignore[arg-type]


def left_out(its: PartnerMatcher, profiles: Sequence[CourseProfile], decisions: Decisions | None = None) -> list[str]:
    return [one.profile_id for one in its.propose(profiles, decisions).left_out]


def found_for(profiles: Sequence[CourseProfile], decisions: Decisions | None = None) -> dict[str, Helped]:
    its = matcher()
    return dict(smallest_changes(its, profiles, left_out(its, profiles, decisions), decisions).found)


def made(profiles: Sequence[CourseProfile], helped: Helped) -> list[CourseProfile]:
    changed = helped.change.profile
    return [changed if one.id == changed.id else one for one in profiles]


def codes(helped: Helped) -> list[str]:
    return [step.code for step in helped.change.steps]


def two(asian: dict[str, object], european: dict[str, object]) -> list[CourseProfile]:
    return [
        make_profile(id="a", country="JP", **(SPRING | asian)),
        make_profile(id="b", country="FR", **(SPRING | european)),
    ]


@settings(max_examples=60, deadline=None)
@given(rounds(most=4, others=()), st.sampled_from((0.0, 0.5, 1.0)), st.booleans())
def test_a_course_that_makes_its_change_has_a_partner(its: Round, balance: float, keeps_floor: bool) -> None:
    engine = its.matcher(balance, min_score=0.35 if keeps_floor else 0.0)
    without = left_out(engine, its.profiles)
    for course_id, helped in smallest_changes(engine, its.profiles, without).found.items():
        assert course_id in without
        assert course_id not in left_out(engine, made(its.profiles, helped))


@settings(max_examples=20, deadline=None)
@given(rounds(most=4, others=()), st.randoms(use_true_random=False))
def test_the_order_of_courses_makes_no_difference(its: Round, random: object) -> None:
    engine = its.matcher()
    shuffled = list(its.profiles)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    without = left_out(engine, its.profiles)
    assert smallest_changes(engine, shuffled, without[::-1]) == smallest_changes(engine, its.profiles, without)


@pytest.mark.parametrize(
    ("asian", "european", "steps"),
    [
        ({"ends_on": date(2027, 3, 5)}, {}, ["ends_later"]),
        ({"starts_on": date(2027, 5, 10)}, {}, ["starts_earlier"]),
        ({"exchange_languages": {"en": "C1"}}, {"exchange_languages": {"en": "A2"}}, ["language_level"]),
        ({"exchange_languages": {"ja": None}}, {"exchange_languages": {"fr": None}}, ["language_added"]),
        ({"tools": ("zoom",), "blocked_tools": ("zoom",)}, {"tools": ("padlet",), "blocked_tools": ("padlet",)}, []),
        (
            {"wishes": Wishes(must_have_topic="volcanoes")},
            {"description": "How towns and harbours of the north sell themselves to guests and to investors."},
            ["must_have_dropped"],
        ),
    ],
)
def test_each_rule_has_the_change_that_meets_it(
    asian: dict[str, object], european: dict[str, object], steps: list[str]
) -> None:
    profiles = two(asian, european)
    assert left_out(matcher(), profiles) == ["a", "b"]
    found = found_for(profiles)
    assert [codes(found["a"])] == [steps] if steps else "a" not in found
    if steps:
        assert left_out(matcher(), made(profiles, found["a"])) == []


def test_no_smaller_change_would_do() -> None:
    profiles = two({"ends_on": date(2027, 2, 26)}, {})
    helped = found_for(profiles)["a"]
    assert dict(helped.change.steps[0].params) == {"weeks": 2, "on": "2027-03-12"}
    one_week = replace(profiles[0], ends_on=date(2027, 3, 5))
    assert left_out(matcher(), [one_week, profiles[1]]) == ["a", "b"]


def test_two_changes_are_tried_where_one_is_not_enough() -> None:
    profiles = two(
        {"ends_on": date(2027, 3, 5), "exchange_languages": {"en": "C1"}}, {"exchange_languages": {"en": "A2"}}
    )
    helped = found_for(profiles)["a"]
    assert sorted(codes(helped)) == ["ends_later", "language_level"]
    assert helped.change.cost == sum(1 for _ in helped.change.steps)
    assert left_out(matcher(), made(profiles, helped)) == []


def test_no_course_begins_before_the_first_day_that_is_left() -> None:
    profiles = two({"starts_on": date(2027, 5, 10), "ends_on": date(2027, 5, 28)}, {})
    its, without = matcher(), ["a", "b"]
    free = smallest_changes(its, profiles, without).found
    held = smallest_changes(its, profiles, without, earliest=date(2027, 5, 10)).found
    assert codes(free["a"]) == ["starts_earlier"]
    assert "a" not in held


def test_what_a_coordinator_forbids_and_a_full_cap_are_no_way_out() -> None:
    profiles = two({"ends_on": date(2027, 3, 5)}, {})
    assert "a" in found_for(profiles)
    assert found_for(profiles, Decisions(forbidden=frozenset({("a", "b")}))) == {}
    full = Decisions(caps=(PairCap(frozenset({"a"}), frozenset({"b"}), 0),))
    assert found_for(profiles, full) == {}


def test_courses_that_have_a_partner_or_offer_no_place_are_passed_over() -> None:
    profiles = two({}, {})
    assert smallest_changes(matcher(), profiles, ["a", "b", "nobody"]) == Looked()
    assert found_for(two({"capacity": 0, "ends_on": date(2027, 3, 5)}, {})).keys() == set()
    assert smallest_changes(matcher(), profiles[:1], ["a"]) == Looked()


@pytest.mark.parametrize("bound", ["MOST_SOLVED", "MOST_ARCS", "MOST_PAIRS"])
def test_a_course_beyond_the_bounds_counts_as_not_looked_for(monkeypatch: pytest.MonkeyPatch, bound: str) -> None:
    profiles = two({"ends_on": date(2027, 3, 5)}, {})
    its = matcher()
    assert smallest_changes(its, profiles, ["a", "b"]).unsought == frozenset()
    monkeypatch.setattr(smallest_change, bound, 0)
    looked = smallest_changes(its, profiles, ["a", "b"])
    assert dict(looked.found) == {}
    assert looked.unsought == {"a", "b"}


def test_the_first_courses_are_looked_at_as_far_as_the_bound_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    late = {**SPRING, "starts_on": date(2027, 5, 10)}
    profiles = [
        *(make_profile(id=its, country="JP", **late) for its in ("a1", "a2", "a3")),
        *(make_profile(id=its, country="FR", **SPRING) for its in ("b1", "b2", "b3")),
    ]
    its, without = matcher(), ["a3", "a1", "a2"]
    assert smallest_changes(its, profiles, without).found.keys() == {"a1", "a2", "a3"}
    monkeypatch.setattr(smallest_change, "MOST_SOLVED", 2)
    looked = smallest_changes(its, profiles, without)
    assert (looked.found.keys(), looked.unsought) == ({"a1", "a2"}, {"a3"})


def test_changes_read_in_parts_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    late = {**SPRING, "starts_on": date(2027, 5, 10)}
    profiles = [
        *(make_profile(id=its, country="JP", **late) for its in ("a1", "a2")),
        *(make_profile(id=its, country="FR", **SPRING) for its in ("b1", "b2", "b3")),
    ]
    at_once, told = found_for(profiles), []
    monkeypatch.setattr(smallest_change, "_CHANGES_AT_ONCE", 1)
    monkeypatch.setattr(smallest_change, "_PAIRS_AT_ONCE", 1)
    engine = matcher()
    in_parts = smallest_changes(
        engine, profiles, left_out(engine, profiles), done=lambda done, of: told.append((done, of))
    )
    assert dict(in_parts.found) == at_once != {}
    assert told[:2] == [(1, 2), (2, 2)]


def test_single_changes_come_by_trouble_and_change_one_thing_each() -> None:
    course = make_profile(
        **SPRING,
        exchange_languages={"en": "B2"},
        mode=Mode.SYNCHRONOUS,
        time_zone="Asia/Tokyo",
        slots=(Slot(0, time(9), time(10)),),
        tools=("zoom",),
        wishes=Wishes(countries=("FR",), must_have_topic="rivers"),
    )
    other = make_profile(country="FR", exchange_languages={"fr": "C2"}, tools=("padlet",))
    singles = single_changes(course, [other], None)
    assert [one.cost for one in singles] == sorted(one.cost for one in singles)
    for one in singles:
        differs = [name for name in vars(course) if getattr(course, name) != getattr(one.profile, name)]
        assert len(differs) == 1, one.steps
    added = next(one for one in singles if one.steps[0].code == "language_added")
    assert added.profile.exchange_languages == {"en": "B2", "fr": "B2"}
    for pair in double_changes(singles):
        differs = [name for name in vars(course) if getattr(course, name) != getattr(pair.profile, name)]
        both_are_wishes = {step.code for step in pair.steps} == {"must_have_dropped", "wishes_dropped"}
        assert len(differs) == (1 if both_are_wishes else 2)
        assert pair.cost <= MOST_TOGETHER
