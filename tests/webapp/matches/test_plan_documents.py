"""The document of a plan: what it copies, its canonical form, what changed."""

import hashlib
import json
from datetime import date
from typing import Any

from tests.webapp.matches import samples
from tests.webapp.matches.conftest import Scene
from webapp.matches import plan_documents
from webapp.matches.plan_documents import changes, edited, followed


def built(scene: Scene, **of_a: Any) -> dict[str, Any]:
    """The document of the scene's match, with columns of side A's course set first."""
    for name, value in of_a.items():
        setattr(scene.match.course_a, name, value)
    return plan_documents.build(scene.match)


def test_a_document_copies_what_both_courses_say(scene: Scene) -> None:
    a, b = scene.match.course_a, scene.match.course_b
    a.students, a.students_most, b.students = 25, 30, 18
    a.mode = b.mode = "mixed"
    a.tools, b.tools, b.blocked_tools = ["zoom", "moodle", "Padlet"], ["zoom", "moodle"], ["zoom"]
    a.weeks_wanted, a.exchange_languages = 6, {"en": "B2", "fr": None}
    a.institution.privacy_regime = "national"
    document = plan_documents.build(scene.match)
    assert document["course"]["a"]["title"] == "Urban water"
    assert document["course"]["b"]["lecturer"] == scene.rui.id
    assert document["students"] == {"a": {"from": 25, "to": 30}, "b": {"from": 18, "to": 18}}
    assert document["mode"] == "mixed"
    assert document["tools"] == ["moodle"]
    assert document["languages"] == ["en"]
    assert document["privacy"]["a"]["regime"] == "national"
    assert document["sharing"]["what"] == "counts"
    assert document["contingency"] == ""
    assert document["credit"]["b"]["recognised"] == "not_said"
    assert document["weeks"] == {"first": "2027-02-22", "last": "2027-04-02", "count": 6}


def test_what_the_courses_do_not_agree_on_is_left_open(scene: Scene) -> None:
    scene.match.course_b.mode = "synchronous"
    document = built(scene, mode="mixed", starts_on=None)
    assert document["mode"] is None
    assert document["weeks"] is None
    assert document["live"] is None
    assert document["leader"] is None


def test_the_side_its_explanation_names_leads(scene: Scene) -> None:
    scene.match.explanation = {**samples.explanation(), "lead": "b"}
    assert built(scene)["leader"] == "b"


def test_live_hours_are_those_of_the_weeks_planned(scene: Scene) -> None:
    b = scene.match.course_b
    b.time_zone, b.slots = "Europe/Lisbon", [{"weekday": "mon", "start": "08:00", "end": "10:00"}]
    document = built(scene, time_zone="Asia/Ho_Chi_Minh", slots=[{"weekday": "mon", "start": "15:00", "end": "16:30"}])
    # Until Lisbon's clocks change on 28 March, 15:00 in Hanoi is 08:00 there; afterwards 09:00.
    assert document["live"] == {"minutes_from": 60, "minutes_to": 90, "assumed": False}
    b.slots = [{"weekday": "mon", "start": "08:00", "end": "09:00"}]
    changed = followed(scene.match, document)
    assert changed["live"] == {"minutes_from": 0, "minutes_to": 60, "assumed": False}
    weeks = {"first": "2027-03-01", "last": "2027-03-12", "count": 2}
    assert edited(scene.match, changed, {"weeks": weeks})["live"]["minutes_from"] == 60


def test_the_fingerprint_is_that_of_json_anybody_can_write(scene: Scene) -> None:
    document = built(scene, title="Eau et «villes» 水")
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert plan_documents.canonical(document) == text.encode("utf-8")
    assert plan_documents.fingerprint(document) == hashlib.sha256(text.encode("utf-8")).hexdigest()
    reordered = dict(reversed(document.items()))
    assert plan_documents.fingerprint(reordered) == plan_documents.fingerprint(document)


def test_changes_are_told_by_label_before_and_after(scene: Scene) -> None:
    old = built(scene, students=25)
    credit = {"number": "1.5", "recognised": "extra", "words": ""}
    new = edited(scene.match, old, {"students.a": {"from": 20, "to": 22}, "credit.b": credit, "tools": old["tools"]})
    said = [tuple(change) for change in changes(old, new)]
    assert said == [
        ("Students, Hanoi University", "25 students", "20 to 22 students"),
        ("Credit, University of Lisbon", "Not yet said", "Credit points: 1.5\nCredit beside the course"),
    ]
    assert new["edited"] == ["credit.b", "students.a"]
    assert changes(old, old) == []


def test_only_what_nobody_edited_follows_the_courses(scene: Scene) -> None:
    document = edited(scene.match, built(scene, students=25), {"students.a": {"from": 20, "to": 20}})
    document = edited(scene.match, document, {"contingency": "We go on alone."})
    scene.match.course_a.students = 40
    scene.match.course_b.students = 15
    scene.match.course_a.title = "Water in cities"
    after = followed(scene.match, document)
    assert after["students"] == {"a": {"from": 20, "to": 20}, "b": {"from": 15, "to": 15}}
    assert after["course"]["a"]["title"] == "Water in cities"
    assert after["contingency"] == "We go on alone."


def test_what_the_plan_does_not_hold_changes_nothing(scene: Scene) -> None:
    document = built(scene)
    scene.match.course_a.keywords = ["rivers"]
    scene.match.course_a.description = "Another description."
    assert followed(scene.match, document) == document


def test_every_part_has_words(scene: Scene) -> None:
    document = built(scene, starts_on=date(2027, 2, 1))
    assert [part.path for part in plan_documents.parts(document)] == list(plan_documents.PATHS)
    assert all(part.label for part in plan_documents.parts(document))


def test_no_name_of_a_person_is_in_the_document_so_that_who_leaves_can_take_it_along(scene: Scene) -> None:
    scene.mai.name, scene.rui.name = "Mai Pham Thi", "Rui Oliveira"
    text = plan_documents.canonical(built(scene)).decode()
    assert "Pham" not in text
    assert "Oliveira" not in text
