"""Two rounds side by side: what only one found comes first, then the greatest differences."""

from webapp.rounds.comparing import Figure, Found, Key, compare, figures
from webapp.rounds.models import Round


def test_pairs_of_one_round_only_come_first_then_the_greatest_differences() -> None:
    here = [Key(1, (1, 2), 0.80), Key(2, (3, 4), 0.50), Key(3, (5, 6), 0.60)]
    there = [Key(7, (3, 4), 0.62), Key(8, (5, 6), 0.60), Key(9, (7, 8), 0.40)]
    rows = compare(here, there)
    assert [(row.ids, row.found, row.difference) for row in rows] == [
        ((1, 2), Found.HERE, None),
        ((7, 8), Found.THERE, None),
        ((3, 4), Found.BOTH, -12),
        ((5, 6), Found.BOTH, 0),
    ]


def test_differences_are_those_of_the_points_that_are_shown() -> None:
    (row,) = compare([Key(1, (1, 2), 0.7049)], [Key(2, (1, 2), 0.7051)])
    assert row.difference == 70 - 71


def test_a_figure_that_one_round_does_not_know_is_left_away() -> None:
    known = Round(n_matches=3, balance=0.5, report={"quality": 2.0, "coverage_a": 1.0, "coverage_b": 0.5})
    unknown = Round(n_matches=1, balance=0.0, report={})
    assert figures(known, unknown) == [Figure("pairs", 3, 1), Figure("balance", 0.5, 0.0)]
    assert [figure.code for figure in figures(known, known)] == ["pairs", "balance", "fit", "coverage_a", "coverage_b"]
