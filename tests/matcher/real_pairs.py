"""The 96 published class partnerships, as the profiles and pairs that the matcher reads."""

from __future__ import annotations

import json
from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

from matcher.profile import CourseProfile

FILE = Path(__file__).parent / "data" / "coil_pairs_dev.jsonl"


def profile_line(side: dict[str, Any], its_id: str) -> dict[str, Any]:
    """Turn one side of a published pair into the JSON object of a profile line; unknown fields are left out."""
    level = side.get("level")
    line = {
        "id": its_id,
        "institution": side.get("institution") or f"Unknown institution {its_id}",
        "country": side["country"],
        "title": side.get("course_title") or side.get("discipline") or "Course",
        "discipline": side.get("discipline"),
        "description": side.get("description"),
        "level": None if level == "other" else level,
        "students": side.get("students"),
        "native_languages": [side["native_language"]] if side.get("native_language") else None,
    }
    return {name: value for name, value in line.items() if value is not None}


@cache
def real_rows() -> tuple[dict[str, Any], ...]:
    """Return the rows of the file."""
    return tuple(json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines())


@cache
def real_profiles() -> tuple[CourseProfile, ...]:
    """Return both sides of every pair, named `<pair>a` and `<pair>b`."""
    return tuple(
        CourseProfile.from_dict(profile_line(row[side], row["id"] + side)) for row in real_rows() for side in "ab"
    )


@cache
def real_pairs() -> tuple[tuple[str, str], ...]:
    """Return the pairs; classes of one project are all partners of one another, if of different institutions."""
    projects: dict[str, list[str]] = {}
    for row in real_rows():
        projects.setdefault(row["group"] or row["id"], []).extend(row["id"] + side for side in "ab")
    institution = {profile.id: profile.institution for profile in real_profiles()}
    return tuple(
        pair
        for classes in projects.values()
        for pair in combinations(classes, 2)
        if institution[pair[0]] != institution[pair[1]]
    )
