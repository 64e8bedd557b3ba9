"""What a course says, fact by fact, as people read it: for its page and for comparing two versions of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from babel.dates import format_skeleton
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.i18n import country_name, day, join, language_name, locale, zone_city
from webapp.profiles import labels


@dataclass(frozen=True)
class Fact:
    """One thing a course says.

    Parameters
    ----------
    field
        The form field it was stated in.
    label
        Its name.
    lines
        What is said, line by line; empty when nothing is.
    also
        Further columns it speaks of.
    """

    field: str
    label: str
    lines: tuple[str, ...]
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class FactGroup:
    """Facts under one heading."""

    title: str
    facts: tuple[Fact, ...]

    @property
    def stated(self) -> tuple[Fact, ...]:
        """The facts that say something."""
        return tuple(fact for fact in self.facts if fact.lines)


@dataclass(frozen=True)
class Difference:
    """A fact two versions of a course state differently."""

    field: str
    label: str
    saved: tuple[str, ...]
    typed: tuple[str, ...]


def _lines(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _row(words: Iterable[str]) -> tuple[str, ...]:
    """Short words on one line."""
    return _lines(join(list(words)))


def _language(code: str, level: str | None) -> str:
    if not level:
        return language_name(code)
    return str(_("%(language)s, level %(level)s", language=language_name(code), level=labels.cefr_name(level)))


def _clock(text: str) -> str:
    hour, _colon, minute = text.partition(":")
    # Any day will do: only hours and minutes are written.
    return format_skeleton("Hm", datetime(2000, 1, 3, int(hour), int(minute)), locale=locale())  # noqa: DTZ001


def _slot(slot: Mapping[str, str]) -> str:
    return str(
        _(
            "%(weekday)s, %(start)s to %(end)s",
            weekday=labels.weekday_label(slot["weekday"]),
            start=_clock(slot["start"]),
            end=_clock(slot["end"]),
        )
    )


def _span(first: str, last: str) -> str:
    start, end = day(date.fromisoformat(first)), day(date.fromisoformat(last))
    return start if first == last else str(_("%(start)s to %(end)s", start=start, end=end))


def _number(text: Any, n: int | None) -> tuple[str, ...]:
    return () if n is None else (str(text),)


def _size(fewest: int | None, most: int | None) -> tuple[str, ...]:
    if fewest is None or most is None or most == fewest:
        return _number(fewest, fewest)
    return (str(_("%(fewest)d to %(most)d", fewest=fewest, most=most)),)


def groups(values: Mapping[str, Any]) -> tuple[FactGroup, ...]:
    """Read a course aloud.

    Parameters
    ----------
    values
        Its columns by name, as `webapp.profiles.rules.values_of` gives them.
    """
    v = values
    eqf, weeks = v["eqf"], v["weeks_wanted"]
    return (
        FactGroup(
            _("The course"),
            (
                Fact("title", _("Title"), _lines(v["title"])),
                Fact("discipline", _("Subject"), _lines(v["discipline"])),
                Fact("isced_f", _("Field of education"), _lines(labels.isced_label(v["isced_f"]))),
                Fact("description", _("Description"), _lines(*v["description"].split("\n"))),
                Fact("outcomes", _("Learning outcomes"), tuple(v["outcomes"])),
                Fact("keywords", _("Keywords"), _row(v["keywords"])),
            ),
        ),
        FactGroup(
            _("The class"),
            (
                Fact("level", _("Level"), _lines(labels.level_label(v["level"]))),
                Fact("eqf", _("EQF level"), _number(eqf, eqf)),
                Fact("students", _("Students"), _size(v["students"], v["students_most"]), ("students_most",)),
                Fact("capacity", _("Partner classes"), _number(v["capacity"], v["capacity"])),
                Fact("bandwidth", _("Connections"), _lines(labels.bandwidth_label(v["bandwidth"]))),
            ),
        ),
        FactGroup(
            _("Languages"),
            (
                Fact(
                    "exchange_languages",
                    _("Languages of the exchange"),
                    tuple(_language(code, level) for code, level in v["exchange_languages"].items()),
                ),
                Fact("native_languages", _("Spoken at home"), _row(map(language_name, v["native_languages"]))),
                Fact("learning_languages", _("Being learned"), _row(map(language_name, v["learning_languages"]))),
            ),
        ),
        FactGroup(
            _("When"),
            (
                Fact("term_name", _("Term"), _lines(v["term_name"])),
                Fact("starts_on", _("First day of teaching"), (day(v["starts_on"]),) if v["starts_on"] else ()),
                Fact("ends_on", _("Last day of teaching"), (day(v["ends_on"]),) if v["ends_on"] else ()),
                Fact("breaks", _("Breaks"), tuple(_span(one["from"], one["to"]) for one in v["breaks"])),
                Fact(
                    "weeks_wanted",
                    _("Weeks of the exchange"),
                    _number(ngettext("%(num)d week", "%(num)d weeks", weeks or 0), weeks),
                ),
                Fact("time_zone", _("Time zone"), _lines(zone_city(v["time_zone"]) if v["time_zone"] else "")),
                Fact("slots", _("Live hours"), tuple(map(_slot, v["slots"]))),
            ),
        ),
        FactGroup(
            _("Working together"),
            (
                Fact("mode", _("Way of working"), _lines(labels.mode_label(v["mode"]))),
                Fact("tools", _("Tools"), _row(map(labels.tool_label, v["tools"]))),
                Fact("blocked_tools", _("Tools that do not work"), _row(map(labels.tool_label, v["blocked_tools"]))),
                Fact("themes", _("Themes"), _row(v["themes"])),
                Fact("sdgs", _("Goals"), tuple(map(labels.sdg_label, v["sdgs"]))),
                Fact("skills", _("Skills"), tuple(map(labels.skill_label, v["skills"]))),
            ),
        ),
        FactGroup(
            _("Wishes for a partner"),
            (
                Fact("wish_field", _("Field of education"), _lines(labels.field_wish_label(v["wish_field"]))),
                Fact("wish_regions", _("Regions"), _row(map(labels.region_label, v["wish_regions"]))),
                Fact("wish_countries", _("Countries"), _row(map(country_name, v["wish_countries"]))),
                Fact("wish_disciplines", _("Subjects"), _row(v["wish_disciplines"])),
                Fact("must_have_topic", _("Topic a partner must share"), _lines(v["must_have_topic"])),
            ),
        ),
    )


def differences(saved: Mapping[str, Any], typed: Mapping[str, Any]) -> list[Difference]:
    """List what two versions of a course state differently, in the order of its page.

    Parameters
    ----------
    saved, typed
        Columns by name.
    """
    pairs = (
        pair
        for group_saved, group_typed in zip(groups(saved), groups(typed), strict=True)
        for pair in zip(group_saved.facts, group_typed.facts, strict=True)
    )
    return [
        Difference(a.field, a.label, a.lines, b.lines)
        for a, b in pairs
        if any(saved[column] != typed[column] for column in (a.field, *a.also))
    ]
