"""Courses of the Open Education API (OOAPI v5): each course with each of its offerings is one row."""

from collections.abc import Iterator
from typing import Any

from webapp.i18n import SOURCE_LANGUAGE, locale
from webapp.imports.columns import OWN_ID
from webapp.imports.reading import File, Place, Row, check_number

_MARKS = frozenset(("courseId", "primaryCode", "teachingLanguage", "abbreviation", "courseOfferings", "offeringId"))
# "undefined", "undivided" and the Dutch language levels nt2-1 and nt2-2 say nothing about ours.
_LEVELS = {
    "secondary vocational education": {"level": "tvet"},
    "secondary vocational education 1": {"level": "tvet"},
    "secondary vocational education 2": {"level": "tvet"},
    "secondary vocational education 3": {"level": "tvet"},
    "secondary vocational education 4": {"level": "tvet"},
    "associate degree": {"level": "tvet", "eqf": "5"},
    "bachelor": {"level": "bachelor"},
    "master": {"level": "master"},
    "doctoral": {"level": "doctoral"},
}
# `modeOfDelivery` says where students are (online, on campus), not whether classes meet live; it is not guessed from.


def is_ooapi(value: Any) -> bool:
    """Tell whether JSON is a course, a list of courses, or a page of them as this interface gives it."""
    is_page = isinstance(value, dict) and isinstance(value.get("items"), list)
    return is_page or any(isinstance(one, dict) and _MARKS & one.keys() for one in _items(value)[:1])


def read(value: Any) -> File:
    """Read the courses.

    Raises
    ------
    RefusedFileError
        When there is none, or too many.
    """
    rows = [values for one in _items(value) if isinstance(one, dict) for values in _of_course(one)]
    check_number(len(rows))
    return File(Place.COURSE, tuple(Row(n, values) for n, values in enumerate(rows, start=1)))


def _items(value: Any) -> list[Any]:
    if isinstance(value, dict) and isinstance(value.get("items"), list):
        return list(value["items"])
    return value if isinstance(value, list) else [value]


def _typed(value: Any) -> str:
    """Choose among texts in several languages: the reader's own, else English, else the first."""
    if isinstance(value, str):
        return value
    texts: dict[str, str] = {
        str(one.get("language", ""))[:2].lower(): one["value"]
        for one in reversed(value if isinstance(value, list) else [])
        if isinstance(one, dict) and isinstance(one.get("value"), str)
    }
    for language in (locale().language, SOURCE_LANGUAGE):
        if language in texts:
            return texts[language]
    return next(reversed(texts.values()), "")


def _of_course(given: dict[str, Any]) -> Iterator[dict[str, Any]]:
    course = given.get("course")
    if isinstance(course, dict) and "offeringId" in given:
        # An offering that carries its course.
        yield _general(course) | _offering(given) | _name_of(course, given, several=True)
        return
    offerings = given.get("courseOfferings", given.get("offerings"))
    found = [one for one in (offerings if isinstance(offerings, list) else [offerings]) if isinstance(one, dict)]
    general = _general(given)
    if not found:
        yield general | _offering(given) | _name_of(given, {}, several=False)
    for one in found:
        yield general | _offering(one) | _name_of(given, one, several=len(found) > 1)


def _name_of(course: dict[str, Any], offering: dict[str, Any], several: bool) -> dict[str, Any]:
    code = course.get("primaryCode")
    names = (course.get("courseId"), code.get("code") if isinstance(code, dict) else code, course.get("abbreviation"))
    name = next((str(one) for one in names if isinstance(one, str | int) and one), None)
    if name is None:
        return {}
    term = offering.get("offeringId") or offering.get("startDate")
    return {OWN_ID: f"{name}#{term}" if several and term else name}


def _general(course: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, key in (("name", "title"), ("description", "description")):
        if text := _typed(course.get(name)):
            values[key] = text
    outcomes = course.get("learningOutcomes")
    if isinstance(outcomes, list) and (texts := [text for one in outcomes if (text := _typed(one) or _one(one))]):
        values["outcomes"] = texts
    if language := course.get("teachingLanguage"):
        values["exchange_languages"] = [language]
    fields = course.get("fieldsOfStudy")
    if field := fields[0] if isinstance(fields, list) and fields else fields:
        values["isced_f"] = str(field)
    return values | _LEVELS.get(str(course.get("level", "")).lower(), {})


def _one(value: Any) -> str:
    """The text of a single language-typed string that stands without its list."""
    return _typed([value]) if isinstance(value, dict) else ""


def _offering(offering: dict[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, key in (("startDate", "starts_on"), ("endDate", "ends_on")):
        if isinstance(offering.get(name), str):
            values[key] = offering[name]
    session = offering.get("academicSession")
    if isinstance(session, dict) and (term := _typed(session.get("name"))):
        values["term_name"] = term
    if language := offering.get("teachingLanguage"):
        values["exchange_languages"] = [language]
    return values
