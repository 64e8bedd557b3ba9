"""Languages of the pages, and names and figures in the reader's language."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_interval, format_skeleton
from babel.lists import format_list
from flask import Flask, has_request_context, request, session
from flask_babel import Babel, get_locale, get_timezone
from flask_babel import gettext as _
from flask_login import current_user

LANGUAGES = ("en", "fr", "ja")
SOURCE_LANGUAGE = "en"

FORMATS = {"en": Locale("en", "GB")}
"""Locales for dates, lists and names where the language alone would follow one country's habits."""

OLDER_ZONE_NAMES = {zone: alias for alias, zone in reversed(list(get_global("zone_aliases").items()))}
"""Present IANA name of a time zone to the older one under which CLDR may keep the city's name."""


def N_(message: str) -> str:
    """Mark a text for translation where it is defined; it is translated where it is shown."""
    return message


def choose_language() -> str:
    """Pick the language of this request: the person's own, else the one chosen here, else the browser's."""
    if not has_request_context():
        return SOURCE_LANGUAGE
    if current_user and current_user.is_authenticated:
        return str(current_user.language)
    chosen = session.get("language")
    if chosen in LANGUAGES:
        return str(chosen)
    return str(request.accept_languages.best_match(LANGUAGES) or SOURCE_LANGUAGE)


def choose_time_zone() -> str:
    """Pick the time zone of this request: the person's own, else UTC."""
    if has_request_context() and current_user and current_user.is_authenticated:
        return str(current_user.time_zone)
    return "UTC"


def locale() -> Locale:
    """Give the locale in force, British English outside a request."""
    found: Locale = get_locale() or Locale(SOURCE_LANGUAGE)
    return FORMATS.get(str(found), found)


def country_name(code: str | None) -> str:
    """Name a country (ISO 3166-1 alpha-2) in the reader's language; the code itself when unknown."""
    return str(locale().territories.get(code or "", code or ""))


def language_name(code: str) -> str:
    """Name a language (BCP 47) in the reader's language."""
    known = locale().languages.get(code.replace("-", "_")) or locale().languages.get(code.split("-")[0])
    return known or code


def own_language_name(code: str) -> str:
    """Name a language in itself, as language menus do."""
    return Locale.parse(code, sep="-").display_name or code


def join(items: Iterable[object], separator: str | None = None) -> str:
    """Join words as the language does: "a, b and c"; with a separator, as Jinja's own filter of this name."""
    words = [str(item) for item in items]
    return format_list(words, locale=locale()) if separator is None else separator.join(words)


def _zone(name: str | None) -> ZoneInfo:
    """The time zone of this name, else the reader's, else UTC."""
    return ZoneInfo(name or str(get_timezone() or "UTC"))


def _date(value: date, skeleton: str, zone: str | None) -> str:
    """Write a date by a CLDR skeleton; an instant is first taken to a time zone, the reader's by default."""
    if isinstance(value, datetime):
        value = value.astimezone(_zone(zone)).date()
    naive = datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a date has no zone
    return str(format_skeleton(skeleton, naive, locale=locale()))


def day(value: date, zone: str | None = None) -> str:
    """Write a date with its weekday: "Tue, 16 Feb 2027"; of an instant, its date in a zone, the reader's by default."""
    return _date(value, "yMMMEd", zone)


def short_day(value: date, zone: str | None = None) -> str:
    """Write day and month: "16 Feb"; of an instant, its date in a zone, the reader's by default."""
    return _date(value, "MMMd", zone)


def week_days(week: str) -> str:
    """Write an ISO week such as ``2026-W47`` as its days: "16–22 Nov 2026"."""
    monday = date.fromisoformat(f"{week}-1")
    return str(format_interval(monday, monday + timedelta(days=6), "yMMMd", locale=locale()))


def month(value: date) -> str:
    """Name the month, short."""
    return format_date(value, "LLL", locale=locale())


def clock(value: datetime, zone: str | None = None) -> str:
    """Write hours and minutes of an instant in a time zone (IANA), the reader's by default."""
    tz = _zone(zone)
    return str(format_skeleton("Hm", value.astimezone(tz), locale=locale(), tzinfo=tz))


def instant(value: datetime, zone: str | None = None) -> str:
    """Write an instant as day and time with the city of its zone: "Tue, 16 Feb 2027, 14:05 (Tokyo)"."""
    tz = _zone(zone).key
    return str(_("%(day)s, %(time)s (%(city)s)", day=day(value, tz), time=clock(value, tz), city=zone_city(tz)))


def zone_city(zone: str) -> str:
    """Name the city a time zone (IANA) is called after: "Ho Chi Minh City"."""
    names = locale().time_zones
    for name in (zone, OLDER_ZONE_NAMES.get(zone, zone)):
        city: str | None = names.get(name, {}).get("city")
        if city:
            return city
    return zone.split("/")[-1].replace("_", " ")


def zone_name(zone: str) -> str:
    """Name a time zone (IANA) by its city and country: "Lisbon, Portugal"; the city alone where it says enough."""
    city = zone_city(zone)
    country = locale().territories.get(get_global("zone_territories").get(zone, ""), "")
    is_place = country and zone.partition("/")[0] not in ("Etc", "UTC")
    return str(_("%(city)s, %(country)s", city=city, country=country)) if is_place and city not in country else city


FILTERS = (
    country_name,
    language_name,
    own_language_name,
    join,
    day,
    short_day,
    week_days,
    month,
    clock,
    instant,
    zone_name,
    zone_city,
)


def init_app(app: Flask) -> None:
    """Attach languages, and give templates the functions above as filters."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(app.config["ROOT"] / "translations")
    Babel(app, locale_selector=choose_language, timezone_selector=choose_time_zone)
    for function in FILTERS:
        app.jinja_env.filters[function.__name__] = function
    app.jinja_env.globals["LANGUAGES"] = LANGUAGES
    app.jinja_env.globals["locale"] = locale
