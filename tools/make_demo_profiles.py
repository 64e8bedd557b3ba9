"""Make the demonstration courses of webapp/demo from the shared reference data.

    python -m tools.make_demo_profiles DATA_FOLDER [--out webapp/demo]

Courses are real, from published class partnerships. What the publications leave open is filled in by
`tools.demo_values` and listed by field in filled_in.json, so that no page shows an invented value as a fact.
"""

import argparse
import csv
import json
import re
import unicodedata
from pathlib import Path
from typing import Any

from tools.demo_values import (
    HOME_LANGUAGES,
    SKILLS,
    THIN_LINES,
    breaks,
    draw,
    field_and_goals,
    is_gap,
    languages,
    pick,
    slots,
    term,
    tools,
)
from webapp.institutions.reference import time_zone_of

PAIRS = "coil_pairs_dev.jsonl"
# Hong Kong and Macao count with China in ASEM; the reference data has no institutions of theirs.
HONG_KONG, MACAO = ("Hong Kong", "22.27832", "114.17469"), ("Macao", "22.20056", "113.54611")
EXTRA_INSTITUTIONS = (
    ("HK-001", "Hong Kong Baptist University", "HK", *HONG_KONG, "hkbu.edu.hk"),
    ("HK-002", "Hong Kong University of Science and Technology", "HK", *HONG_KONG, "hkust.edu.hk"),
    ("MO-001", "Institute for Tourism Studies", "MO", *MACAO, "utm.edu.mo"),
    ("MO-002", "University of Macau", "MO", *MACAO, "um.edu.mo"),
)
COUNTED_WITH_CHINA = ("HK", "MO")
# Names that the published descriptions write differently from the list.
ALSO_WRITTEN = {
    "BINUS International University": "ID-005", "Nanyang Technological University": "SG-001",
    "Amsterdam University of Applied Sciences": "NL-009", "Utrecht University of Applied Sciences": "NL-008",
    "Universite Stendhal Grenoble": "FR-037", "University of the Philippines Mindanao": "PH-025",
    "KAIST": "KR-017", "University of New South Wales": "AU-023", "Adam Mickiewicz University": "PL-007",
    "Universiti Teknologi MARA": "MY-021", "Technische Universitaet Muenchen": "DE-023",
}  # fmt: skip
LITTLE_WORDS = (
    "university of the universite universiteit universitat universita universidad universidade universitaet at in and "
    "for de la di der et"
)
# A stand-in should be able to teach any subject.
SPECIAL = re.compile(
    r"medic|dental|agricult|technol|technic|tecn|polytech|arts?\b|m[uú]si|women|pedagog|veterin|econom|business|institut"
    r"|school|politec"
    r"|architect|aviation|bank|mediz|islam|hamdard|posts|college"
    r"|mines|engineer|life sci|sport|theolog|kunst|wirtschaft|catholic|law\b",
    re.IGNORECASE,
)
INSTITUTION_COLUMNS = ("institution_id", "name", "country_iso2", "city", "lat", "lon", "website_domain")
KEPT = ("description", "discipline", "students", "level")
ORDER = (
    "country title discipline description isced_f level students exchange_languages native_languages "
    "learning_languages starts_on ends_on breaks time_zone slots weeks_wanted mode tools blocked_tools "
    "bandwidth sdgs skills capacity"
)


def rows(path: Path) -> list[dict[str, str]]:
    """All rows of a CSV file with a header."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plain_name(name: str) -> str:
    """An institution's name without faculty, branch and note in brackets."""
    return re.sub(r"\(.*?\)", "", name).split(",")[0].strip()


def name_words(name: str) -> frozenset[str]:
    """The words that tell institutions apart, without accents and in any spelling of umlauts."""
    flat = "".join(
        c for c in unicodedata.normalize("NFKD", plain_name(name).casefold()) if not unicodedata.combining(c)
    )
    return frozenset(re.findall(r"[a-z0-9]+", flat.replace("ue", "u").replace("oe", "o"))) - frozenset(
        LITTLE_WORDS.split()
    )


def find_institution(name: str | None, country: str, known: list[dict[str, str]]) -> dict[str, str] | None:
    """The listed institution of that name in that country, if any."""
    if not name:
        return None
    here = [row for row in known if row["country_iso2"] == country]
    listed_id = ALSO_WRITTEN.get(plain_name(name))
    return next(
        (row for row in here if row["institution_id"] == listed_id or name_words(row["name"]) == name_words(name)), None
    )


def institutions_of(
    sides: list[tuple[str, dict[str, Any]]], known: list[dict[str, str]]
) -> dict[str, tuple[dict[str, str], bool]]:
    """Institution of each course by id, and whether it is a stand-in for one that is not listed or not
    named."""
    found = {key: find_institution(side.get("institution"), side["country"], known) for key, side in sides}
    taken = {row["institution_id"] for row in found.values() if row}
    chosen: dict[str, tuple[dict[str, str], bool]] = {}
    for key, side in sides:
        row = found[key]
        if row is None:
            here = [row for row in known if row["country_iso2"] == side["country"]]
            broad = [row for row in here if not SPECIAL.search(row["name"])] or here
            free = [row for row in broad if row["institution_id"] not in taken] or broad
            # Courses of one institution stay together.
            row = free[draw(side.get("institution") or key, "institution", len(free))]
            chosen[key] = (row, True)
        else:
            chosen[key] = (row, False)
    return chosen


def first_words(text: str, n: int = 8) -> str:
    """The first clause of a description, at most ``n`` words, for a course without a title."""
    return " ".join(re.split(r"[;:.,]", text)[0].split()[:n])


def profile_of(
    key: str, side: dict[str, Any], city: str, geo: dict[str, dict[str, str]], terms: list[dict[str, str]]
) -> tuple[dict[str, Any], list[str]]:
    """A course profile without its institution, and the fields that were filled in."""
    country = side["country"]
    place = geo["CN" if country in COUNTED_WITH_CHINA else country]
    known: dict[str, Any] = {field: side[field] for field in KEPT if side.get(field)}
    title = side.get("course_title")
    if title:
        known["title"] = title
    if side.get("native_language"):
        known["native_languages"] = [side["native_language"]]
    text = " ".join(filter(None, (side.get("discipline"), title)))
    filled: dict[str, Any] = {"title": side.get("discipline") or first_words(side["description"]), "level": "bachelor"}
    filled["native_languages"] = [HOME_LANGUAGES.get(country) or place["official_languages_iso639_1"].split()[0]]
    native = known.get("native_languages") or filled["native_languages"]
    if not is_gap(key, "isced_f", 10):
        filled["isced_f"], goals = field_and_goals(text)
        if not is_gap(key, "sdgs", 30):
            filled["sdgs"] = goals
    if not is_gap(key, "students", 15):
        filled["students"] = 12 + draw(key, "students", 38)
    spoken, learning = languages(key, text, country, native)
    filled["learning_languages"] = learning
    if not is_gap(key, "exchange_languages", 8):
        has_levels = not is_gap(key, "cefr", 15)
        filled["exchange_languages"] = spoken if has_levels else dict.fromkeys(spoken)
    filled["time_zone"] = time_zone_of(country, city)
    days = None if is_gap(key, "dates", 4) else term(key, terms)
    if days:
        filled["starts_on"], filled["ends_on"] = (day.isoformat() for day in days)
        filled["breaks"] = breaks(country, *days)
    if not is_gap(key, "slots", 15):
        filled["slots"] = slots(key, place["asem_group"])
    if not is_gap(key, "tools", 20):
        filled["tools"], filled["blocked_tools"] = tools(key, country)
    if not is_gap(key, "bandwidth", 25):
        filled["bandwidth"] = ("low", "medium")[draw(key, "bandwidth", 2)] if country in THIN_LINES else "high"
    if not is_gap(key, "skills", 30):
        filled["skills"] = pick(key, "skills", SKILLS, 2 + draw(key, "n skills", 2))
    if not is_gap(key, "mode", 15):
        filled["mode"] = ("synchronous", "mixed", "mixed", "asynchronous")[draw(key, "mode", 4)]
    if not is_gap(key, "weeks_wanted", 20):
        filled["weeks_wanted"] = (4, 5, 6, 6, 8)[draw(key, "weeks_wanted", 5)]
    # Europe offers more places, as it does in physical mobility; so the balance dial has work to do.
    filled["capacity"] = 1 + (draw(key, "capacity", 2) if place["asem_group"] == "Europe" else 0)
    new = {field: value for field, value in filled.items() if value and field not in known}
    profile = {"country": country, **known, **new}
    return {field: profile[field] for field in ORDER.split() if field in profile}, sorted(new)


def main() -> None:
    """Read the data folder and write the files of the demonstration."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder with the reference data")
    parser.add_argument("--out", type=Path, default=Path("webapp/demo"))
    arguments = parser.parse_args()
    data, out = arguments.data, arguments.out

    listed = rows(data / "institutions.csv")
    listed += [dict(zip(INSTITUTION_COLUMNS, row, strict=True)) for row in EXTRA_INSTITUTIONS]
    geo = {row["iso2"]: row for row in rows(data / "country_geo.csv")}
    calendars = rows(data / "academic_calendars.csv")
    sides, sources = [], {}
    for line in (data / PAIRS).read_text(encoding="utf-8").splitlines():
        pair = json.loads(line)
        for letter in "ab":
            if pair[letter].get("country") in geo or pair[letter].get("country") in COUNTED_WITH_CHINA:
                sides.append((pair["id"] + letter, pair[letter]))
                sources[pair["id"] + letter] = pair["source"]

    chosen = institutions_of(sides, listed)
    profiles, filled_in = [], {}
    for key, side in sides:
        home = "CN" if side["country"] in COUNTED_WITH_CHINA else side["country"]
        institution, is_stand_in = chosen[key]
        terms = [row for row in calendars if row["country_iso2"] == home]
        profile, filled = profile_of(key, side, institution["city"], geo, terms)
        profiles.append({"id": key, "institution": institution["name"], **profile})
        filled_in[key] = sorted([*filled, *(["institution"] if is_stand_in else [])])

    lines = [json.dumps(profile, ensure_ascii=False) for profile in profiles]
    (out / "profiles.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    ids = {key: row["institution_id"] for key, (row, _) in chosen.items()}
    for name, table in (("filled_in", filled_in), ("institution_ids", ids), ("sources", sources)):
        text = json.dumps(table, ensure_ascii=False, indent=1, sort_keys=True)
        (out / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    used = sorted({row["institution_id"]: row for row, _ in chosen.values()}.items())
    with (out / "institutions.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, INSTITUTION_COLUMNS, extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(row for _, row in used)


if __name__ == "__main__":
    main()
