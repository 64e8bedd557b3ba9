"""Failure modes from the field: words inside other words, and topics that one must have."""

from __future__ import annotations

from typing import Any

import pytest

from matcher.criteria_wishes import wishes_met
from matcher.embedders import HashedNgrams
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import CourseProfile, Wishes
from matcher.rules import RuleSettings, check, permitted
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder, similarity
from tests.matcher.making import make_profile

ENCODER = TextEncoder(HashedNgrams())
# Wanted, what merely holds the same letters, and what is really meant.
INSIDE_OTHER_WORDS = [
    ("AI", "Retail and trade", "AI in business"),
    ("law", "Lawn and garden care", "Law and society"),
    ("art", "Artificial intelligence", "History of art"),
    ("car", "Care of the elderly", "Car design"),
    ("Java", "Javanese dance and music", "Programming in Java"),
    ("port", "Sports management", "Ports and shipping"),
    ("history of art", "History of artificial intelligence", "Art history"),
    ("nurse", "Nursery gardening", "Nurses and patients"),
]
# The same in scripts that write no spaces between words, or add particles to them: those are looked for inside.
PARTS_OF_A_TEXT = [
    ("AI", "AIと社会", True),
    ("AI", "AI와 사회", True),
    ("人工知能", "社会における人工知能の役割", True),
    ("문화", "한국 문화를 배우는 수업", True),
    ("경영", "국제경영학", True),
    ("音楽", "アジアの映画研究", False),
    ("문학", "한국 문화를 배우는 수업", False),
]


def wish_is_met(wanted: str, other: CourseProfile) -> bool:
    """Ask for one discipline, pair by pair and in tables, from either side."""
    wishing = make_profile(wishes=Wishes(disciplines=(wanted,)))
    (_, _, met) = wishes_met(wishing, other)
    scorer = CompatibilityScorer({"wishes": 1.0}, ENCODER)
    # A crowd of wishes beside this one: each is judged by itself.
    crowd = [make_profile(wishes=Wishes(disciplines=(word, wanted))) for word, _, _ in INSIDE_OTHER_WORDS]
    table = scorer.score([wishing, *crowd], [other, make_profile(title="?")])
    mirrored = scorer.score([other, make_profile(title="?")], [wishing, *crowd])
    assert table.values[table.criteria.index("wishes"), 0, 0] == met
    assert mirrored.values[table.criteria.index("wishes"), 0, 0] == met
    return met is True


@pytest.mark.parametrize(("wanted", "letters", "meant"), INSIDE_OTHER_WORDS)
def test_a_wish_for_a_discipline_is_met_by_whole_words_only(wanted: str, letters: str, meant: str) -> None:
    assert not wish_is_met(wanted, make_profile(title=letters))
    assert not wish_is_met(wanted, make_profile(title="Course 101", discipline=letters))
    assert wish_is_met(wanted, make_profile(title=meant))
    assert wish_is_met(wanted, make_profile(title="Course 101", discipline=meant))


@pytest.mark.parametrize(("wanted", "text", "is_there"), PARTS_OF_A_TEXT)
def test_scripts_without_spaces_are_searched_inside(wanted: str, text: str, is_there: bool) -> None:
    assert wish_is_met(wanted, make_profile(title=text)) == is_there
    wanting, other = make_profile(wishes=Wishes(must_have_topic=wanted)), make_profile(description=text)
    rules = RuleSettings(opposite_regions=False)
    assert (check(wanting, other, rules) == ()) == is_there
    assert permitted([wanting], [other], rules)[0, 0] == is_there


def test_one_of_several_disciplines_is_enough_and_all_its_words_are_needed() -> None:
    computing = make_profile(title="Computer science for everyone")
    for wanted, met in (
        (("law", "computer science"), True),
        (("computer games", "political science"), False),
        (("SCIENCES of the computer",), True),
    ):
        assert wishes_met(make_profile(wishes=Wishes(disciplines=wanted)), computing)[2] is met, wanted


def test_a_wish_without_a_word_is_no_wish() -> None:
    a, b = make_profile(wishes=Wishes(disciplines=("?!", "and"))), make_profile(title="Anything")
    assert wishes_met(a, b) == (None, None, None)
    scorer = CompatibilityScorer({"wishes": 1.0}, ENCODER)
    assert scorer.explain(a, b).confidence == 0
    assert scorer.explain(b, a).shares[-1].value is None


@pytest.mark.parametrize(("wanted", "letters", "meant"), INSIDE_OTHER_WORDS)
def test_a_topic_one_must_have_is_no_part_of_another_word(wanted: str, letters: str, meant: str) -> None:
    wanting = make_profile(country="JP", wishes=Wishes(must_have_topic=wanted))
    wrong, right = (make_profile(country="FR", title="Course", description=text) for text in (letters, meant))
    assert [reason.code for reason in check(wanting, wrong)] == ["must_have_topic_missing"]
    assert check(wanting, right) == ()
    assert permitted([wanting], [wrong, right]).tolist() == [[False, True]]


NURSING: dict[str, Any] = {
    "title": "Nursing of the elderly",
    "description": "Students of nursing plan the care of elderly patients at home and in hospital.",
    "isced_f": "0913",
    "students": 25,
    "exchange_languages": {"en": "B2"},
}


def test_an_essential_topic_is_never_traded_for_a_perfect_score() -> None:
    asian = [
        make_profile(id="a1", **NURSING, wishes=Wishes(must_have_topic="dementia")),
        make_profile(id="a2", **NURSING),
    ]
    # Perfect but for the topic, and poor but for the topic.
    twin = make_profile(id="b1", country="FR", **NURSING)
    treats_it = make_profile(id="b2", country="FR", title="Housing", description="Houses fit for people with dementia.")
    matcher = PartnerMatcher(balance=0.0, min_score=0.0, scorer=CompatibilityScorer(encoder=ENCODER))
    proposed = matcher.propose([*asian, twin, treats_it])
    assert {(pair.a_id, pair.b_id) for pair in proposed.pairs} == {("a1", "b2"), ("a2", "b1")}
    assert ("a1", "b1") not in {(one.profile_id, one.partner_id) for one in proposed.alternates}
    assert [one.partner_id for one in matcher.rank([*asian, twin, treats_it], "a1", top=None)] == ["b2"]
    alone = matcher.propose([asian[0], twin])
    assert alone.pairs == alone.alternates == ()
    assert {one.reason.code for one in alone.left_out} == {"left_out_must_have_topic_missing"}


@pytest.mark.parametrize(
    ("course", "letters", "meant"),
    [
        (
            ("AI", "Machines that learn: students train models that tell pictures and texts apart."),
            ("Retail", "Shops, shelves and prices: students plan the assortment of a supermarket."),
            ("Machine learning", "Neural networks and statistics: students train classifiers on open data."),
        ),
        (
            ("Law", "Contracts, courts and human rights: students argue cases before a judge."),
            ("Lawn care", "Grass, soil and mowing: students look after the football grounds of a town."),
            ("Legal studies", "Treaties and justice: students write opinions for an international tribunal."),
        ),
        (
            ("Art", "Painting and sculpture: students prepare an exhibition for a museum."),
            ("Artificial intelligence", "Neural networks and search: students program a robot that plays chess."),
            ("Visual culture", "Drawing and photography: students curate works of young painters in a gallery."),
        ),
        (
            ("Car design", "Engines, bodies and safety: students sketch a vehicle for narrow streets."),
            ("Care", "Washing, feeding, listening: students look after elderly people at home."),
            ("Automotive engineering", "Motors and chassis: students build an electric automobile."),
        ),
        (
            ("Java", "Classes, objects and tests: students write software for a web shop."),
            ("Javanese", "Speech levels and script of the island: students read poems and letters."),
            ("Object-oriented programming", "Design patterns and code reviews: students develop an app in teams."),
        ),
    ],
)
def test_texts_are_alike_by_what_they_mean_and_not_by_letters(
    course: tuple[str, str], letters: tuple[str, str], meant: tuple[str, str]
) -> None:
    encoder = TextEncoder()
    sides = encoder.transform([make_profile(title=title, description=text) for title, text in (course, letters, meant)])
    of_letters, of_meaning = similarity(sides, sides)[0, 1:]
    assert of_meaning > of_letters
