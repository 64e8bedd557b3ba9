"""Languages of the pages, and names and figures in the reader's language."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, get_timezone_name
from babel.lists import format_list
from flask import Flask, has_request_context, request, session
from flask_babel import Babel, get_locale, get_timezone
from flask_login import current_user

LANGUAGES = ("en", "fr", "ja")
SOURCE_LANGUAGE = "en"


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
    return request.accept_languages.best_match(LANGUAGES) or SOURCE_LANGUAGE


def choose_time_zone() -> str:
    """Pick the time zone of this request: the person's own, else UTC."""
    if has_request_context() and current_user and current_user.is_authenticated:
        return str(current_user.time_zone)
    return "UTC"


def locale() -> Locale:
    """Give the locale in force, English outside a request."""
    found: Locale | None = get_locale()
    return found or Locale(SOURCE_LANGUAGE)


def country_name(code: str | None) -> str:
    """Name a country (ISO 3166-1 alpha-2) in the reader's language; the code itself when unknown."""
    return locale().territories.get(code or "", code or "")


def language_name(code: str) -> str:
    """Name a language (BCP 47) in the reader's language."""
    known = locale().languages.get(code.replace("-", "_")) or locale().languages.get(code.split("-")[0])
    return known or code


def own_language_name(code: str) -> str:
    """Name a language in itself, as language menus do."""
    return Locale(code).get_display_name(code) or code


def join(items: Iterable[object], separator: str | None = None) -> str:
    """Join words as the language does: "a, b and c"; with a separator, as Jinja's own filter of this name."""
    words = [str(item) for item in items]
    return format_list(words, locale=locale()) if separator is None else separator.join(words)


def day(value: date) -> str:
    """Write a date with its weekday."""
    return format_skeleton("yMMMEd", datetime(value.year, value.month, value.day), locale=locale())  # noqa: DTZ001


def short_day(value: date) -> str:
    """Write day and month."""
    return format_skeleton("MMMd", datetime(value.year, value.month, value.day), locale=locale())  # noqa: DTZ001


def month(value: date) -> str:
    """Name the month, short."""
    return format_date(value, "LLL", locale=locale())


def clock(value: datetime, zone: str | None = None) -> str:
    """Write hours and minutes of an instant in a time zone (IANA), the reader's by default."""
    tz = ZoneInfo(zone) if zone else ZoneInfo(str(get_timezone()))
    return format_skeleton("Hm", value.astimezone(tz), locale=locale(), tzinfo=tz)


def instant(value: datetime, zone: str | None = None) -> str:
    """Write an instant as day and time with its zone named."""
    tz = ZoneInfo(zone) if zone else ZoneInfo(str(get_timezone()))
    local = value.astimezone(tz)
    return f"{day(local.date())}, {clock(value, tz.key)} ({zone_name(tz.key)})"


def zone_name(zone: str) -> str:
    """Name a time zone by its city in the reader's language."""
    if zone == "UTC":
        return "UTC"
    return get_timezone_name(ZoneInfo(zone), width="short", locale=locale(), return_zone=False, zone_variant="generic")


def zone_city(zone: str) -> str:
    """Name the city a time zone is called after."""
    names: Sequence[str] = zone.split("/")
    exemplar = locale().time_zones.get(zone, {}).get("city")
    return exemplar or names[-1].replace("_", " ")


FILTERS = (
    country_name,
    language_name,
    own_language_name,
    join,
    day,
    short_day,
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
