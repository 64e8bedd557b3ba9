"""Dates, times, places and lists as readers of each language write them."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from flask import Flask
from flask_babel import force_locale

from webapp import i18n

TUESDAY = date(2027, 2, 16)
EARLY = datetime(2027, 2, 16, 7, 5, tzinfo=UTC)
LATE = datetime(2027, 2, 16, 22, 30, tzinfo=UTC)


@pytest.fixture(params=["en", "fr", "ja"])
def language(request: pytest.FixtureRequest, app: Flask) -> Iterator[str]:
    """Each language in turn, inside a request of a stranger."""
    with app.test_request_context("/"), force_locale(request.param):
        yield request.param


def test_a_day_names_its_weekday_and_puts_its_parts_in_the_languages_order(language: str) -> None:
    expected = {"en": "Tue, 16 Feb 2027", "fr": "mar. 16 févr. 2027", "ja": "2027年2月16日(火)"}
    assert i18n.day(TUESDAY) == expected[language]


def test_a_short_day_is_day_and_month(language: str) -> None:
    assert i18n.short_day(TUESDAY) == {"en": "16 Feb", "fr": "16 févr.", "ja": "2月16日"}[language]


def test_a_week_is_written_as_its_days(language: str) -> None:
    plain = "".join(i18n.week_days("2026-W47").split())
    assert plain == {"en": "16–22Nov2026", "fr": "16–22nov.2026", "ja": "2026年11月16日～22日"}[language]


def test_the_day_of_an_instant_is_the_day_in_the_zone_asked_for(language: str) -> None:
    assert i18n.day(LATE, "Asia/Tokyo") == i18n.day(date(2027, 2, 17))
    assert i18n.day(LATE, "Europe/Lisbon") == i18n.day(TUESDAY)
    assert i18n.short_day(LATE, "Asia/Tokyo") == i18n.short_day(date(2027, 2, 17))


def test_a_clock_has_24_hours_and_stands_in_its_zone(language: str) -> None:
    assert i18n.clock(EARLY, "Asia/Ho_Chi_Minh") == "14:05"
    assert i18n.clock(EARLY, "Asia/Kolkata") == "12:35"
    assert i18n.clock(EARLY, "Europe/Lisbon") == {"en": "07:05", "fr": "07:05", "ja": "7:05"}[language]


def test_an_instant_names_day_time_and_city(language: str) -> None:
    shown = i18n.instant(EARLY, "Asia/Ho_Chi_Minh")
    city = {"en": "Ho Chi Minh City", "fr": "Hô-Chi-Minh-Ville", "ja": "ホーチミン"}[language]
    assert all(part in shown for part in (i18n.day(TUESDAY), "14:05", city))


@pytest.mark.parametrize(
    ("zone", "names"),
    [
        ("Europe/Lisbon", {"en": "Lisbon", "fr": "Lisbonne", "ja": "リスボン"}),
        ("Asia/Yangon", {"en": "Yangon", "fr": "Rangoun", "ja": "ヤンゴン"}),
        ("Asia/Kolkata", {"en": "Kolkata", "fr": "Calcutta", "ja": "コルカタ"}),
        ("Asia/Calcutta", {"en": "Kolkata", "fr": "Calcutta", "ja": "コルカタ"}),
        ("UTC", {"en": "UTC", "fr": "UTC", "ja": "UTC"}),
    ],
)
def test_a_city_is_named_even_where_the_tables_know_it_by_an_older_zone(
    language: str, zone: str, names: dict[str, str]
) -> None:
    assert i18n.zone_city(zone) == names[language]


def test_a_zone_is_city_and_country_unless_the_city_says_it_all(language: str) -> None:
    shown = i18n.zone_name("Europe/London")
    both = {"en": ("London", "United Kingdom"), "fr": ("Londres", "Royaume-Uni"), "ja": ("ロンドン", "イギリス")}
    assert all(part in shown for part in both[language])
    assert i18n.zone_name("Asia/Singapore") == {"en": "Singapore", "fr": "Singapour", "ja": "シンガポール"}[language]
    assert i18n.zone_name("UTC") == "UTC"


def test_words_are_joined_as_the_language_does(language: str) -> None:
    assert i18n.join([]) == ""
    assert i18n.join(["a"]) == "a"
    assert i18n.join("abc") == {"en": "a, b and c", "fr": "a, b et c", "ja": "a、b、c"}[language]


def test_a_separator_makes_join_the_plain_filter_of_templates(language: str) -> None:
    assert i18n.join([1, 2], "; ") == "1; 2"


def test_languages_and_countries_have_names_and_unknown_codes_stay_visible(language: str) -> None:
    assert i18n.language_name("ja") == {"en": "Japanese", "fr": "japonais", "ja": "日本語"}[language]
    assert i18n.country_name("PT") == {"en": "Portugal", "fr": "Portugal", "ja": "ポルトガル"}[language]
    assert i18n.language_name("xx") == "xx"
    assert i18n.country_name(None) == ""


def test_a_language_menu_names_each_language_in_itself() -> None:
    assert [i18n.own_language_name(code) for code in ("en", "fr", "ja", "zh-Hans")] == [
        "English",
        "français",
        "日本語",
        "中文 (简体)",
    ]


@pytest.mark.usefixtures("context")
def test_outside_a_request_times_are_in_utc_and_words_in_british_english() -> None:
    assert i18n.instant(EARLY) == "Tue, 16 Feb 2027, 07:05 (UTC)"
    assert str(i18n.locale()) == "en_GB"


def test_a_strangers_pages_are_in_the_language_of_the_browser_until_they_choose(app: Flask) -> None:
    client = app.test_client()
    assert '<html lang="fr"' in client.get("/", headers={"Accept-Language": "fr-CA,fr;q=0.9"}).text
    client.post("/language", data={"language": "ja"})
    assert '<html lang="ja"' in client.get("/", headers={"Accept-Language": "fr"}).text


def test_a_language_nobody_speaks_here_gives_english(app: Flask) -> None:
    assert '<html lang="en-GB"' in app.test_client().get("/", headers={"Accept-Language": "tlh"}).text
