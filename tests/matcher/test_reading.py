import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.profile import CourseProfile, Problem, ProfileError, ProfileFileError, read_profiles

REQUIRED = {"id": "x1", "institution": "Keio University", "country": "JP", "title": "Marketing"}
FIELDS = [*(item.name for item in fields(CourseProfile)), "other"]


def problems_of(values: dict[str, Any]) -> tuple[Problem, ...]:
    try:
        CourseProfile.from_dict(values)
    except ProfileError as error:
        return error.problems
    return ()


any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS), any_json, max_size=6))
def test_whatever_is_read_gives_a_profile_or_problems(values: dict[str, Any]) -> None:
    problems = problems_of(REQUIRED | values)
    assert all(problem.field and problem.message for problem in problems)
    if not problems:
        profile = CourseProfile.from_dict(REQUIRED | values)
        assert CourseProfile.from_dict(profile.to_dict()) == profile


@pytest.mark.parametrize("number", [10**400, -(10**400), float("inf"), 1e300])
def test_numbers_beyond_all_bounds_are_refused(number: float) -> None:
    (problem,) = problems_of(REQUIRED | {"students": number})
    assert problem.field == "students"


def test_a_file_is_read_line_by_line(tmp_path: Path) -> None:
    second = REQUIRED | {"id": "x2", "title": "映画\u2028研究"}
    path = tmp_path / "profiles.jsonl"
    lines = (json.dumps(REQUIRED), "", json.dumps(second, ensure_ascii=False), "")
    path.write_text("\ufeff" + "\n".join(lines), encoding="utf-8")
    assert [profile.id for profile in read_profiles(path)] == ["x1", "x2"]
    assert read_profiles(str(path)) == read_profiles(lines)
    assert read_profiles([]) == []


def test_problems_of_a_file_name_line_and_field() -> None:
    lines = [
        json.dumps(REQUIRED),
        json.dumps(REQUIRED | {"level": "other", "students": 0}),
        "",
        "{not json",
        json.dumps(REQUIRED),
        "[1]",
        '{"id": "a", "id": "b"}',
        "[" * 100_000,
        f'{{"students": {"9" * 5000}}}',
    ]
    with pytest.raises(ProfileFileError) as caught:
        read_profiles(lines)
    assert [(problem.line, problem.field) for problem in caught.value.problems] == [
        (2, "level"),
        (2, "students"),
        (4, ""),
        (5, "id"),
        (6, ""),
        (7, "id"),
        (8, ""),
        (9, ""),
    ]
    assert "line 2, students: must be from 1" in str(caught.value)
    assert "line 4: is not JSON" in str(caught.value)
    assert "line 5, id: 'x1' is taken by line 1" in str(caught.value)


def test_a_file_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "profiles.jsonl"
    path.write_bytes(b"\n" + json.dumps(REQUIRED | {"title": "caf\u00e9"}, ensure_ascii=False).encode("latin-1"))
    with pytest.raises(ProfileFileError, match="line 2: is not in UTF-8"):
        read_profiles(path)


def test_a_file_that_is_not_there_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        read_profiles(tmp_path / "none.jsonl")
