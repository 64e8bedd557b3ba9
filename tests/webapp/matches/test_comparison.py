"""Two courses side by side, in labels."""

from tests.webapp.matches.conftest import Scene
from webapp.matches import comparison

FULL = {
    "description": "Rivers.\nAnd people.",
    "outcomes": ["Measure a flood"],
    "keywords": ["river", "flood"],
    "discipline": "Hydrology",
    "isced_f": "0532",
    "level": "master",
    "eqf": 7,
    "students": 24,
    "students_most": 30,
    "term_name": "Spring 2027",
    "breaks": [{"from": "2027-03-08", "to": "2027-03-14"}],
    "weeks_wanted": 6,
    "slots": [{"weekday": "mon", "start": "14:00", "end": "15:30"}],
    "time_zone": "Asia/Ho_Chi_Minh",
    "native_languages": ["vi"],
    "learning_languages": ["pt", "en"],
    "mode": "mixed",
    "tools": ["teams"],
    "blocked_tools": ["whatsapp"],
    "bandwidth": "low",
    "sdgs": [6],
    "skills": ["U1.1"],
    "themes": ["Floods in our street"],
    "wish_field": "complementary",
    "wish_regions": ["europe"],
    "wish_countries": ["PT"],
    "must_have_topic": "water",
    "filled_in": ["students", "ends_on"],
}


def table(scene: Scene) -> dict[str, tuple[tuple[str, ...], tuple[str, ...]]]:
    return {row.label: (row.a.lines, row.b.lines) for row in comparison.rows(scene.match)}


def test_everything_a_course_says_is_shown_in_labels(scene: Scene) -> None:
    for name, value in FULL.items():
        setattr(scene.match.course_a, name, value)
    shown = table(scene)
    assert len(shown) == len(comparison._ROWS)
    assert shown["What it is about"][0] == ("Rivers.", "And people.")
    assert shown["Field of study"][0] == ("Hydrology", "Earth sciences")
    assert shown["Level"][0] == ("Master", "EQF level 7")
    assert shown["Students"][0] == ("24 to 30 students",)
    assert shown["Themes to work on"][0] == ("Floods in our street",)
    assert shown["Teaching dates"][0] == ("Spring 2027", "Mon, 15 Feb 2027 to Fri, 4 Jun 2027")
    assert shown["Weeks without teaching"][0] == ("Mon, 8 Mar 2027 to Sun, 14 Mar 2027",)
    assert shown["Possible live hours, local time"][0] == ("Monday, 14:00 to 15:30",)
    assert shown["Languages of exchange"][0] == ("English (B2: discusses most topics, also of the subject)",)
    assert shown["Students learn"][0] == ("Portuguese and English",)
    assert shown["Sustainable Development Goals"][0] == ("SDG 6: Clean water and sanitation",)
    assert shown["Wishes for a partner"][0] == (
        "Europe and Portugal",
        "A field that complements ours: one its classes often work with",
        "Must have: water",
    )
    everything = " ".join(line for lines, _other in shown.values() for line in lines)
    for raw in ("0532", "whatsapp", "teams", "master", "mixed", "low", "U1.1", "mon"):
        assert raw not in everything.split()


def test_rows_neither_says_anything_in_are_left_out(scene: Scene) -> None:
    assert list(table(scene)) == ["Teaching dates", "Languages of exchange"]


def test_what_a_program_filled_in_is_marked_and_nothing_else(scene: Scene) -> None:
    scene.match.course_a.filled_in = ["ends_on", "students"]
    marked = [(row.label, row.a.is_filled_in, row.b.is_filled_in) for row in comparison.rows(scene.match)]
    assert marked == [("Teaching dates", True, False), ("Languages of exchange", False, False)]


def test_what_is_missing_is_named_until_it_is_there(scene: Scene) -> None:
    course = scene.match.course_a
    assert comparison.missing(course)[:2] == ["a description", "the field of study"]
    for name, value in FULL.items():
        setattr(course, name, value)
    assert comparison.missing(course) == []
