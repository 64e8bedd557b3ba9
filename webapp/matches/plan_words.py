"""A plan in words: what each part is called, and what it says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.i18n import country_name, day, join, language_name
from webapp.institutions import credits
from webapp.institutions.data_protection import basis_label, regime_label
from webapp.matches.lifecycle import Side
from webapp.matches.wording import decimal
from webapp.profiles.labels import isced_label, level_label, mode_label, tool_label

Document = Mapping[str, Any]
MINUTES = 60

RECOGNISED: dict[str, LazyString] = {
    "not_said": _l("Not yet said"),
    "part": _l("Inside the course's credit"),
    "extra": _l("Credit beside the course"),
    "certificate": _l("A certificate, no credit"),
    "none": _l("Not recognised"),
}
"""How students' work is recognised on one side, by code."""

SHARING: dict[str, LazyString] = {
    "counts": _l("Only counts, no names"),
    "names": _l("Names and university addresses"),
    "results": _l("Names, addresses and results"),
}
"""What the two institutions tell each other about students, by code."""

LEADERS: dict[str, LazyString] = {"a": _l("Asia leads"), "b": _l("Europe leads"), "both": _l("Both lead together")}

NOT_SAID = _l("Not yet said")


@dataclass(frozen=True)
class Part:
    """One part of a plan as people read it.

    Parameters
    ----------
    path
        Where it stands in the document: ``weeks``, ``students.a``.
    label
        What it is called, with the institution where each side has its own.
    lines
        What it says; empty when nothing is said yet.
    side
        Whose it is; None for parts of both.
    """

    path: str
    label: str
    lines: tuple[str, ...]
    side: Side | None

    @property
    def words(self) -> str:
        """What it says in one text; says so when nothing is said yet."""
        return "\n".join(self.lines) or str(NOT_SAID)


def value_at(document: Document, path: str) -> Any:
    """Give what a document says at a path such as ``students.a``."""
    name, _dot, side = path.partition(".")
    return document[name][side] if side else document[name]


def part(document: Document, path: str) -> Part:
    """Put one part of a document into words."""
    name, _dot, of_side = path.partition(".")
    label, words = _WORDS[name]
    if not of_side:
        return Part(path, str(label), _lines(words(document[name], document)), None)
    institution = document["course"][of_side]["institution"]
    full = _("%(part)s, %(institution)s", part=str(label), institution=institution)
    return Part(path, str(full), _lines(words(document[name][of_side], document)), Side(of_side))


def part_label(name: str) -> str:
    """Name a part without saying whose it is."""
    return str(_WORDS[name][0])


def recognised_label(code: str) -> str:
    """Say how students' work is recognised."""
    return str(RECOGNISED[code])


def sharing_label(code: str) -> str:
    """Say what the institutions tell each other about students."""
    return str(SHARING[code])


def leader_label(code: str | None, document: Document) -> str:
    """Say who leads, by the names of the institutions; empty when nobody is named yet."""
    if code in ("a", "b"):
        return str(_("%(institution)s leads", institution=document["course"][code]["institution"]))
    return str(LEADERS["both"]) if code == "both" else ""


def _lines(words: str | list[str]) -> tuple[str, ...]:
    lines = [words] if isinstance(words, str) else words
    return tuple(str(line) for line in lines if line)


def _course(it: Mapping[str, Any], _document: Document) -> list[str]:
    return [
        it["title"],
        country_name(it["country"]),
        isced_label(it["field"]) or it["subject"],
        level_label(it["level"]),
    ]


def _weeks(it: Mapping[str, Any] | None, _document: Document) -> str:
    if it is None:
        return ""
    start, end = day(date.fromisoformat(it["first"])), day(date.fromisoformat(it["last"]))
    text = ngettext(
        "%(num)d week, %(start)s to %(end)s", "%(num)d weeks, %(start)s to %(end)s", it["count"], start=start, end=end
    )
    return str(text)


def _students(it: Mapping[str, Any], _document: Document) -> str:
    fewest, most = it["from"], it["to"]
    if fewest is None:
        return ""
    if most is not None and most != fewest:
        return str(_("%(fewest)d to %(most)d students", fewest=fewest, most=most))
    return str(ngettext("%(num)d student", "%(num)d students", fewest))


def _live(it: Mapping[str, Any] | None, _document: Document) -> list[str]:
    if it is None:
        return []
    fewest, most = decimal(it["minutes_from"] / MINUTES), decimal(it["minutes_to"] / MINUTES)
    if it["minutes_to"] == 0:
        said = str(_("No live hour in common"))
    elif fewest == most:
        said = str(_("%(hours)s hours a week in common", hours=fewest))
    else:
        said = str(_("%(fewest)s to %(most)s hours a week in common", fewest=fewest, most=most))
    return [said, str(_("Lesson times are assumed in part")) if it["assumed"] else ""]


def _credit(it: Mapping[str, Any], _document: Document) -> list[str]:
    number = str(_("Credit points: %(number)s", number=it["number"])) if it["number"] else ""
    said = "" if it["recognised"] == "not_said" else recognised_label(it["recognised"])
    return [number, said, it["words"]]


def _sharing(it: Mapping[str, Any], _document: Document) -> list[str]:
    return [sharing_label(it["what"]), *it["words"].splitlines()]


def _privacy(it: Mapping[str, Any], _document: Document) -> list[str]:
    law, basis = regime_label(it["regime"], it["country"]), basis_label(it["transfer"])
    crossing = str(_("Student data may cross borders on this basis: %(basis)s", basis=basis)) if basis else ""
    return [law, crossing]


_WORDS: dict[str, tuple[LazyString, Callable[[Any, Document], str | list[str]]]] = {
    "course": (_l("Course"), _course),
    "weeks": (_l("Weeks"), _weeks),
    "students": (_l("Students"), _students),
    "languages": (_l("Languages of the exchange"), lambda it, _doc: join(map(language_name, it)) if it else ""),
    "mode": (_l("Way of working"), lambda it, _doc: mode_label(it)),
    "tools": (_l("Tools both can use"), lambda it, _doc: join(map(tool_label, it)) if it else ""),
    "live": (_l("Live hours"), _live),
    "credit_system": (_l("Credit system"), lambda it, _doc: credits.label(it)),
    "credit": (_l("Credit"), _credit),
    "sharing": (_l("Data shared about students"), _sharing),
    "privacy": (_l("Data protection"), _privacy),
    "contingency": (_l("If one side falls away"), lambda it, _doc: it.splitlines()),
    "leader": (_l("Who leads"), leader_label),
}
