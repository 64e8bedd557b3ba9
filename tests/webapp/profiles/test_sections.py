"""The parts of the course form and how far each has come."""

from typing import Any

from flask import Flask

from tests import factories
from webapp.db import db
from webapp.profiles import completeness, rules, sections
from webapp.profiles.forms import CourseForm
from webapp.profiles.sections import Progress

NOTHING = rules.no_values("Asia/Tokyo")


def progress(**changes: Any) -> dict[str, Progress]:
    """How far each part has come."""
    return {section.id: section.progress for section in sections.of(NOTHING | changes)}


def test_a_new_course_is_empty_everywhere_and_needs_no_must_have(context: Flask) -> None:
    assert progress() == {
        **dict.fromkeys(("part-course", "part-brings", "part-when", "part-offers", "part-seeks"), Progress.EMPTY),
        "part-must-have": Progress.OPTIONAL,
    }


def test_a_part_is_begun_with_its_first_word_and_done_with_all_it_needs(context: Flask) -> None:
    course = {"title": "Rivers", "isced_f": "0521", "description": "One.", "outcomes": ["Swim"], "keywords": ["river"]}
    for field in course:
        some = {name: value for name, value in course.items() if name != field}
        assert progress(**some)["part-course"] is Progress.BEGUN, field
    assert progress(**course)["part-course"] is Progress.DONE
    assert progress(must_have_topic="water")["part-must-have"] is Progress.DONE
    assert progress(wish_regions=["asia"])["part-seeks"] is Progress.BEGUN


def test_each_thing_a_complete_profile_needs_belongs_to_one_part(context: Flask) -> None:
    columns = [column for section in sections.of(NOTHING) for column in section.columns]
    assert len(columns) == len(set(columns))
    assert {part.field for part in completeness.of(NOTHING).parts} <= set(columns)
    # What a new course has from the start tells of no beginning.
    assert set(rules.COLUMNS) - set(columns) == {"capacity", "time_zone"}


def test_each_part_leads_to_its_heading_and_names_its_controls(app: Flask, sign_in: Any) -> None:
    with app.test_request_context():
        form = CourseForm()
        for section in sections.of(NOTHING):
            assert all(name in form for name in sections.controls(section.columns))
            assert sections.progress_label(section.progress)
    with app.app_context():
        mai_id = factories.user(at=factories.institution()).id
        db.session.commit()
    page = sign_in(mai_id).get("/courses/new").text
    for section_id, progress_now in (("part-brings", "empty"), ("part-must-have", "optional")):
        assert f'<h2 id="{section_id}">' in page
        line = page.partition(f'<a href="#{section_id}">')[0].rpartition("<li")[2]
        assert f'data-progress="{progress_now}"' in line
