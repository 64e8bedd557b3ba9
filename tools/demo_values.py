"""Plausible values for what the published descriptions of the demonstration courses leave open.

Everything here is drawn from a hash of the course's id, so that the same data always gives the same file.
"""

import re
from datetime import date, timedelta
from hashlib import blake2b

FIRST_TERM_DAY, LAST_TERM_DAY = date(2027, 1, 1), date(2027, 7, 31)

# Word in the course's discipline or title -> (ISCED-F field, goals). The first that occurs counts.
FIELDS = (
    ("teacher|tefl|teaching|education (f|s)", "0114", (4, 10)),
    ("nurs", "0913", (3,)),
    ("midwi", "0913", (3, 5)),
    ("diet|nutrition|health", "0915", (2, 3)),
    ("social work|social innovation", "0923", (1, 10)),
    ("tourism", "1015", (8, 12, 13)),
    ("gastronom|food", "1013", (2, 12)),
    ("architect", "0731", (11, 13)),
    ("civil and structural|civil engineering", "0732", (9, 11)),
    ("mechanical", "0715", (9, 12)),
    ("chemical|formulation of active", "0711", (3, 9)),
    ("chemistry", "0531", (6, 12)),
    ("software|digital business|learning design", "0613", (8, 9)),
    ("industrial design|product development", "0212", (9, 12)),
    ("legal english|law", "0421", (10, 16)),
    ("account", "0411", (8,)),
    ("financ", "0412", (8,)),
    ("marketing|advertis", "0414", (8, 12)),
    ("journalis|screenwrit|media and", "0321", (16,)),
    ("econom", "0311", (8, 10)),
    ("office management", "0415", (8,)),
    ("business|entrepren|management|leadership|commerce", "0413", (8, 9, 17)),
    ("music|drama|theatre", "0215", (10, 16)),
    ("art history", "0213", (11,)),
    ("literature", "0232", (10, 16)),
    ("cultural studies|humanities", "0314", (10, 16)),
    ("studies|european", "0314", (16, 17)),
    ("english|language|spanish|french|dutch|japanese|italian|russian|arabic|korean|espanol", "0231", (4, 17)),
)
LEARNT = {
    "english": "en", "ielts": "en", "spanish": "es", "fran[cç]ais|french": "fr", "dutch|nederlandse": "nl",
    "japanese": "ja", "italian": "it", "russian": "ru", "arabic": "ar", "korean": "ko", "german": "de",
}  # fmt: skip
ENGLISH = {
    "C2": "GB IE AU NZ", "C1": "NL SE DK NO FI MT SG IN PH HK LU",
    "B2": "AT BE BG BN CH CY CZ DE EE GR HR HU LT LV MY PL PT RO SI SK ES IT FR PK BD",
}  # fmt: skip
# Dates of 2027; a break outside the course is left out.
BREAKS = {
    "03-26 04-02": "AT BE CY DE DK ES FI FR GB IE IT MT NL NO PL PT SE SI",
    "03-22 03-28": "PH",
    "02-06 02-14": "VN SG HK MO",
    "04-29 05-05": "JP",
    "05-01 05-05": "CN",
    "04-12 04-18": "AU NZ",
}
SKILLS = ("U1.1", "U1.5", "U2.1", "U2.3", "U4.1", "U4.3", "D2.2", "D2.4", "D3.1")
# Where the working day of the other continent is reached: Asian afternoons and European mornings.
STARTS = {
    "Asia": ("14:00", "15:00", "15:30", "16:00", "17:00"),
    "Europe": ("08:30", "09:00", "10:00", "11:00", "13:00"),
}
TOOLS = ("zoom", "teams", "google_docs", "padlet", "miro", "moodle", "canva", "microsoft_365", "email")
LOCAL_TOOLS = {
    "CN": ("voov", "tencent_docs", "wechat", "teams"), "JP": ("line",), "KR": ("kakaotalk",), "IN": ("whatsapp",),
}  # fmt: skip
BLOCKED = {"CN": ("google_meet", "google_docs", "youtube", "whatsapp")}
THIN_LINES = "IN PH VN ID BN MY"
# Where the first official language of the reference data is not what most students speak at home.
HOME_LANGUAGES = {"PH": "fil", "IN": "hi"}


def draw(key: str, what: str, n: int) -> int:
    """A number from 0 to n - 1 that depends only on the course's id and the name of the field."""
    return int.from_bytes(blake2b(f"{key}/{what}".encode(), digest_size=8).digest()) % n


def pick(key: str, what: str, choices: tuple[str, ...], n: int) -> list[str]:
    """``n`` different entries of ``choices``, in the order of the table."""
    ranked = sorted(choices, key=lambda choice: draw(key, f"{what}/{choice}", 2**60))
    return [choice for choice in choices if choice in ranked[:n]]


def is_gap(key: str, what: str, percent: int) -> bool:
    """Whether this course leaves the field open: thin profiles are common, so the demonstration has them."""
    return draw(key, f"gap/{what}", 100) < percent


def field_and_goals(text: str) -> tuple[str | None, list[int]]:
    """ISCED-F field and Sustainable Development Goals that the words of ``text`` suggest."""
    for words, code, goals in FIELDS:
        if re.search(words, text.casefold()):
            return code, list(goals)
    return None, []


def languages(key: str, text: str, country: str, native: list[str]) -> tuple[dict[str, str | None], list[str]]:
    """Languages the class can work in with CEFR levels, and those it is learning."""
    english: str = next((level for level, codes in ENGLISH.items() if country in codes.split()), "B1")
    learning = list(
        dict.fromkeys(
            code for words, code in LEARNT.items() if re.search(words, text.casefold()) and code not in native
        )
    )
    is_teaching = re.search("teacher|tefl|teaching", text.casefold())
    spoken: dict[str, str | None] = {"en": english}
    for code in learning:
        if code != "en":
            spoken[code] = ("A2", "B1", "B1", "B2")[draw(key, "level", 4)]
    if is_teaching or (learning != ["en"] and draw(key, "own language", 5) < 2):
        spoken.update(dict.fromkeys(native[:1], "C2"))
    return spoken, [] if is_teaching else learning


def term(key: str, rows: list[dict[str, str]]) -> tuple[date, date] | None:
    """First and last day of the course inside one of the country's terms that begin in early 2027."""
    usable = []
    for row in rows:
        first = date.fromisoformat(f"2027-{row['start_mmdd']}")
        last = date.fromisoformat(f"2027-{row['end_mmdd']}")
        if first <= date(2027, 5, 31) and last > first:
            usable.append((first, min(last, LAST_TERM_DAY)))
    if not usable:
        return None
    first, last = usable[draw(key, "term", len(usable))]
    monday = first + timedelta(days=-first.weekday() % 7) + timedelta(weeks=draw(key, "late start", 3))
    last = last - timedelta(weeks=draw(key, "early end", 2))
    return monday, last


def breaks(country: str, first: date, last: date) -> list[dict[str, str]]:
    """Holidays of the country inside the course."""
    found = []
    for days, countries in BREAKS.items():
        start, end = (date.fromisoformat(f"2027-{day}") for day in days.split())
        if country in countries.split() and first < start and end < last:
            found.append({"from": start.isoformat(), "to": end.isoformat()})
    return found


def slots(key: str, region: str) -> list[dict[str, str]]:
    """One to three weekly lessons of ninety minutes."""
    days = pick(key, "day", ("mon", "tue", "wed", "thu", "fri"), 1 + draw(key, "lessons", 3))
    found = []
    for day in days:
        starts = STARTS[region]
        hour, minute = map(int, starts[draw(key, f"hour/{day}", len(starts))].split(":"))
        end = hour * 60 + minute + 90
        found.append({"weekday": day, "start": f"{hour:02}:{minute:02}", "end": f"{end // 60:02}:{end % 60:02}"})
    return found


def tools(key: str, country: str) -> tuple[list[str], list[str]]:
    """Tools the class works with and those blocked where it is."""
    blocked = BLOCKED.get(country, ())
    choices = tuple(tool for tool in TOOLS if tool not in blocked)
    used = pick(key, "tools", choices, 2 + draw(key, "n tools", 3))
    return sorted({*used, *LOCAL_TOOLS.get(country, ())}), list(blocked)
