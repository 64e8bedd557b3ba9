"""The wish for a partner's field of education: the same, a neighbouring or a complementary one."""

import pytest

from matcher.complementarity import delivered_counts
from matcher.criteria_wishes import field_wish_met
from matcher.embedders import HashedNgrams
from matcher.explanation import Explanation
from matcher.profile import CourseProfile, ProfileError
from matcher.reasons import REASONS, Reason
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder
from tests.matcher.making import make_profile

SCORER = CompatibilityScorer(encoder=TextEncoder(HashedNgrams()))


def course(field: str | None, wish: str | None = None, **wishes: object) -> CourseProfile:
    number = make_profile().id
    values = {"id": number, "institution": f"University {number}", "country": "JP", "title": "Marketing"}
    return CourseProfile.from_dict({**values, "isced_f": field, "wishes": {"field": wish, **wishes}})


def wishes_of(explained: Explanation) -> tuple[float | None, float]:
    share = next(one for one in explained.shares if one.criterion == "wishes")
    return share.value, share.confidence


def codes_of(explained: Explanation) -> list[str]:
    return [reason.code for reason in explained.reasons if reason.criterion == "wishes"]


@pytest.mark.parametrize(
    ("wish", "own", "other", "is_met"),
    [
        ("same", "0613", "0613", True),
        ("same", "0613", "0612", True),
        ("same", "061", "0610", True),
        ("same", "0311", "0321", False),
        ("same", "0613", "0913", False),
        ("same", "06", "0613", None),
        ("same", "06", "0913", False),
        ("adjacent", "0311", "0321", True),
        ("adjacent", "0311", "0312", False),
        ("adjacent", "0311", "0311", False),
        ("adjacent", "03", "0311", None),
        ("adjacent", "0311", "0411", False),
        ("complementary", "0521", "0715", True),
        ("complementary", "05", "07", True),
        ("complementary", "0521", "0522", False),
        ("complementary", "0521", "0521", False),
        ("complementary", "0521", "0215", False),
        ("complementary", "05", "0521", False),
        ("any", "0521", "0521", None),
        (None, "0521", "0521", None),
    ],
)
def test_the_wish_is_met_by_the_place_of_both_fields_in_the_list(
    wish: str | None, own: str, other: str, is_met: bool | None
) -> None:
    assert field_wish_met(course(own, wish), course(other)) is is_met


@pytest.mark.parametrize("wish", ["same", "adjacent", "complementary"])
@pytest.mark.parametrize(("own", "other"), [(None, "0613"), ("0613", None), (None, None), ("9999", "9999")])
def test_an_unknown_field_is_not_judged_and_never_agreement(wish: str, own: str | None, other: str | None) -> None:
    wishing, partner = course(own, wish), course(other)
    assert field_wish_met(wishing, partner) is None
    explained = SCORER.explain(wishing, partner)
    assert wishes_of(explained) == (None, 0)
    assert codes_of(explained) == []


def test_a_wish_that_cannot_be_judged_leaves_the_others_as_they_are() -> None:
    plain, choosy = course(None, None, countries=["FR"]), course(None, "same", countries=["FR"])
    for partner in (make_profile(country="FR"), make_profile(country="DE")):
        assert wishes_of(SCORER.explain(choosy, partner)) == wishes_of(SCORER.explain(plain, partner))


def test_the_wishes_of_both_sides_count_alike_whichever_stands_first() -> None:
    a, b = course("0521", "complementary"), course("0715", "same")
    there, back = SCORER.explain(a, b), SCORER.explain(b, a)
    assert wishes_of(there) == wishes_of(back) == (0.5, 1)
    assert codes_of(there) == codes_of(back) == ["wishes_field_complementary", "wishes_field_unmet"]


def test_what_complements_a_field_is_read_off_the_counted_partnerships() -> None:
    seen, expected = delivered_counts()
    environment, services = 5, 7
    assert seen[environment, services] > expected[environment, services]


def test_each_wish_has_a_sentence_that_names_who_wishes() -> None:
    for wish, other in (("same", "0521"), ("adjacent", "0511"), ("complementary", "0715")):
        wishing = course("0521", wish)
        found = SCORER.explain(wishing, course(other))
        (reason,) = [one for one in found.reasons if one.criterion == "wishes"]
        assert (reason.code, reason.kind) == (f"wishes_field_{wish}", "fits")
        assert reason.params == {"titles": [f"Marketing ({wishing.institution})"]}
        assert REASONS[reason.code].placeholders == {"titles"}


def test_a_field_wish_is_written_and_read_back_and_a_slip_is_named() -> None:
    wishing = course("0521", "adjacent")
    assert wishing.to_dict()["wishes"] == {"field": "adjacent"}
    assert CourseProfile.from_dict(wishing.to_dict()) == wishing
    assert "field" not in make_profile().to_dict().get("wishes", {})
    with pytest.raises(ProfileError, match=r"wishes\.field"):
        course("0521", "similar")


def test_reasons_stored_before_there_was_such_a_wish_still_read() -> None:
    stored = {"kind": "fits", "criterion": "wishes", "code": "wishes_met", "params": {"titles": ["Rivers (Hanoi)"]}}
    assert REASONS[Reason.from_dict(stored).code].placeholders == {"titles"}
