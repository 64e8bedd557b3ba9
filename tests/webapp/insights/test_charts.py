"""Bars are as long as their numbers, and what is not shown has no length."""

import pytest
from flask import Flask

from webapp.insights.charts import MOST_ROWS, chart, shortened
from webapp.insights.tables import Figure, Row, count, overlapping, parts
from webapp.insights.world_map import draw


def test_the_longest_bar_is_the_largest_number_and_others_are_in_proportion(context: Flask) -> None:
    with context.test_request_context():
        drawn = chart(parts("origin", [("round", 40), ("asia", 10), ("europe", 20)], count(70)))
    assert drawn is not None
    widths = [group.bars[0].width for group in drawn.groups]
    assert widths == [62.0, 15.5, 31.0]
    assert [group.bars[0].side for group in drawn.groups] == ["plain", "asia", "europe"]
    assert drawn.description == "A matching round: 40; A lecturer in Asia: 10; A lecturer in Europe: 20"


def test_those_that_are_not_shown_have_one_bar_together(context: Flask) -> None:
    with context.test_request_context():
        drawn = chart(parts("origin", [("round", 40), ("asia", 3), ("europe", 20)], count(63)))
    assert drawn is not None
    assert [(group.label, group.bars[0].words) for group in drawn.groups] == [
        ("A matching round", "40"),
        ("Others", "23"),
    ]
    assert drawn.description == "A matching round: 40; Others: 23"


def test_a_number_that_is_not_shown_has_no_bar_but_words(context: Flask) -> None:
    with context.test_request_context():
        drawn = chart(overlapping("languages", [("en", 40), ("fr", 8), ("de", 3)], count(40)))
    assert drawn is not None
    assert [(bar.width, bar.words) for group in drawn.groups for bar in group.bars if bar.is_hidden] == [
        (0.0, "fewer than 5")
    ]


def test_the_others_have_a_bar_however_many_rows_there_are(context: Flask) -> None:
    rows = [*(Row(str(goal % 17 + 1), (count(50 - goal),)) for goal in range(30)), Row("others", (count(9),))]
    with context.test_request_context():
        drawn = chart(Figure("goals", ("matches",), tuple(rows), count(900)))
    assert drawn is not None
    assert len(drawn.groups) == MOST_ROWS + 1
    assert drawn.groups[-1].label == "Others"


def test_without_a_number_to_show_there_is_no_chart(context: Flask) -> None:
    with context.test_request_context():
        assert chart(parts("origin", [("round", 2), ("asia", 0), ("europe", 0)], count(2))) is None
        assert chart(parts("ended", [], count(0))) is None


def test_long_labels_are_cut_to_the_room_of_a_phone() -> None:
    assert shortened("Education") == "Education"
    assert shortened("Natural sciences, mathematics and statistics").endswith("…")
    assert len(shortened("農業、林業、水産業および獣医学に関する分野の教育プログラム")) <= 20


def test_arcs_are_wider_and_dots_larger_for_more_and_others_have_none(context: Flask) -> None:
    rows = (
        Row("VN+PT", (count(30),)),
        Row("JP+FR", (count(10),)),
        Row("others", (count(10),)),
    )
    places = tuple(Row(code, (count(n),)) for code, n in (("VN", 36), ("JP", 9), ("others-asia", 5), ("PT", 50)))
    countries = Figure("countries", ("matches",), places, count(50))
    with context.test_request_context():
        world = draw(Figure("pairs", ("matches",), rows, count(50)), countries)
    assert [(arc.words, arc.width) for arc in world.arcs] == [
        ("Japan and France: 10", 4.0),
        ("Vietnam and Portugal: 30", 9.0),
    ]
    assert [(dot.words, dot.side) for dot in world.dots] == [
        ("Portugal: 50", "europe"), ("Vietnam: 36", "asia"), ("Japan: 9", "asia"),
    ]  # fmt: skip
    assert [dot.radius**2 / world.dots[0].radius ** 2 for dot in world.dots] == pytest.approx([1, 0.72, 0.18], abs=0.01)
    assert world.words == (
        "Countries with the most partnerships: Portugal: 50; Vietnam: 36; Japan: 9."
        " 2 pairs of countries have an arc; the most partnerships: Vietnam and Portugal: 30; Japan and France: 10."
        " The table has all. Other pairs have no arc; together they have this many partnerships: 10."
    )
    assert {shape.side for shape in world.shapes} == {"asia", "europe", "none"}
