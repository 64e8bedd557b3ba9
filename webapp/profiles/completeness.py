"""How complete a course profile is, and what each missing part would bring."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

Values = Mapping[str, Any]
Needs = tuple[tuple[str, ...], ...]
"""Columns: of each group one must be stated."""


def is_stated(values: Values, name: str) -> bool:
    """Tell whether a column says anything."""
    return values[name] not in (None, "", [], {})


def are_met(needs: Needs, values: Values) -> bool:
    """Tell whether of each group of columns one is stated."""
    return all(any(is_stated(values, name) for name in group) for group in needs)


def _says(*names: str) -> Needs:
    """Any of these columns."""
    return (names,)


def _says_all(*names: str) -> Needs:
    """All of these columns."""
    return tuple((name,) for name in names)


# Part, weight, needs, what adding it would bring. The weights follow what the matcher weighs and what partners
# read first; they add up to 100.
_PARTS: tuple[tuple[str, int, Needs, Any], ...] = (
    (
        "exchange_languages",
        14,
        _says("exchange_languages"),
        _l("Add the languages of the exchange: without them nobody knows whether both classes can talk."),
    ),
    (
        "starts_on",
        14,
        _says_all("starts_on", "ends_on"),
        _l("Add the first and last day of teaching: partners are found who teach in the same weeks."),
    ),
    (
        "description",
        12,
        _says("description"),
        _l("Add a description: it is what the search for partners reads most closely."),
    ),
    (
        "slots",
        10,
        _says_all("slots", "time_zone"),
        _l("Add your live hours: partners then see when both classes can meet."),
    ),
    (
        "isced_f",
        8,
        _says("isced_f"),
        _l("Add the field of education: it finds partners who describe their subject in other words."),
    ),
    (
        "level",
        7,
        _says("level", "eqf"),
        _l("Add the level: students work best with partners at about the same stage."),
    ),
    (
        "students",
        7,
        _says("students"),
        _l("Add the number of students: groups can be formed when both classes are of similar size."),
    ),
    (
        "tools",
        4,
        _says("tools"),
        _l("Add the tools you work with: partners see at once what both classes know already."),
    ),
    (
        "outcomes",
        4,
        _says("outcomes"),
        _l("Add learning outcomes: offices ask for them before they approve an exchange."),
    ),
    ("keywords", 4, _says("keywords"), _l("Add keywords: they head your card and sharpen the search.")),
    (
        "mode",
        4,
        _says("mode"),
        _l("Add the way of working: live meetings and work in one's own time need different partners."),
    ),
    (
        "themes",
        3,
        _says("themes"),
        _l("Add themes: partners see what the two classes could do together."),
    ),
    (
        "sdgs",
        3,
        _says("sdgs", "skills"),
        _l("Add goals or skills: a shared goal is an easy first topic for two classes."),
    ),
    (
        "bandwidth",
        3,
        _says("bandwidth"),
        _l("Add what your students' connections carry: nobody should be left out by a slow line."),
    ),
    (
        "native_languages",
        2,
        _says("native_languages", "learning_languages"),
        _l("Add the languages your students speak and learn: it makes tandems possible."),
    ),
    (
        "wish_field",
        1,
        _says("wish_field", "wish_disciplines"),
        _l("Add the field you wish for in a partner: “any” says that you are open to all."),
    ),
)


@dataclass(frozen=True)
class Part:
    """One part of a profile.

    Parameters
    ----------
    field
        The form field it begins at.
    weight
        What it counts (points of 100).
    is_done
        Whether it is there.
    gain
        A sentence: what adding it would bring.
    needs
        The columns it is there with: one of each group.
    """

    field: str
    weight: int
    is_done: bool
    gain: str
    needs: Needs = ()


@dataclass(frozen=True)
class Completeness:
    """All parts of a profile, the weightiest first."""

    parts: tuple[Part, ...]

    @property
    def percent(self) -> int:
        """The points reached, 0..100."""
        return sum(part.weight for part in self.parts if part.is_done)

    @property
    def missing(self) -> tuple[Part, ...]:
        """The parts not there yet, the weightiest first."""
        return tuple(part for part in self.parts if not part.is_done)

    @property
    def words(self) -> str:
        """The points in words."""
        return next(words for least, words in levels() if self.percent >= least)


def levels() -> list[tuple[int, str]]:
    """Give the words for points, each with the least points it is said of, the highest first."""
    return [(100, _("complete")), (75, _("nearly complete")), (40, _("a good start")), (0, _("still thin"))]


def of(values: Values) -> Completeness:
    """Judge a course.

    Parameters
    ----------
    values
        Its columns by name, as `webapp.profiles.rules.values_of` gives them.
    """
    return Completeness(
        tuple(Part(field, weight, are_met(needs, values), str(gain), needs) for field, weight, needs, gain in _PARTS)
    )
