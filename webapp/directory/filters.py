"""What somebody looks for, as the address of the page states it."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, TypeAlias

from werkzeug.datastructures import MultiDict

from matcher.profile import Level, Mode, Region
from matcher.vocabulary.isced import FIELDS
from webapp.db import LAST_PAGE
from webapp.directory.facets import SIZES

MOST_SIGNS = 300
"""Longer searches are cut: a few sentences say all that can be looked for."""
LEAST_WEEKS = (2, 4, 6, 8, 10, 12)
"""What one may ask for: shared teaching weeks, at least."""
LEAST_HOURS = ("0.5", "1", "2")
"""And live hours in a usual week, at least; the matcher counts two as enough."""

Address: TypeAlias = list[tuple[str, str]]


class Order(StrEnum):
    """How results are sorted."""

    FIT = "fit"
    RELEVANCE = "relevance"
    NEWEST = "newest"


_KNOWN: dict[str, Callable[[str], Any]] = {
    "region": lambda it: it in set(Region),
    "country": lambda it: re.fullmatch("[A-Z]{2}", it),
    "field": lambda it: len(it) == len("06") and it in FIELDS,
    "level": lambda it: it in set(Level),
    "language": lambda it: re.fullmatch("[a-z]{2,3}", it),
    "size": lambda it: it in SIZES,
    "mode": lambda it: it in set(Mode),
    "sdg": lambda it: it.isascii() and it.isdecimal() and 1 <= int(it) <= 17,
}


@dataclass(frozen=True)
class Wanted:
    """A search.

    Parameters
    ----------
    text : str
        Words looked for; empty for none.
    course_id : int or None
        The course of one's own to compare with; 0 for none, None when the address does not say.
    order : Order or None
        None when the address does not say.
    all_courses : bool
        Whether courses are shown too that a hard rule keeps from the chosen one.
    chosen : Mapping
        Values by facet; facets without any are missing.
    weeks : int
        Shared teaching weeks, at least; 0 for any.
    hours : str
        Live hours a week, at least, as in `LEAST_HOURS`; empty for any.
    page : int
    """

    text: str = ""
    course_id: int | None = None
    order: Order | None = None
    all_courses: bool = False
    chosen: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    weeks: int = 0
    hours: str = ""
    page: int = 1

    @classmethod
    def read(cls, args: MultiDict[str, str]) -> "Wanted":
        """Read the parts of an address; what makes no sense there is left away."""
        order, course_id = args.get("sort", ""), args.get("course", type=int)
        chosen = {
            name: tuple(dict.fromkeys(value for value in args.getlist(name) if is_known(value)))
            for name, is_known in _KNOWN.items()
        }
        weeks, hours = args.get("weeks", 0, type=int), args.get("hours", "")
        return cls(
            text=" ".join(args.get("q", "").replace("\0", " ").split())[:MOST_SIGNS],
            course_id=course_id if course_id is None or 0 <= course_id < 2**31 else None,
            order=Order(order) if order in set(Order) else None,
            all_courses=args.get("all") == "1",
            chosen={name: values for name, values in chosen.items() if values},
            weeks=weeks if weeks in LEAST_WEEKS else 0,
            hours=hours if hours in LEAST_HOURS else "",
            page=min(max(args.get("page", 1, type=int), 1), LAST_PAGE),
        )

    def address(self) -> Address:
        """Give the parts of the address that state this search; what is usual is not said."""
        said: Address = [("q", self.text)] if self.text else []
        if self.course_id is not None:
            said.append(("course", str(self.course_id)))
        if self.order is not None:
            said.append(("sort", self.order.value))
        if self.all_courses:
            said.append(("all", "1"))
        said += [(name, value) for name, values in self.chosen.items() for value in values]
        if self.weeks:
            said.append(("weeks", str(self.weeks)))
        if self.hours:
            said.append(("hours", self.hours))
        if self.page > 1:
            said.append(("page", str(self.page)))
        return said

    @property
    def filters(self) -> tuple[str, ...]:
        """Names of the filters in force, the words looked for first."""
        named = [("q", self.text), *self.chosen.items(), ("weeks", self.weeks), ("hours", self.hours)]
        return tuple(name for name, value in named if value)

    def without(self, name: str, value: str | None = None) -> "Wanted":
        """Drop a filter, or one of its values."""
        if name in self.chosen:
            left = tuple(one for one in self.chosen[name] if value is not None and one != value)
            chosen = {other: left if other == name else values for other, values in self.chosen.items()}
            return replace(self, chosen={other: values for other, values in chosen.items() if values}, page=1)
        empty: dict[str, Any] = {"q": {"text": ""}, "weeks": {"weeks": 0}, "hours": {"hours": ""}}
        return replace(self, **empty.get(name, {}), page=1)

    def with_all_courses(self) -> "Wanted":
        """Show courses too that a hard rule keeps from the chosen one."""
        return replace(self, all_courses=True, page=1)

    def cleared(self) -> "Wanted":
        """Drop every filter and the words; the course to compare with stays."""
        return Wanted(course_id=self.course_id, order=self.order, all_courses=self.all_courses)
