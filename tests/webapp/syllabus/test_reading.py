"""What syllabi in several languages suggest, and what suggests nothing."""

from functools import cache
from pathlib import Path
from typing import Any

import pytest

from webapp.syllabus.meaning import Meaning
from webapp.syllabus.reading import page_of, read
from webapp.syllabus.suggestion import PERHAPS, Suggestion

SYLLABI = Path(__file__).parent / "data" / "syllabi"
TUESDAY = {"weekday": "tue"}


@cache
def meaning() -> Meaning:
    return Meaning()


@cache
def suggestions(name: str) -> tuple[Suggestion, ...]:
    return tuple(read((SYLLABI / name).read_text(encoding="utf-8"), meaning()))


def values(found: tuple[Suggestion, ...] | list[Suggestion]) -> dict[str, Any]:
    return {name: value for it in found for name, value in it.values.items()}


SAID: dict[str, dict[str, Any]] = {
    "en.txt": {
        "title": "Urban Water and Climate Adaptation",
        "level": "bachelor",
        "students": 25,
        "exchange_languages": {"en": "B2"},
        "slots": [
            {"weekday": "tue", "start": "10:00", "end": "11:30"},
            {"weekday": "thu", "start": "14:00", "end": "15:30"},
        ],
        "sdgs": [6, 13],
        "skills": ["U2.3", "U2.1", "U1"],
    },
    "fr.txt": {
        "title": "Droit international des droits de l'homme",
        "level": "master",
        "isced_f": "0421",
        "students": 30,
        "exchange_languages": {"fr": "B2"},
        "slots": [{"weekday": "tue", "start": "14:00", "end": "16:00"}],
        "sdgs": [16],
        "skills": ["U1", "U2.3"],
    },
    "de.txt": {
        "title": "Erneuerbare Energiesysteme",
        "level": "bachelor",
        "isced_f": "0713",
        "students": 20,
        "students_most": 30,
        "exchange_languages": {"de": None, "en": None},
        "slots": [{"weekday": "wed", "start": "08:15", "end": "09:45"}],
        "sdgs": [7],
    },
    "ja.txt": {
        "title": "異文化コミュニケーション論",
        "level": "bachelor",
        "students": 24,
        "exchange_languages": {"ja": None, "en": "B1"},
        "slots": [{"weekday": "tue", "start": "10:40", "end": "12:10"}],
        "skills": ["U4.4", "U1", "U2.3"],
    },
    "ko.txt": {
        "title": "국제 보건학 개론",
        "level": "bachelor",
        "isced_f": "0912",
        "students": 35,
        "exchange_languages": {"en": None},
        "slots": [{"weekday": "mon", "start": "13:00", "end": "14:30"}],
        "sdgs": [3],
    },
    "vi.txt": {
        "title": "Quản trị khách sạn quốc tế",
        "level": "bachelor",
        "isced_f": "1013",
        "students": 40,
        "exchange_languages": {"en": None},
        "slots": [{"weekday": "tue", "start": "07:30", "end": "09:30"}],
        "skills": ["U2.3", "U2.1"],
    },
    "zh.txt": {
        "title": "人工智能与社会",
        "level": "master",
        "isced_f": "0613",
        "students": 30,
        "exchange_languages": {"zh": None, "en": None},
        "slots": [{"weekday": "thu", "start": "14:00", "end": "15:40"}],
    },
    "it.html": {
        "title": "Marketing digitale",
        "level": "master",
        "isced_f": "0414",
        "exchange_languages": {"en": None},
        "outcomes": ["analizzare il comportamento dei consumatori", "progettare una campagna online"],
    },
}
DATES = {
    "en.txt": ("2027-02-15", "2027-05-28"),
    "fr.txt": ("2027-01-18", "2027-05-07"),
    "de.txt": ("2027-04-12", "2027-07-23"),
    "ja.txt": ("2027-04-08", "2027-07-22"),
    "ko.txt": ("2027-03-02", "2027-06-21"),
    "vi.txt": ("2027-02-22", "2027-06-11"),
    "zh.txt": ("2027-03-01", "2027-06-25"),
}
KEYWORDS = {
    "en.txt": "urban water",
    "fr.txt": "Déclaration universelle",
    "de.txt": "Photovoltaik",
    "ja.txt": "ステレオタイプ",
    "ko.txt": "예방 접종",
    "vi.txt": "lễ tân",
    "zh.txt": "人脸识别",
    "it.html": "campagna pubblicitaria",
}
OUTCOMES = {"en.txt": 4, "fr.txt": 3, "de.txt": 3, "ja.txt": 3, "ko.txt": 3, "vi.txt": 3, "zh.txt": 3, "it.html": 2}


@pytest.mark.parametrize("name", SAID)
def test_a_syllabus_in_any_language_says_what_it_says(name: str) -> None:
    found = values(suggestions(name))
    assert {part: found.get(part) for part in SAID[name]} == SAID[name]


@pytest.mark.parametrize("name", DATES)
def test_the_term_is_read_from_dates_as_each_country_writes_them(name: str) -> None:
    found = values(suggestions(name))
    assert (found["starts_on"].isoformat(), found["ends_on"].isoformat()) == DATES[name]


@pytest.mark.parametrize("name", KEYWORDS)
def test_keywords_are_three_to_eight_in_the_language_of_the_text(name: str) -> None:
    found = values(suggestions(name))["keywords"]
    assert 3 <= len(found) <= 8
    assert KEYWORDS[name] in found
    text = page_of((SYLLABI / name).read_text(encoding="utf-8")).text.casefold()
    assert all(term.casefold() in text for term in found)


@pytest.mark.parametrize("name", OUTCOMES)
def test_outcomes_are_the_lines_under_their_heading(name: str) -> None:
    assert len(values(suggestions(name))["outcomes"]) == OUTCOMES[name]


@pytest.mark.parametrize("name", SAID)
def test_the_description_is_a_passage_of_the_text_without_headings_and_references(name: str) -> None:
    found = values(suggestions(name))["description"]
    text = " ".join(page_of((SYLLABI / name).read_text(encoding="utf-8")).text.split())
    assert found in text
    assert len(found.split()) <= 125


@pytest.mark.parametrize("name", SAID)
def test_every_suggestion_has_a_chance_and_those_of_the_words_quote_them(name: str) -> None:
    from_meaning = {"isced_f", "keywords", "sdgs", "exchange_languages"}
    text = "".join(page_of((SYLLABI / name).read_text(encoding="utf-8")).text.split())
    for it in suggestions(name):
        assert PERHAPS <= it.chance <= 1
        assert it.why or it.part in from_meaning
        for passage in it.why.split(" / ") if it.part in ("students", "slots", "starts_on", "skills") else ():
            assert "".join(passage.strip("… ").split()) in text


def test_the_same_text_gives_the_same_suggestions_again() -> None:
    text = (SYLLABI / "en.txt").read_text(encoding="utf-8")
    assert read(text, meaning()) == read(text, Meaning()) == list(suggestions("en.txt"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   \n\t \n",
        "Syllabus",
        "asdf asdf asdf asdf asdf asdf asdf asdf asdf asdf asdf asdf asdf asdf",
        "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18",
        "!!! ??? --- *** ### $$$ %%% &&& (((",
        "<script>alert('course for students')</script><style>p { color: red }</style><p></p>",
        "\x00\x01\x02" * 200,
        "🙂" * 300,
        "あ" * 300,
    ],
)
def test_what_is_no_syllabus_suggests_nothing(text: str) -> None:
    assert read(text, meaning()) == []


def test_a_text_that_names_no_level_no_size_and_no_date_suggests_none() -> None:
    text = (
        "Digital Marketing\n\nStudents learn what customers want, position a brand and reach people through search "
        "engines and social media. Teams of 5 students run a campaign for a local company and report what it brought."
    )
    found = values(read(text, meaning()))
    assert found["title"] == "Digital Marketing"
    assert not {"level", "eqf", "students", "starts_on", "slots"} & found.keys()


def test_markup_is_taken_off_and_what_nobody_reads_is_left_out() -> None:
    found = repr(values(suggestions("it.html")))
    assert "<" not in found
    assert "alert" not in found
    assert "color" not in found
    assert "pubblicitaria & ne misurano" in found
    assert "Home" not in found


def test_more_than_sixty_thousand_characters_are_not_read() -> None:
    text = (SYLLABI / "en.txt").read_text(encoding="utf-8")
    late = "x" * 60_000 + "\nLevel: Master\nClass size: 99 students\n" + text
    assert read(late, meaning()) == []
    page = page_of(text + "\nwater and rivers" * 10_000)
    assert len(page.text) == 60_000
