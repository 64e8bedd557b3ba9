"""Labels of the vocabularies."""

import csv
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from matcher.profile import Bandwidth, Level, Mode, Region
from matcher.vocabulary.cefr import CEFR_LEVELS
from matcher.vocabulary.isced import FIELDS, STANDARD_FIELDS
from matcher.vocabulary.sdg import GOALS
from matcher.vocabulary.skills import SKILLS
from matcher.vocabulary.tools import TOOLS
from webapp.profiles import labels, vocabulary_texts
from webapp.profiles.models import CourseState


def test_the_texts_to_translate_equal_the_tables_of_the_matcher() -> None:
    assert {code: FIELDS[code] for code in STANDARD_FIELDS} == vocabulary_texts.FIELDS
    assert vocabulary_texts.SKILLS == SKILLS
    assert vocabulary_texts.GOALS == GOALS


def test_the_official_titles_of_the_goals_are_there_in_every_language() -> None:
    path = Path(labels.__file__).parent / "data" / "sdg_titles.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert {int(row["goal"]): row["en"] for row in rows} == GOALS
    assert all(row["fr"] and row["ja"] for row in rows)


def test_every_value_has_a_label(context: Flask) -> None:
    for function, values in (
        (labels.level_label, Level),
        (labels.mode_label, Mode),
        (labels.bandwidth_label, Bandwidth),
        (labels.region_label, Region),
        (labels.course_state_label, CourseState),
        (labels.experience_label, labels.Experience),
        (labels.cefr_label, CEFR_LEVELS),
        (labels.sdg_label, GOALS),
        (labels.tool_kind_label, {tool.kind for tool in TOOLS.values()}),
    ):
        texts = [function(value) for value in values]
        assert all(texts)
        assert len(set(texts)) == len(texts)


def test_every_isced_code_but_the_unknown_ones_has_a_name_without_digits(context: Flask) -> None:
    for code in FIELDS:
        label = labels.isced_label(code)
        assert bool(label) == (not code.startswith("99")), code
        assert code not in label


@pytest.mark.parametrize(
    ("code", "label"),
    [
        ("06", "Information and Communication Technologies (ICTs)"),
        ("0610", "Information and Communication Technologies (ICTs)"),
        ("0688", "Information and Communication Technologies (ICTs) together with other fields"),
        ("0219", "Arts, other"),
        (None, ""),
        ("not a code", ""),
    ],
)
def test_a_code_beside_the_named_fields_speaks_through_its_field(context: Flask, code: str | None, label: str) -> None:
    assert labels.isced_label(code) == label


def test_free_text_skills_and_tools_stay_as_they_are(context: Flask) -> None:
    assert labels.skill_label("U1.1") == "Creativity"
    assert labels.skill_label("rowing") == "Rowing"
    assert labels.tool_label("teams") == "Microsoft Teams"
    assert labels.tool_label("our own wiki") == "our own wiki"


def test_weekdays_are_named_in_the_language_of_the_reader(context: Flask) -> None:
    with force_locale("fr"):
        assert labels.weekday_label("mon") == "lundi"
    assert labels.weekday_label("sun") == "Sunday"
