"""Evaluation on partnerships that really took place."""

from pathlib import Path

import numpy as np
import pytest

from matcher.evaluation import PairsError, evaluate, ranks_of_partners, read_pairs
from matcher.rules import RuleSettings
from tests.matcher.making import make_profile
from tests.matcher.real_pairs import profile_line, real_pairs, real_profiles, real_rows

ANYWHERE = RuleSettings(opposite_regions=False)
FOUR = [make_profile(id=name, title=f"Title {name}") for name in "abcd"]


def table(rows: list[list[float]]):
    return lambda _: np.array(rows, dtype=float)


def test_real_partners_are_found_better_than_by_text_alone() -> None:
    figures = evaluate(real_profiles(), real_pairs(), ANYWHERE)
    assert figures.n == 192
    # The bars: TF-IDF reaches 0.34 and 0.58, the centred embedding 0.40 and 0.68.
    assert figures.mrr >= 0.50
    assert figures.hit_at_10 >= 0.77
    assert figures.hit_at_1 <= figures.hit_at_5 <= figures.hit_at_10


def test_the_order_of_profiles_and_pairs_does_not_matter() -> None:
    turned = [(b, a) for a, b in real_pairs()][::-1]
    assert evaluate(real_profiles()[::-1], turned, ANYWHERE) == evaluate(real_profiles(), real_pairs(), ANYWHERE)


def test_the_best_ranked_of_several_partners_counts() -> None:
    scores = table([[9, 1, 2, 3], [1, 9, 8, 8], [2, 8, 9, 8], [3, 8, 8, 9]])
    ranks = ranks_of_partners(FOUR, [("a", "b"), ("a", "d")], scores, ANYWHERE)
    assert ranks["a"] == 1


def test_equal_scores_share_the_mean_of_their_ranks() -> None:
    ranks = ranks_of_partners(FOUR, [("a", "b")], table([[1] * 4] * 4), ANYWHERE)
    assert ranks == {"a": 2, "b": 2}


def test_a_partner_the_rules_forbid_is_not_found() -> None:
    pair = [make_profile(id="a", institution="One"), make_profile(id="b", institution="one"), make_profile(id="c")]
    ranks = ranks_of_partners(pair, [("a", "b")], table([[1] * 3] * 3), ANYWHERE)
    assert ranks == {"a": None, "b": None}
    assert evaluate(pair, [("a", "b")], ANYWHERE).mrr == 0


def test_without_any_region_only_the_opposite_region_is_searched() -> None:
    profiles = [
        make_profile(id="asia", country="JP"),
        make_profile(id="other asia", country="KR"),
        make_profile(id="europe", country="FR"),
    ]
    ranks = ranks_of_partners(profiles, [("asia", "europe")], table([[0, 1, 9], [1, 0, 9], [9, 9, 0]]))
    assert ranks["asia"] == 1
    assert ranks["europe"] == 2


@pytest.mark.parametrize(
    ("pairs", "problem"),
    [([("a", "x")], "pair 1: no profile has the id x"), ([("a", "a")], "itself"), ([], "no pair")],
)
def test_pairs_that_do_not_belong_to_the_profiles_are_named(pairs, problem: str) -> None:
    with pytest.raises(PairsError, match=problem):
        evaluate(FOUR, pairs, ANYWHERE)


def test_pairs_are_read_with_any_further_columns(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text("note,a,b\nfirst,p1, p2\n", encoding="utf-8")
    assert read_pairs(path) == [("p1", "p2")]


@pytest.mark.parametrize(
    ("text", "problem"),
    [("a,c\n1,2\n", "column b missing"), ("", "a and b missing"), ("a,b\n1,\n", "line 2"), ("a,b\n1\n", "line 2")],
)
def test_a_broken_file_of_pairs_is_explained(tmp_path: Path, text: str, problem: str) -> None:
    path = tmp_path / "pairs.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PairsError, match=problem):
        read_pairs(path)


def test_a_file_of_pairs_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "pairs.csv"
    path.write_bytes("a,b\né,è\n".encode("latin-1"))
    with pytest.raises(PairsError, match="UTF-8"):
        read_pairs(path)


def test_classes_of_one_project_are_partners_of_one_another() -> None:
    in_groups = {row["id"] for row in real_rows() if row["group"]}
    pairs_in_groups = [pair for pair in real_pairs() if pair[0][:-1] in in_groups]
    assert len(real_rows()) == 96
    assert len(real_pairs()) - len(pairs_in_groups) == 96 - len(in_groups)
    assert len(pairs_in_groups) > len(in_groups)


def test_a_side_without_details_still_makes_a_profile() -> None:
    line = profile_line({"country": "JP", "level": "other", "institution": ""}, "x")
    assert line == {"id": "x", "institution": "Unknown institution x", "country": "JP", "title": "Course"}
