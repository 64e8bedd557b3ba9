"""schema.org courses as JSON-LD: each course with each of its instances is one row."""

import re
from collections.abc import Iterator
from typing import Any

from webapp.i18n import SOURCE_LANGUAGE, locale
from webapp.imports.columns import OWN_ID
from webapp.imports.names import code_of
from webapp.imports.reading import File, Place, Row, check_number

_PREFIX = re.compile(r"^(?:https?://(?:www\.)?schema\.org/|schema:)")
_EQF = re.compile(r"\beqf\D{0,10}([1-8])\b", re.IGNORECASE)
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Node = dict[str, Any]


def is_linked_data(value: Any) -> bool:
    """Tell whether JSON speaks of things with types, as JSON-LD does."""
    first = next((one for one in _many(value)), None)
    return isinstance(first, dict) and any(key in first for key in ("@context", "@type", "@graph"))


def read(value: Any) -> File:
    """Read every course, wherever it stands: alone, in a list, in a graph, in an item list.

    Raises
    ------
    RefusedFileError
        When there is no course, or too many.
    """
    nodes = [_plain(node) for node in _nodes(value)]
    # A node may stand once in full and elsewhere by its identifier alone; the fullest counts.
    by_id = {node["@id"]: node for node in sorted(nodes, key=len) if isinstance(node.get("@id"), str)}
    courses = [node for node in nodes if "Course" in _types(node) and len(node) > 2]
    held = [_full(one, by_id) for course in courses for one in _many(course.get("hasCourseInstance"))]
    alone = [node for node in nodes if "CourseInstance" in _types(node) and node not in held and len(node) > 2]
    rows = [values for course in courses for values in _of_course(course, by_id)]
    rows += [_of_instance({}, node, by_id) for node in alone]
    check_number(len(rows))
    return File(Place.COURSE, tuple(Row(n, values) for n, values in enumerate(rows, start=1)))


def _nodes(value: Any) -> Iterator[Node]:
    """Go through all objects, outer ones first."""
    waiting = [value]
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, dict):
            yield one
            waiting[:0] = [inner for inner in one.values() if isinstance(inner, dict | list)]
        elif isinstance(one, list):
            waiting[:0] = one


def _plain(node: Node) -> Node:
    """Give a node with its properties by their short names, its inner nodes alike."""
    return {_PREFIX.sub("", key): _plain_value(value) for key, value in node.items()}


def _plain_value(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain_value(one) for one in value]
    return _plain(value) if isinstance(value, dict) else value


def _many(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [] if value is None else [value]


def _types(node: Node) -> set[str]:
    return {_PREFIX.sub("", one) for one in _many(node.get("@type")) if isinstance(one, str)}


def _full(value: Any, by_id: dict[str, Node]) -> Node:
    node = value if isinstance(value, dict) else {"@id": value}
    identifier = node.get("@id")
    known = by_id.get(identifier) if isinstance(identifier, str) else None
    return known if known is not None and len(node) == 1 else node


def _text(value: Any) -> str | None:
    """Give a text in the reader's language, else in English, else the first there is."""
    texts: dict[str, str] = {}
    for one in _many(value):
        if isinstance(one, dict):
            inner = one.get("@value", one.get("name", one.get("termCode", one.get("value"))))
            language = str(one.get("@language", ""))[:2].lower()
            found = inner if isinstance(inner, str) else _text(inner) if isinstance(inner, dict | list) else None
        else:
            language, found = "", str(one) if isinstance(one, str | int | float) and not isinstance(one, bool) else None
        if found:
            texts.setdefault(language, found)
    for language in (locale().language, SOURCE_LANGUAGE, ""):
        if language in texts:
            return texts[language]
    return next(iter(texts.values()), None)


def _each_text(value: Any) -> list[str]:
    return [text for one in _many(value) if (text := _text(one))]


def _of_course(course: Node, by_id: dict[str, Node]) -> Iterator[dict[str, Any]]:
    general = _general(course)
    instances = [_full(one, by_id) for one in _many(course.get("hasCourseInstance"))]
    if not instances:
        yield general
    for n, instance in enumerate(instances, start=1):
        values = _of_instance(general, instance, by_id)
        if len(instances) > 1 and OWN_ID in values:
            # Several instances of one course must keep names of their own.
            values[OWN_ID] = f"{values[OWN_ID]}#{instance.get('@id') or instance.get('startDate') or n}"
        yield values


def _general(node: Node) -> dict[str, Any]:
    values: dict[str, Any] = {}
    identifier = node.get("courseCode") or _text(node.get("identifier")) or node.get("@id")
    if isinstance(identifier, str | int):
        values[OWN_ID] = str(identifier)
    for name, key in (("name", "title"), ("description", "description")):
        if text := _text(node.get(name)):
            values[key] = text
    if taught := _each_text(node.get("teaches")):
        values["outcomes"] = taught
    return values | _about(node) | _level(node) | _languages(node)


def _about(node: Node) -> dict[str, Any]:
    values: dict[str, Any] = {}
    keywords = [word for text in _each_text(node.get("keywords")) for word in re.split(r"\s*[,;]\s*", text) if word]
    for one in _many(node.get("about")):
        code = one.get("termCode") if isinstance(one, dict) else None
        if code and "isced" in str(one.get("inDefinedTermSet", "")).lower():
            values["isced_f"] = str(code)
        elif text := _text(one):
            if "discipline" in values:
                keywords.append(text)
            else:
                values["discipline"] = text
    return values | ({"keywords": keywords} if keywords else {})


def _level(node: Node) -> dict[str, Any]:
    values: dict[str, Any] = {}
    stated = _many(node.get("educationalLevel"))
    texts = _each_text(stated) + [str(one["termCode"]) for one in stated if isinstance(one, dict) and "termCode" in one]
    for text in (*texts, *_each_text(node.get("educationalCredentialAwarded"))):
        if found := _EQF.search(text):
            values.setdefault("eqf", found[1])
        elif level := _level_in(text):
            values.setdefault("level", level)
    return values


def _level_in(text: str) -> str | None:
    """Find a level in words such as "Bachelor of Science"; levels we do not know stay unknown."""
    if code := code_of("level", text):
        return code
    first = re.match(r"(bachelor|master|doctor)", text, re.IGNORECASE)
    return {"b": "bachelor", "m": "master", "d": "doctoral"}[first[0][0].lower()] if first else None


def _languages(node: Node) -> dict[str, Any]:
    found = []
    for one in _many(node.get("inLanguage")) + _many(node.get("availableLanguage")):
        code = one.get("alternateName") if isinstance(one, dict) else None
        if text := code if isinstance(code, str) else _text(one):
            found.append(text)
    return {"exchange_languages": list(dict.fromkeys(found))} if found else {}


def _of_instance(general: dict[str, Any], instance: Node, by_id: dict[str, Node]) -> dict[str, Any]:
    own = _general(instance)
    values = {**own, **general, **{key: own[key] for key in ("exchange_languages",) if key in own}}
    for name, key in (("startDate", "starts_on"), ("endDate", "ends_on")):
        if text := _text(instance.get(name)):
            values[key] = text
    if mode := _mode(_each_text(instance.get("courseMode"))):
        values["mode"] = mode
    schedules = [_full(one, by_id) for one in _many(instance.get("courseSchedule"))]
    slots = [slot for schedule in schedules for slot in _slots(schedule)]
    if slots:
        values["slots"] = slots
    for schedule in schedules:
        if zone := _text(schedule.get("scheduleTimezone")):
            values["time_zone"] = zone
        for name, key in (("startDate", "starts_on"), ("endDate", "ends_on")):
            if (text := _text(schedule.get(name))) and key not in values:
                values[key] = text
    return values


def _mode(texts: list[str]) -> str | None:
    """Live or not: whether a course is online or on campus says nothing about that, and is not guessed from."""
    ends = {text.rpartition("#")[2].rpartition("/")[2].lower() for text in texts}
    is_live, is_not = "synchronous" in ends, "asynchronous" in ends
    if is_live or is_not:
        return "mixed" if is_live and is_not else "synchronous" if is_live else "asynchronous"
    return None


def _slots(schedule: Node) -> Iterator[dict[str, str]]:
    start, end = _text(schedule.get("startTime")), _text(schedule.get("endTime"))
    for day in _each_text(schedule.get("byDay")):
        name = _PREFIX.sub("", day).lower()
        weekday = next((code for code in _DAYS if name[:2] == code[:2]), name)
        if start and end:
            yield {"weekday": weekday, "start": start, "end": end}
