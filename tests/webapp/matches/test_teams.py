"""Mixed teams of at most six with both sides in each, and the tools both can use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.webapp.matches.conftest import Scene
from webapp.matches import teams
from webapp.matches.teams import MOST_IN_A_TEAM, Mix


@pytest.mark.parametrize(
    ("n_a", "n_b", "mixes"),
    [
        (24, 10, {Mix(2, 4, 1), Mix(4, 4, 2)}),
        (10, 24, {Mix(4, 2, 4), Mix(2, 1, 4)}),
        (12, 12, {Mix(4, 3, 3)}),
        (3, 3, {Mix(1, 3, 3)}),
        (40, 8, {Mix(8, 5, 1)}),
        (1, 1, {Mix(1, 1, 1)}),
    ],
)
def test_two_classes_are_divided_into_the_fewest_teams(n_a: int, n_b: int, mixes: set[Mix]) -> None:
    assert set(teams.mix(n_a, n_b)) == mixes


@given(st.integers(1, 500), st.integers(1, 500))
def test_everybody_has_a_team_with_both_sides_and_none_is_too_large(n_a: int, n_b: int) -> None:
    n_a, n_b = min(n_a, 5 * n_b), min(n_b, 5 * n_a)
    found = teams.mix(n_a, n_b)
    assert sum(each.n_teams * each.n_a for each in found) == n_a
    assert sum(each.n_teams * each.n_b for each in found) == n_b
    sizes = [each.n_a + each.n_b for each in found]
    assert max(sizes) <= MOST_IN_A_TEAM
    assert max(sizes) - min(sizes) <= 1
    assert all(each.n_a and each.n_b for each in found)


def of(scene: Scene, n_a: int | None, n_b: int | None) -> teams.Teams:
    scene.match.course_a.students, scene.match.course_b.students = n_a, n_b
    return teams.of(scene.match.course_a, scene.match.course_b)


def test_24_and_10_make_six_teams_and_the_lonely_are_seen(scene: Scene) -> None:
    found = of(scene, 24, 10)
    assert found.words == "6 mixed teams of at most six students, with both sides in each:"
    assert set(found.mixes) == {
        "4 teams with 4 from Hanoi University and 2 from University of Lisbon",
        "2 teams with 4 from Hanoi University and 1 from University of Lisbon",
    }
    assert found.advice == (
        "In some teams one student of “Rivers and cities” would be alone. With 20 students of “Urban water”, or in"
        " several rounds, there are 5 teams with two from one side and four from the other.",
    )


def test_classes_far_apart_take_turns(scene: Scene) -> None:
    found = of(scene, 18, 450)
    assert found.words.startswith("18 mixed teams")
    assert found.mixes == ("18 teams with 1 from Hanoi University and 5 from University of Lisbon",)
    assert "the 450 students of “Rivers and cities” take turns in 5 rounds" in found.advice[0]


def test_equal_classes_need_no_advice_and_ranges_are_counted_from_below(scene: Scene) -> None:
    assert of(scene, 20, 20).advice == ()
    scene.match.course_b.students_most = 28
    assert of(scene, 20, 20).advice == ("Counted with the smallest number each class expects.",)


def test_without_numbers_only_the_rule_is_said(scene: Scene) -> None:
    for sizes in ((None, 20), (20, None), (None, None)):
        found = of(scene, *sizes)
        assert found.words.startswith("Mixed teams of four to six students")
        assert found.mixes == found.advice == ()


def tools(scene: Scene, a: list[str], b: list[str], blocked_b: tuple[str, ...] = (), live: bool = True) -> list[str]:
    one, other = scene.match.course_a, scene.match.course_b
    one.tools, other.tools, other.blocked_tools = a, b, list(blocked_b)
    return list(teams.tool_words(one, other, needs_meeting=live))


def test_common_tools_are_named_and_blocked_ones_never(scene: Scene) -> None:
    assert tools(scene, ["teams", "padlet", "whatsapp"], ["MS Teams", "whatsapp"], ("whatsapp",)) == [
        "Both can use: Microsoft Teams.",
        "Do not plan with what is blocked on one side: WhatsApp.",
    ]


def test_a_missing_meeting_tool_is_said_when_calls_are_planned(scene: Scene) -> None:
    said = tools(scene, ["padlet"], ["padlet"])
    assert said[1].startswith("A tool for video meetings is not among them")
    assert tools(scene, ["padlet"], ["padlet"], live=False) == ["Both can use: Padlet."]


def test_without_a_common_tool_the_offers_of_both_are_named(scene: Scene) -> None:
    assert tools(scene, ["zoom", "email"], ["wechat"], ("zoom",)) == [
        "No tool is named by both, so agree on one first; email reaches everybody meanwhile.",
        "Named by one side and not blocked on the other: WeChat.",
        "Do not plan with what is blocked on one side: Zoom.",
    ]
    assert tools(scene, [], []) == ["At least one side names no tools, so ask what its students can use."]
