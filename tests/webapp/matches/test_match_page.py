"""The page of a match as a whole: its order, what each reader sees, and words for all that is not known."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from matcher.calendars import LiveWeek
from matcher.reasons import make_reason
from tests import factories
from tests.webapp.matches.conftest import Scene, make_scene
from tests.webapp.matches.samples import REASONS, explanation
from webapp.db import db
from webapp.matches.lifecycle import State
from webapp.matches.models import Alternate

SignIn = Callable[[int], FlaskClient]
READERS = ("mai", "rui", "office_a", "office_b", "coordinator", "administrator")
ORDER = [
    "How far it is",
    "The two courses and their score",
    "Why these two",
    "Shared teaching weeks",
    "Live hours on both clocks",
    "How you could work together",
    "Flights saved",
    "If this falls away",
    "The two courses side by side",
    "What happened so far",
]


def fill(scene: Scene) -> None:
    """Say all that the page can show."""
    a, b = scene.match.course_a, scene.match.course_b
    a.institution.city, b.institution.city = "Hanoi", "Lisbon"
    a.students, b.students, a.weeks_wanted = 24, 10, 6
    a.mode = b.mode = "mixed"
    a.tools, b.tools, b.blocked_tools = ["teams", "padlet"], ["teams", "zoom"], ["padlet"]
    a.description, b.description = "A river <b>floods</b>. We walk.", "The flood of a river."


def page_of(
    app: Flask, sign_in: SignIn, reader: str = "mai", change: Callable[[Scene], object] = fill, **stored: Any
) -> BeautifulSoup:
    """The page of a match as a reader gets it."""
    with app.app_context():
        scene = make_scene()
        scene.match.explanation = explanation(**stored)
        change(scene)
        db.session.commit()
        match_id, person = scene.match.id, getattr(scene, reader).id
    response = sign_in(person).get(f"/matches/{match_id}")
    assert response.status_code == 200
    return BeautifulSoup(response.text, "html.parser")


def text_of(page: BeautifulSoup, section: str) -> str:
    """All that a section says, by the id of its heading."""
    found = page.find("section", attrs={"aria-labelledby": section})
    assert found is not None
    return " ".join(found.get_text(" ").split())


def test_the_answer_stands_first_and_the_sections_follow_in_order(app: Flask, sign_in: SignIn) -> None:
    page = page_of(app, sign_in)
    assert [" ".join(heading.get_text().split()) for heading in page.select("main h2")] == ORDER
    first = page.select_one("main h1 + p.lead")
    assert first is not None
    assert first.get_text().startswith("Both courses speak of river and flood")


def test_no_level_of_heading_is_left_out(app: Flask, sign_in: SignIn) -> None:
    levels = [int(heading.name[1]) for heading in page_of(app, sign_in).select("main :is(h1, h2, h3, h4)")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_picture_has_words_and_every_id_is_used_once(app: Flask, sign_in: SignIn) -> None:
    page = page_of(app, sign_in)
    ids = [tag["id"] for tag in page.select("[id]")]
    assert len(ids) == len(set(ids))
    for picture in page.select("main svg"):
        named = str(picture.get("aria-labelledby", "")).split()
        assert (
            picture.get("aria-hidden")
            or picture.find_parent(attrs={"aria-hidden": "true"})
            or (named and all(page.find(id=name) for name in named))
            or picture.find_parent("svg", role="img")
        )
    described = page.find(id="weeks-desc")
    assert described is not None
    assert "Hung Kings' Commemoration Day" in described.get_text()
    assert "Proposed for the exchange: 6 weeks" in described.get_text()


def test_each_reason_has_its_points_and_shared_words_are_marked(app: Flask, sign_in: SignIn) -> None:
    page = page_of(app, sign_in)
    lines = page.select(".reasons li")
    assert len(lines) == len(REASONS)
    assert all(line.select_one(".reason-share small") is not None for line in lines)
    assert "Topic: 36 of 40 points" in text_of(page, "why")
    assert "counted as the average of the rest" in text_of(page, "why")
    assert [mark.get_text() for mark in page.select(".passages mark")] == ["river", "flood", "river"]
    assert page.select_one(".passages b") is None
    assert "<b>floods</b>" in text_of(page, "passages")


def test_a_broken_rule_has_no_points(app: Flask, sign_in: SignIn) -> None:
    broken = make_reason("already_tried")
    page = page_of(app, sign_in, reasons=(broken,))
    assert "What does not fit" in text_of(page, "why")
    assert "A rule, so no points make up for it." in text_of(page, "why")


def test_designs_teams_tools_and_plan_are_there(app: Flask, sign_in: SignIn) -> None:
    said = text_of(page_of(app, sign_in), "designs")
    for words in (
        "Live at the beginning and the end",
        "A live session every week",
        "6 mixed teams",
        "4 teams with 4 from Hanoi University and 2 from University of Lisbon",
        "Both can use: Microsoft Teams.",
        "Do not plan with what is blocked on one side: Padlet.",
        "How 6 weeks could go",
        "Week 6: Mon, 19 Apr 2027 to Fri, 23 Apr 2027",
    ):
        assert words in said


def test_flights_saved_come_with_method_and_source(app: Flask, sign_in: SignIn) -> None:
    page = page_of(app, sign_in)
    assert "About 14 to 23 tonnes of CO₂ equivalent" in text_of(page, "travel")
    details = page.select_one("section[aria-labelledby=travel] details")
    assert details is not None
    assert "UK Government GHG Conversion Factors for Company Reporting 2026" in details.get_text()


def keep_one(scene: Scene) -> None:
    """Keep a partner for Mai's course."""
    partner = factories.course(scene.rui, "Secret garden")
    row = Alternate(round_id=scene.match.round_id, course_id=scene.match.course_a_id, partner_id=partner.id, rank=1)
    row.score, row.confidence, row.explanation = 0.61, 0.8, {}
    db.session.add(row)


def test_the_reserve_is_a_number_for_the_lecturers_own_course(app: Flask, sign_in: SignIn) -> None:
    page = page_of(app, sign_in, change=keep_one)
    assert "1 other partner is kept in reserve for your course, with a score of 61 of 100." in text_of(page, "reserve")
    assert "Secret garden" not in page.get_text()


@pytest.mark.parametrize("reader", READERS)
def test_everybody_concerned_sees_the_page_and_lecturers_more(app: Flask, sign_in: SignIn, reader: str) -> None:
    page = page_of(app, sign_in, reader)
    is_lecturer = reader in ("mai", "rui")
    expected = ORDER if is_lecturer else [name for name in ORDER if name != "If this falls away"]
    if reader.startswith("office"):
        expected = [expected[0], "For your office", *expected[1:]]
    assert [" ".join(heading.get_text().split()) for heading in page.select("main h2")] == expected
    links = [str(link["href"]) for link in page.select("main a.talk-link")]
    assert len(links) == is_lecturer
    assert all("conversation" in link for link in links)


def test_a_thin_match_says_in_words_what_is_not_known(app: Flask, sign_in: SignIn) -> None:
    def forget(scene: Scene) -> None:
        for course in (scene.match.course_a, scene.match.course_b):
            course.starts_on = course.ends_on = course.time_zone = None
            course.exchange_languages = {}
        scene.match.explanation = {}

    page = page_of(app, sign_in, change=forget)
    for section, words in (
        ("why", "No reasons are stored with this match."),
        ("weeks", "No teaching dates are known on either side"),
        ("hours", "Live hours cannot be told"),
        ("designs", "Live hours are not known yet"),
        ("designs", "once both class sizes are known"),
        ("designs", "At least one side names no tools"),
        ("designs", "How 8 weeks could go"),
        ("travel", "the class sizes are not known"),
        ("travel", "The city of Hanoi University is not known; the capital of Vietnam stands in for it."),
        ("reserve", "No other partner is kept in reserve for your course at present."),
        ("courses", "What is missing"),
    ):
        assert words in text_of(page, section)


def test_without_a_common_hour_no_empty_chart_is_drawn(app: Flask, sign_in: SignIn) -> None:
    stored = explanation()["live_hours"]
    none = tuple(LiveWeek.from_dict(week | {"hours": 0.0, "windows": []}) for week in stored)
    page = page_of(app, sign_in, live_hours=none)
    assert text_of(page, "hours").startswith(
        "Live hours on both clocks The two classes have no live hours in common. Clocks change in Lisbon"
    )
    assert page.select("section[aria-labelledby=hours] :is(svg, table)") == []
    assert "A relay between the two classes" in text_of(page, "designs")


def test_an_invitation_names_the_inviting_side(app: Flask, sign_in: SignIn) -> None:
    def invite(scene: Scene) -> None:
        scene.match.round_id, scene.match.invited_by = None, scene.rui

    page = page_of(app, sign_in, change=invite)
    head = page.select_one(".match-head")
    assert head is not None
    assert "The lecturer at University of Lisbon invited the partner." in head.get_text()
    assert "Rui" not in page.get_text()


def test_the_inviting_lecturer_is_told_so(app: Flask, sign_in: SignIn) -> None:
    def invite(scene: Scene) -> None:
        scene.match.round_id, scene.match.invited_by = None, scene.mai

    assert "You invited this partner." in page_of(app, sign_in, change=invite).get_text()


def test_an_ended_match_speaks_of_no_reserve(app: Flask, sign_in: SignIn) -> None:
    page = page_of(app, sign_in, change=lambda scene: scene.go_to(State.COMPLETED))
    assert page.find(id="reserve") is None


def test_alternates_and_events_ask_no_further_questions(app: Flask, sign_in: SignIn) -> None:
    counts = []
    with app.app_context():
        scene = make_scene()
        scene.match.explanation = explanation()
        db.session.commit()
        match_id, person, engine = scene.match.id, scene.mai.id, db.engine
    asked: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *given: asked.append(given[2]))
    for n_more in (0, 5):
        with app.app_context():
            found = db.session.get_one(type(scene.match), match_id)
            for n in range(n_more):
                partner = factories.course(found.course_b.lecturer, f"Course {n}")
                row = Alternate(round_id=found.round_id, course_id=found.course_a_id, partner_id=partner.id, rank=n + 1)
                row.score, row.confidence, row.explanation = 0.5, 0.8, {}
                db.session.add(row)
            db.session.commit()
        client = sign_in(person)
        asked.clear()
        assert client.get(f"/matches/{match_id}").status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]
