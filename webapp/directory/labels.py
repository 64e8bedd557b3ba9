"""What people read for the facets and filters of the directory."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from matcher.profile import Level, Mode, Region
from webapp.directory.facets import SIZES
from webapp.directory.filters import LEAST_HOURS, LEAST_WEEKS, Order, Wanted
from webapp.i18n import country_name, language_name
from webapp.matches.wording import decimal
from webapp.profiles.labels import isced_label, level_label, region_label, sdg_label

FACET_LABELS = {
    "region": _l("Region"),
    "country": _l("Country"),
    "field": _l("Field of education"),
    "level": _l("Level"),
    "language": _l("Language of the exchange"),
    "size": _l("Size of the class"),
    "mode": _l("Way of working"),
    "sdg": _l("Sustainable Development Goals"),
}
LEAST_LABELS = {"weeks": _l("Shared teaching weeks"), "hours": _l("Live hours shared per week")}
ORDER_LABELS = {Order.FIT: _l("Best fit"), Order.RELEVANCE: _l("Nearest to the words"), Order.NEWEST: _l("Newest")}
MODE_LABELS = {
    Mode.SYNCHRONOUS: _l("Live"),
    Mode.ASYNCHRONOUS: _l("Each in their own time"),
    Mode.MIXED: _l("Mixed"),
}

_IN_ORDER: dict[str, Sequence[str]] = {
    "region": tuple(Region),
    "level": tuple(Level),
    "size": tuple(SIZES),
    "mode": tuple(Mode),
    "sdg": tuple(map(str, range(1, 18))),
}


@dataclass(frozen=True)
class Option:
    """One value of a facet, with how many courses it would show."""

    value: str
    label: str
    n: int
    is_chosen: bool


@dataclass(frozen=True)
class Choice:
    """A facet as the page shows it; ``n_chosen`` of its options are chosen."""

    name: str
    label: str
    options: tuple[Option, ...]

    @property
    def n_chosen(self) -> int:
        """How many options are chosen."""
        return sum(option.is_chosen for option in self.options)


@dataclass(frozen=True)
class Chip:
    """A filter in force, and the search without it."""

    label: str
    without: Wanted


def _size_label(key: str) -> str:
    least, most = SIZES[key]
    if most >= 10**6:
        return str(_("%(least)d students or more", least=least))
    return str(_("%(least)d to %(most)d students", least=least, most=most))


def weeks_label(weeks: int) -> str:
    """Say how many weeks, at least."""
    return str(ngettext("At least %(num)d week", "At least %(num)d weeks", weeks))


def hours_label(hours: str) -> str:
    """Say how many hours, at least."""
    n = float(hours)
    if n == 1:
        return str(_("At least 1 hour"))
    return str(_("At least %(hours)s hours", hours=decimal(n)))


def value_label(name: str, value: str) -> str:
    """Name a value of a facet."""
    words: dict[str, Callable[[str], str]] = {
        "region": region_label,
        "country": country_name,
        "field": isced_label,
        "level": level_label,
        "language": language_name,
        "size": _size_label,
        "mode": lambda it: str(MODE_LABELS[Mode(it)]),
        "sdg": lambda it: sdg_label(int(it)),
    }
    return words[name](value)


def _by_name(pair: tuple[str, str]) -> str:
    return unicodedata.normalize("NFKD", pair[1].casefold())


def choices(wanted: Wanted, counts: Mapping[str, Mapping[str, int]]) -> list[Choice]:
    """Give the facets with what can be chosen: values that would show something, and those chosen."""
    found = []
    for name, label in FACET_LABELS.items():
        chosen, its = wanted.chosen.get(name, ()), counts.get(name, {})
        values = {value for value, n in its.items() if n} | set(chosen)
        if name in _IN_ORDER:
            ordered = [(value, value_label(name, value)) for value in _IN_ORDER[name] if value in values]
        else:
            ordered = sorted(((value, value_label(name, value)) for value in values), key=_by_name)
        options = tuple(Option(value, text, its.get(value, 0), value in chosen) for value, text in ordered)
        found.append(Choice(name, str(label), options))
    return found


def at_least(wanted: Wanted, counts: Mapping[str, Mapping[str, int]]) -> list[Choice]:
    """Give what may be asked of shared time; empty without a course to share it with."""
    if "weeks" not in counts:
        return []
    weeks = tuple(
        Option(str(n), weeks_label(n), counts["weeks"][str(n)], wanted.weeks == n) for n in LEAST_WEEKS
    )  # fmt: skip
    hours = tuple(Option(n, hours_label(n), counts["hours"][n], wanted.hours == n) for n in LEAST_HOURS)
    return [
        Choice("weeks", str(LEAST_LABELS["weeks"]), weeks),
        Choice("hours", str(LEAST_LABELS["hours"]), hours),
    ]


def filter_label(name: str, wanted: Wanted) -> str:
    """Say what a filter in force asks for, all its values together."""
    if name == "q":
        return str(_("the words “%(words)s”", words=wanted.text))
    if name == "possible":
        return str(_("only possible partners"))
    if name == "weeks":
        return str(_("shared weeks: %(least)s", least=weeks_label(wanted.weeks)))
    if name == "hours":
        return str(_("live hours per week: %(least)s", least=hours_label(wanted.hours)))
    return str(FACET_LABELS[name])


def chips(wanted: Wanted) -> list[Chip]:
    """Name the filters in force, each with the search without it."""
    found = [Chip(filter_label("q", wanted), wanted.without("q"))] if wanted.text else []
    for name, values in wanted.chosen.items():
        found += [Chip(value_label(name, value), wanted.without(name, value)) for value in values]
    for name in ("weeks", "hours"):
        if name in wanted.filters:
            found.append(Chip(filter_label(name, wanted), wanted.without(name)))
    return found
