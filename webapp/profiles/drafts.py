"""What somebody has typed into the course form and not saved yet."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from werkzeug.datastructures import MultiDict

from webapp.accounts.models import User
from webapp.profiles.models import CourseProfile, FormDraft

KEPT_FOR = timedelta(days=60)
"""How long a draft waits for its person."""
MOST_FIELDS = 800
MOST_CHARACTERS = 200_000

# Tokens and buttons are no part of what was typed.
_NOT_TYPED = frozenset({"csrf_token", "then", "add"})


def key_of(course: CourseProfile | None) -> str:
    """Name the form of a course, or that of a new one."""
    return "course:new" if course is None else f"course:{course.id}"


def browser_key(person: User) -> str:
    """Name the place in a browser's own store where one person's typing waits until it is kept here."""
    return f"causeway:{person.id}"


def typed(sent: Iterable[tuple[str, str]]) -> list[list[str]] | None:
    """Give what was typed, name by value in the order of the page; None when that is more than a form can hold.

    Parameters
    ----------
    sent
        Names and values as the browser sent them.
    """
    fields = [[name, value] for name, value in sent if name not in _NOT_TYPED]
    if len(fields) > MOST_FIELDS or sum(len(value) for _name, value in fields) > MOST_CHARACTERS:
        return None
    return fields


def keep(draft: FormDraft | None, person: User, key: str, fields: list[list[str]], now: datetime) -> FormDraft:
    """Write what was typed over what was kept before; the row is made when there is none yet."""
    draft = draft or FormDraft(user_id=person.id, form=key)
    draft.fields = fields
    draft.saved_at = now
    return draft


def is_newer(draft: FormDraft, course: CourseProfile | None) -> bool:
    """Tell whether the draft was typed after the course was saved last."""
    return course is None or draft.saved_at > course.updated_at


def as_sent(draft: FormDraft) -> MultiDict[str, str]:
    """Give the draft as the browser had sent it."""
    return MultiDict([(name, value) for name, value in draft.fields])
