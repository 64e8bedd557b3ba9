"""The dial as it is read from what a round keeps: points, groups, changes; and pages of a large market at once."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.rounds import dial_market
from webapp.access import Role
from webapp.db import db
from webapp.profiles.models import CourseProfile, CourseState
from webapp.rounds import dial, dial_picture, dial_words, wording
from webapp.rounds.dial import Dial

CROWDED, EVEN = [(1, 4), (2, 4), (3, 5)], [(1, 4), (2, 6), (3, 5)]


def a_dial(present: float = 0.0) -> Dial:
    """A dial whose second half gives a French course its partner."""
    kept = dial_market.frontier(
        {n / 20: EVEN if n >= 10 else CROWDED for n in range(21)},
        present,
        {n / 20: 2.0 - 0.1 * n / 20 for n in range(21)},
    )
    found = dial.read(kept)
    assert found is not None
    return found


def test_rounds_of_former_times_and_rounds_without_pairs_have_no_dial() -> None:
    assert dial.read(None) is None
    assert dial.read({}) is None
    assert dial.read({"points": [{"n_pairs": 0}]}) is None


def test_a_present_position_between_two_steps_can_be_looked_at_and_is_no_step() -> None:
    kept = dial_market.frontier(
        {n / 20: CROWDED for n in range(21)} | {0.33: EVEN}, 0.33, {n / 20: 2.0 for n in range(21)} | {0.33: 1.9}
    )
    found = dial.read(kept)
    assert found is not None
    assert found.at(None) is found.present
    assert found.at("0.33") is found.present
    assert found.at("0.34").balance == 0.35
    assert 0.33 not in found.positions


def test_changes_are_counted_against_the_present_point() -> None:
    found = a_dial()
    changed = found.changed(found.at("1"))
    assert changed.gains == {6: (0, 1)}
    assert changed.losses == {4: (2, 1)}
    groups = found.changed_groups(found.at("1"), "country")
    assert [(one.country, one.before, one.given) for one in groups] == [("FR", 0, 1), ("PT", 3, 2)]
    assert found.changed(found.present).gains == {}


def test_the_least_served_have_the_smallest_part_of_their_share_and_none_is_served_fully() -> None:
    found = a_dial()
    assert [(one.country, one.given) for one in found.least_served(found.present, "country")] == [("FR", 0)]
    assert found.least_served(found.at("1"), "institution") == []


@pytest.mark.parametrize(
    ("quality", "gain_a", "gain_b", "said"),
    [
        (0.9, 0.0, 0.5, ["10% less fit, 50 more of 100 European courses have a partner."]),
        (0.9, 0.5, 0.0, ["10% less fit, 50 more of 100 Asian courses have a partner."]),
        (1.1, 0.0, -0.5, ["10% more fit, 50 fewer of 100 European courses have a partner."]),
        (1.1, -0.5, 0.0, ["10% more fit, 50 fewer of 100 Asian courses have a partner."]),
        (1.0, 0.0, 0.0, ["The total fit stays the same."]),
        (0.9, 0.0, 0.0, ["10% less fit."]),
        (1.1, 0.2, -0.3, ["10% more fit.", "20 more of 100 Asian courses have a partner.",
                          "30 fewer of 100 European courses have a partner."]),
        (1.0, -0.2, 0.3, ["The total fit stays the same.", "20 fewer of 100 Asian courses have a partner.",
                          "30 more of 100 European courses have a partner."]),
    ],
)  # fmt: skip
def test_what_a_position_changes_is_said_in_sentences(
    context: Flask, quality: float, gain_a: float, gain_b: float, said: list[str]
) -> None:
    before = a_dial().present
    coverage = {"a": before.coverage["a"] + gain_a, "b": before.coverage["b"] + gain_b}
    after = dial.Point(**(vars(before) | {"quality": before.quality * quality, "coverage": coverage}))
    with context.test_request_context():
        assert dial_words.compared(after, before) == said


def test_the_dial_and_the_round_give_the_same_gain(context: Flask) -> None:
    found = a_dial()
    # 54.4% and 65.8%: rounded one by one they would differ by 12.
    before, after = (
        dial.Point(**(vars(found.present) | {"coverage": {"a": 0.5, "b": share}, "quality": quality}))
        for share, quality in ((0.544, 2.0), (0.658, 1.9))
    )
    figures = {
        "balance": 0.5, "n_pairs_at_zero": 3, "price": 0.05, "coverage_a": 0.5, "coverage_a_at_zero": 0.5,
        "coverage_b": 0.658, "coverage_b_at_zero": 0.544,
    }  # fmt: skip
    with context.test_request_context():
        (by_dial,) = dial_words.compared(after, before)
        (by_round,) = wording.balance_sentences(figures)
    assert by_round == f"Balance: {by_dial}"
    assert "11 more of 100 European courses" in by_dial


def test_the_picture_keeps_inside_its_field_and_rises_to_the_left(context: Flask) -> None:
    found = a_dial(0.5)
    with context.test_request_context():
        picture = dial_picture.draw(found, found.at("1"))
    assert all(dial_picture.LEFT <= mark.x <= dial_picture.LEFT + dial_picture.WIDTH for mark in picture.marks)
    assert all(dial_picture.TOP <= mark.y <= dial_picture.TOP + dial_picture.HEIGHT for mark in picture.marks)
    assert [mark.y for mark in picture.marks] == sorted(mark.y for mark in picture.marks)
    assert [mark.x for mark in picture.marks] == sorted(mark.x for mark in picture.marks)
    assert picture.upward[0].label == "100%"
    assert not picture.is_same


@pytest.mark.parametrize("evened", [0.0, 0.3, 0.5, 0.9, 1.0])
@pytest.mark.parametrize("kept", [1.0, 0.97, 0.6, 0.5])
@pytest.mark.parametrize(("aside", "below"), [(0.0, 0.0), (0.02, 0.01), (-0.1, 0.03), (0.2, -0.05), (0.4, 0.2)])
def test_the_words_in_the_picture_cover_no_mark_no_axis_and_not_each_other(
    context: Flask, evened: float, kept: float, aside: float, below: float
) -> None:
    found = a_dial()
    lowest = dial.Point(**(vars(found.present) | {"price": 0.5, "evened": 1.0}))
    present = dial.Point(**(vars(found.present) | {"price": 1 - kept, "evened": evened}))
    near = {"price": min(max(1 - kept + below, 0.0), 0.5), "evened": min(max(evened + aside, 0.0), 1.0)}
    chosen = dial.Point(**(vars(found.present) | near | {"balance": 0.7}))
    market = Dial(**(vars(found) | {"points": [found.points[0], present, chosen, lowest], "present": present}))
    with context.test_request_context():
        picture = dial_picture.draw(market, chosen)
    both = ((picture.present, picture.present_word), (picture.chosen, picture.chosen_word))
    # A letter is some 8 pixels wide, "this round" 10 letters, and the picture of a phone 300 pixels.
    words = [(mark.x - 27 if word.is_left else mark.x, word.y) for mark, word in both]
    for x, y in words:
        assert dial_picture.LEFT <= x <= 100 - 27
        assert 12 <= y <= dial_picture.TOP + dial_picture.HEIGHT - 4
        for mark, _word in both:
            assert mark.x < x - 3 or x + 27 + 3 < mark.x or not y - 12 - 12 < mark.y < y + 4 + 12
    (x_a, y_a), (x_b, y_b) = words
    assert abs(x_a - x_b) >= 27 or abs(y_a - y_b) >= 16


def test_fewer_positions_and_an_unproven_gap_are_said(context: Flask) -> None:
    found = a_dial()
    kept = Dial(**(vars(found) | {"positions": [0.0, 0.25, 0.5, 0.75, 1.0], "n_candidates": 400_000, "gap": 0.004}))
    with context.test_request_context():
        assert dial_words.basis(kept)[1:] == [
            "Each position is at most 0.4% below the best there is.",
            "This market is large (400,000 possible pairs): the dial has 5 positions instead of 21.",
        ]
        assert dial_words.basis(found)[1:] == ["Each position is proven to be the best there is."]


def test_of_a_thousand_courses_a_side_the_first_are_named_and_all_are_counted(
    app: Flask, sign_in: Callable[[int], FlaskClient]
) -> None:
    n = 1000
    with app.app_context():
        lecturers = [
            factories.user(f"{country}@example.org", at=factories.institution(f"University of {country}", country))
            for country in ("VN", "PT")
        ]
        rows = [
            CourseProfile(
                lecturer=lecturer, institution=lecturer.institution, title=f"Course {at}", state=CourseState.OPEN,
                created_at=factories.AT, updated_at=factories.AT,
            )
            for lecturer in lecturers
            for at in range(n)
        ]  # fmt: skip
        db.session.add_all(rows)
        db.session.flush()
        ids = [row.id for row in rows]
        # Every step moves all partners on by one.
        pairs = {step / 20: [(ids[at], ids[n + (at + step) % n]) for at in range(n - step)] for step in range(21)}
        kept = dial_market.frontier(pairs, 0.0, {step / 20: 700.0 - step for step in range(21)})
        round_id = factories.round_(frontier=kept, balance=0.0).id
        coordinator = factories.user("coordinator@asem.example", Role.COORDINATOR).id
        db.session.commit()
    client = sign_in(coordinator)
    page = client.get(f"/rounds/{round_id}/dial?at=1").text
    assert "40 courses lose partners" in page
    assert "All 40 courses" in page
