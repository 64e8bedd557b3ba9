"""The published class partnerships as files of each format; the last two formats are written only here."""

import json
from typing import Any

from matcher.profile import CourseProfile
from tests.matcher.real_pairs import real_profiles
from webapp.imports import writing
from webapp.imports.columns import OWN_ID
from webapp.profiles.rules import no_values

SAME = ("title", "discipline", "description", "level", "students", "native_languages")
"""What the published partnerships say about their courses."""


def pieces() -> list[list[CourseProfile]]:
    """All courses, not more at once than an import takes."""
    profiles = list(real_profiles())
    return [profiles[start : start + 400] for start in range(0, len(profiles), 400)]


def said(profile: CourseProfile, columns: tuple[str, ...] = SAME) -> dict[str, Any]:
    """What a course says, as the columns of ours hold it."""
    values = {**profile.to_dict()}
    empty = no_values()
    return {name: values.get(name, empty[name]) for name in columns}


def as_table(ending: str, profiles: list[CourseProfile]) -> bytes:
    """A table."""
    return writing.table(ending, [no_values() | said(profile) | {OWN_ID: profile.id} for profile in profiles])


def as_lines(profiles: list[CourseProfile]) -> bytes:
    """JSON Lines of the matcher."""
    return "".join(json.dumps(profile.to_dict(), ensure_ascii=False) + "\n" for profile in profiles).encode()


def as_linked_data(profiles: list[CourseProfile]) -> bytes:
    """schema.org courses in a graph."""
    graph = [
        {
            "@type": "Course",
            "@id": f"https://catalogue.example/{profile.id}",
            "courseCode": profile.id,
            "name": {"@value": profile.title, "@language": "en"},
            **({"description": profile.description} if profile.description else {}),
            **({"about": {"@type": "Thing", "name": profile.discipline}} if profile.discipline else {}),
            **({"educationalLevel": profile.level.value} if profile.level else {}),
            "provider": {"@type": "CollegeOrUniversity", "name": profile.institution},
        }
        for profile in profiles
    ]
    return json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=False).encode()


_OOAPI_LEVELS = {"tvet": "secondary vocational education 4", "bachelor": "bachelor", "master": "master"}


def as_ooapi(profiles: list[CourseProfile]) -> bytes:
    """A page of courses as the Open Education API gives it."""
    items = [
        {
            "courseId": profile.id,
            "primaryCode": {"codeType": "identifier", "code": profile.id},
            "abbreviation": profile.id.upper(),
            "name": [{"language": "nl-NL", "value": "Vak"}, {"language": "en-GB", "value": profile.title}],
            "description": [{"language": "en-GB", "value": profile.description or ""}],
            "teachingLanguage": "en-GB",
            "level": _OOAPI_LEVELS.get(profile.level.value if profile.level else "", "undefined"),
            "modeOfDelivery": ["online"],
        }
        for profile in profiles
    ]
    page = {"pageSize": len(items), "pageNumber": 1, "hasNextPage": False, "items": items}
    return json.dumps(page, ensure_ascii=False).encode()
