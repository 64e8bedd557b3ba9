"""Passages both texts share: whole words found whatever case, accents and script, marked and escaped."""

import pytest
from markupsafe import Markup

from matcher.reasons import make_reason
from tests.webapp.matches.conftest import Scene
from tests.webapp.matches.samples import explanation
from webapp.matches import passages, wording
from webapp.matches.passages import LONGEST, MOST, marked, places, sentences


@pytest.mark.parametrize(
    ("sentence", "term", "found"),
    [
        ("Rivers of the Mekong: a river, riverside.", "river", ["river"]),
        ("La qualité de l'eau à l'École.", "qualite", ["qualité"]),
        ("La qualite\u0301 compte.", "qualite", ["qualite\u0301"]),
        ("WATER   quality, and water-quality.", "water quality", ["WATER   quality", "water-quality"]),
        ("The art of a flood.", "art of", ["art of"]),
        ("Quality of a river.", "of river", ["of a river"]),
        ("都市の水害と気候変動を考える。", "気候変動", ["気候変動"]),
        ("การเปลี่ยนแปลงสภาพภูมิอากาศ", "สภาพภูมิอากาศ", ["สภาพภูมิอากาศ"]),
        ("도시의 기후변화를 배운다", "기후변화", ["기후변화"]),
        ("Straße und Fluß", "strasse", ["Straße"]),
        ("C++ (and C#)", "(and", ["(and"]),
        ("Nothing here.", "river", []),
        ("", "river", []),
    ],
)
def test_words_are_found_whole_whatever_case_accents_and_script(sentence: str, term: str, found: list[str]) -> None:
    spans = places(sentence, [term]).get(term, [])
    assert [sentence[start:end] for start, end in spans] == found


def test_sentences_are_cut_as_each_script_ends_them(scene: Scene) -> None:
    course = scene.match.course_a
    course.description = "First one. Second one!\nThird。四つ目。Fifth"
    course.outcomes, course.keywords, course.discipline = ["Measure a flood"], ["river", "flood"], "Hydrology"
    assert sentences(course) == [
        *("First one.", "Second one!", "Third。", "四つ目。", "Fifth"),
        *("Measure a flood", "river, flood", "Urban water", "Hydrology"),
    ]


def test_the_fewest_sentences_that_carry_the_words_are_shown_in_the_order_of_the_text(scene: Scene) -> None:
    course = scene.match.course_a
    course.description = "We walk. A river rises. A river meets a flood & a city. Rain."
    assert marked(course, ["river", "flood"]) == [
        "A <mark>river</mark> meets a <mark>flood</mark> &amp; a city.",
    ]
    assert marked(course, ["rain", "river"]) == ["A <mark>river</mark> rises.", "<mark>Rain</mark>."]
    assert marked(course, ["volcano"]) == []
    course.description = ". ".join(f"word{n} here" for n in range(9))
    assert len(marked(course, [f"word{n}" for n in range(9)])) == MOST


def test_what_a_lecturer_typed_is_escaped(scene: Scene) -> None:
    course = scene.match.course_a
    course.description = "<script>river</script>"
    [passage] = marked(course, ["river"])
    assert isinstance(passage, Markup)
    assert passage == "&lt;script&gt;<mark>river</mark>&lt;/script&gt;"


def test_a_long_sentence_is_cut_around_its_word(scene: Scene) -> None:
    course = scene.match.course_a
    course.description = "before " * 100 + "river" + " after" * 100
    [passage] = marked(course, ["river"])
    assert passage.startswith("…before")
    assert "<mark>river</mark>" in passage
    assert passage.endswith("after…")
    assert len(passage) < LONGEST + 30


def test_touching_words_share_one_mark(scene: Scene) -> None:
    course = scene.match.course_a
    course.description = "Urban water quality"
    assert marked(course, ["water quality", "water"]) == ["Urban <mark>water quality</mark>"]


def test_both_sides_show_where_the_shared_words_stand(scene: Scene) -> None:
    scene.match.course_a.description = "The river floods."
    scene.match.course_b.description = "A flood of the river."
    found = passages.of(scene.match, wording.read(explanation()))
    assert found is not None
    assert found.terms == ("river", "flood")
    assert [side.passages for side in found.sides] == [
        ("The <mark>river</mark> floods.",),
        ("A <mark>flood</mark> of the <mark>river</mark>.",),
    ]
    assert found.words == ""


def test_korean_words_are_put_together_again(scene: Scene) -> None:
    word = "\u1112\u1161\u11ab\u1100\u116e\u11a8"
    scene.match.course_a.description = scene.match.course_b.description = "한국의 강"
    found = passages.of(scene.match, wording.read(explanation(reasons=(make_reason("topic_related", terms=[word]),))))
    assert found is not None
    assert found.terms == ("한국",)
    assert found.sides[0].passages == ("<mark>한국</mark>의 강",)


def test_a_text_changed_since_says_so(scene: Scene) -> None:
    found = passages.of(scene.match, wording.read(explanation()))
    assert found is not None
    assert [side.passages for side in found.sides] == [(), ()]
    assert found.words.startswith("The texts have changed")


def test_texts_in_two_languages_are_said_to_be_close_in_meaning(scene: Scene) -> None:
    found = passages.of(scene.match, wording.read(explanation(reasons=(make_reason("topic_close"),))))
    assert found is not None
    assert "close in meaning, though they share few words" in found.words
    assert passages.of(scene.match, wording.read(explanation(reasons=(make_reason("topic_distant"),)))) is None
    assert passages.of(scene.match, wording.read({})) is None
