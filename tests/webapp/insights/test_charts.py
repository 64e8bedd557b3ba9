"""Bars are as long as their numbers, and what is not shown has no length."""

from flask import Flask

from webapp.insights.charts import chart, shortened
from webapp.insights.suppression import Status
from webapp.insights.tables import Figure, Row, count, parts
from webapp.insights.world_map import draw


def test_the_longest_bar_is_the_largest_number_and_others_are_in_proportion(context: Flask) -> None:
    with context.test_request_context():
        drawn = chart(parts("origin", [("round", 40), ("asia", 10), ("europe", 20)], whole=70))
    assert drawn is not None
    widths = [group.bars[0].width for group in drawn.groups]
    assert widths == [62.0, 15.5, 31.0]
    assert [group.bars[0].side for group in drawn.groups] == ["plain", "asia", "europe"]
    assert drawn.description == "A matching round: 40; A lecturer in Asia: 10; A lecturer in Europe: 20"


def test_a_number_that_is_not_shown_has_no_bar_but_words(context: Flask) -> None:
    with context.test_request_context():
        drawn = chart(parts("origin", [("round", 40), ("asia", 3), ("europe", 20)], whole=63))
    assert drawn is not None
    hidden = [(group.bars[0].width, group.bars[0].words) for group in drawn.groups if group.bars[0].is_hidden]
    assert hidden == [(0.0, "fewer than 5"), (0.0, "held back")]


def test_without_a_number_to_show_there_is_no_chart(context: Flask) -> None:
    with context.test_request_context():
        assert chart(parts("origin", [("round", 2), ("asia", 0), ("europe", 0)], whole=2)) is None
        assert chart(parts("ended", [], whole=0)) is None


def test_long_labels_are_cut_to_the_room_of_a_phone() -> None:
    assert shortened("Education") == "Education"
    assert shortened("Natural sciences, mathematics and statistics").endswith("…")
    assert len(shortened("農業、林業、水産業および獣医学に関する分野の教育プログラム")) <= 20


def test_arcs_are_wider_for_more_and_small_numbers_have_none(context: Flask) -> None:
    rows = (
        Row("VN+PT", (count(30),)),
        Row("JP+FR", (count(10),)),
        Row("MN+MT", (count(3),)),
        Row("ID+GB", (count(7, Status.HELD),)),
    )
    with context.test_request_context():
        world = draw(Figure("pairs", ("matches",), rows, count(50)))
    assert [(arc.words, arc.width) for arc in world.arcs] == [
        ("Japan and France: 10", 4.0),
        ("Vietnam and Portugal: 30", 9.0),
    ]
    assert len(world.dots) == 4
    assert world.words.startswith("2 pairs of countries have an arc, of 4 that work together")
    assert {shape.side for shape in world.shapes} == {"asia", "europe", "none"}
