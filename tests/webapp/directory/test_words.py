"""Exact words, in every script."""

import numpy as np

from matcher.profile import CourseProfile
from webapp.directory.entries import Entry
from webapp.directory.words import Ragged, Words


def words(*titles: str, text: str = "") -> Words:
    """The words of courses with these titles."""
    profiles = [
        CourseProfile(str(n), "Kyoto University", "JP", title, description=text) for n, title in enumerate(titles)
    ]
    return Words.of([Entry(n, 1, 1, 0.0, None, "京都", its) for n, its in enumerate(profiles)])


def test_rare_words_count_more_and_all_words_give_one() -> None:
    share, in_title = words("Urban water", "Urban planning", "Urban art", "Physics").find("urban water")
    assert share[0] == 1
    assert 0 < share[1] == share[2] < 0.5
    assert share[3] == 0
    assert in_title.tolist() == [True, False, False, False]


def test_plural_case_and_accents_make_no_difference() -> None:
    assert words("Littérature des villes").find("LITTERATURE")[1].all()
    assert words("Rivers").find("river")[1].all()


def test_words_are_found_inside_scripts_without_spaces() -> None:
    share, in_title = words("環境と観光の社会学", "物理学").find("観光")
    assert (share.tolist(), in_title.tolist()) == ([1, 0], [True, False])


def test_institution_and_city_are_found_but_are_no_title() -> None:
    share, in_title = words("Physics").find("Kyoto")
    assert (share.tolist(), in_title.tolist()) == ([1], [False])
    assert words("Physics").find("京都")[0].tolist() == [1]


def test_small_words_alone_find_nothing() -> None:
    share, in_title = words("The art of the city").find("of the")
    assert not share.any()
    assert not in_title.any()


def test_lists_are_joined_and_taken_course_by_course() -> None:
    rows = [frozenset({"a", "b"}), frozenset[str](), frozenset({"b"}), frozenset({"c"})]
    joined = Ragged.of(rows[:2]).joined(Ragged.of(rows[2:]))
    assert joined.holds("b").tolist() == [True, False, True, False]
    taken = joined.taken(np.array([3, 1, 0]))
    assert [taken.holds(stem).tolist() for stem in "abc"] == [
        [False, False, True], [False, False, True], [True, False, False]
    ]  # fmt: skip


def test_no_courses_have_no_words() -> None:
    assert words().find("water")[0].shape == (0,)
