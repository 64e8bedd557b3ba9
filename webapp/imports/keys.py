"""How a row of a file finds the course it speaks of again."""

import hashlib
import re

from webapp.imports.columns import OWN_ID
from webapp.imports.reading import Row
from webapp.imports.values import text_of
from webapp.profiles.models import CourseProfile

_OURS = re.compile(r"causeway-([1-9][0-9]{0,8})")


def our_name(course: CourseProfile) -> str:
    """Name a course in a file we write, so that an import of the file finds it again."""
    return f"causeway-{course.id}"


def id_in(key: str) -> int | None:
    """Give the number of the course a file of ours names; None for other keys."""
    found = _OURS.fullmatch(key)
    return int(found[1]) if found else None


def key_of(row: Row) -> str:
    """Give the key by which a row finds its course again: of its own number, else of its title and term."""
    try:
        number = text_of(row.values.get(OWN_ID))
        title = " ".join(text_of(row.values.get("title")).casefold().split())
        term = text_of(row.values.get("term_name")) or text_of(row.values.get("starts_on"))
    except ValueError:
        return ""
    if id_in(number) is not None:
        return number
    if not number and not title:
        return ""
    name = f"number {number}" if number else f"title {title}, term {' '.join(term.casefold().split())}"
    return hashlib.sha256(name.encode()).hexdigest()
