"""Invented course profiles of any number, for tests and benchmarks; never shown as real courses.

Subjects, countries, zones and terms are real kinds; the courses are not. A third of the profiles is thin, as
in real catalogues, some countries are hubs, and Europe offers more places than Asia.
"""

from __future__ import annotations

import random
from datetime import date, time, timedelta

from matcher.profile import Bandwidth, CourseProfile, Level, Mode, Region, Slot

# Country, IANA zone, language, CEFR level of English, first Monday of term, weeks of term, weight as a hub.
_ASIA = (
    ("JP", "Asia/Tokyo", "ja", "B1", date(2027, 4, 12), 15, 6),
    ("KR", "Asia/Seoul", "ko", "B1", date(2027, 3, 1), 15, 4),
    ("CN", "Asia/Shanghai", "zh", "B1", date(2027, 3, 1), 18, 4),
    ("IN", "Asia/Kolkata", "hi", "C1", date(2027, 1, 11), 16, 3),
    ("VN", "Asia/Ho_Chi_Minh", "vi", "B1", date(2027, 2, 15), 18, 2),
    ("TH", "Asia/Bangkok", "th", "B1", date(2027, 1, 11), 15, 2),
    ("MM", "Asia/Yangon", "my", "A2", date(2027, 2, 1), 12, 1),
    ("AU", "Australia/Sydney", "en", "C2", date(2027, 3, 1), 13, 3),
)
_EUROPE = (
    ("DE", "Europe/Berlin", "de", "B2", date(2027, 4, 12), 14, 6),
    ("FR", "Europe/Paris", "fr", "B2", date(2027, 1, 25), 14, 5),
    ("GB", "Europe/London", "en", "C2", date(2027, 1, 18), 11, 5),
    ("NL", "Europe/Amsterdam", "nl", "C1", date(2027, 2, 8), 20, 3),
    ("FI", "Europe/Helsinki", "fi", "C1", date(2027, 1, 18), 16, 2),
    ("PL", "Europe/Warsaw", "pl", "B2", date(2027, 3, 1), 15, 2),
    ("ES", "Europe/Madrid", "es", "B1", date(2027, 2, 1), 15, 3),
    ("MT", "Europe/Malta", "mt", "C1", date(2027, 2, 15), 15, 1),
)
# Discipline, ISCED-F field, language learnt, goals, what such courses treat.
_SUBJECTS = (
    ("Marketing", "0414", None, (8, 12), "consumer behaviour|brands across cultures|social media|fair prices"),
    ("Nursing", "0913", None, (3,), "care for older people|patient records|health promotion|infection control"),
    ("Architecture", "0731", None, (11, 13), "housing in dense cities|public space|timber building|heat in cities"),
    ("Tourism", "1015", None, (8, 12), "sustainable destinations|heritage trails|visitor flows|small hotels"),
    ("Law", "0421", None, (10, 16), "comparative contract law|data protection|human rights cases|legal writing"),
    ("Software engineering", "0613", None, (9,), "agile teams|mobile apps for clinics|open source|testing"),
    ("Environmental science", "0521", None, (13, 15), "river pollution|climate adaptation|urban air|waste and reuse"),
    ("English as a foreign language", "0231", "en", (4,), "presentations|academic writing|debate|intercultural talk"),
    ("Japanese language", "0231", "ja", (4,), "conversation|daily life in Japan|keigo at work|pop culture"),
    ("French language", "0231", "fr", (4,), "conversation|the press in French|film|letters between classes"),
    ("Teacher education", "0114", None, (4,), "online tasks|language teaching|inclusive classrooms|assessment"),
    ("Business management", "0413", None, (8, 17), "start-ups|negotiation across cultures|supply chains|family firms"),
    ("Food studies", "1013", None, (2, 12), "fermented food|school meals|food waste|street food"),
    ("Mechanical engineering", "0715", None, (7, 9), "electric vehicles|small wind turbines|product design|robot arms"),
    ("Journalism", "0321", None, (16,), "data stories|reporting migration|fact checking|podcasts"),
    ("Social work", "0923", None, (1, 10), "ageing societies|youth at risk|community projects|disability"),
)  # fmt: skip
_AIMS = (
    "compare practice in two countries",
    "solve a case in mixed teams",
    "interview each other",
    "publish a small study",
)
_TOOLS = ("zoom", "teams", "padlet", "miro", "moodle", "google_docs", "email")
_SKILLS = ("U1.1", "U2.1", "U2.3", "U4.1", "D2.2", "D2.4")
_THIN = 1 / 3
_COURSES_AN_INSTITUTION = 4


def make_profiles(n: int, seed: int = 0) -> list[CourseProfile]:
    """Make ``n`` invented course profiles, every second one Asian.

    The same seed gives the same profiles, and fewer of them are the first of more.

    Parameters
    ----------
    n : int >= 0
        Number of profiles on both sides together.
    seed : int
        Another seed, another catalogue.
    """
    return [_profile(i, random.Random(f"{seed}/{i}"), n_digits=6) for i in range(n)]  # noqa: S311


def _profile(i: int, chance: random.Random, n_digits: int) -> CourseProfile:
    region = (Region.ASIA, Region.EUROPE)[i % 2]
    places = _ASIA if region is Region.ASIA else _EUROPE
    country, zone, tongue, english, first, n_weeks, _ = chance.choices(places, [row[-1] for row in places])[0]
    discipline, isced_f, learnt, goals, topics = chance.choice(_SUBJECTS)
    topic, other = chance.sample(topics.split("|"), 2)
    # Large institutions have small numbers, so some offer far more courses than others.
    number = 1 + int(chance.expovariate(1 / _COURSES_AN_INSTITUTION))
    is_thin = chance.random() < _THIN
    starts_on = first + timedelta(weeks=chance.randrange(3))
    spoken: dict[str, str | None] = {"en": english, **({tongue: "C2"} if chance.random() < 0.3 else {})}
    facts = CourseProfile(
        id=f"c{i:0{n_digits}}",
        institution=f"Invented University {country} {number}",
        country=country,
        title=f"{discipline}: {topic}",
        discipline=discipline,
        level=chance.choices((Level.BACHELOR, Level.MASTER, Level.TVET), (8, 3, 1))[0],
        capacity=1 if region is Region.ASIA else chance.choice((1, 2)),
    )
    if is_thin:
        return facts
    return CourseProfile(
        **{
            **vars(facts),
            "description": f"Students study {topic} and {other}; they want to {chance.choice(_AIMS)}.",
            "keywords": (topic, other),
            "isced_f": isced_f,
            "students": chance.randint(8, 60),
            "exchange_languages": spoken,
            "native_languages": (tongue,),
            "learning_languages": (learnt,) if learnt and learnt != tongue else (),
            "starts_on": starts_on,
            "ends_on": first + timedelta(weeks=n_weeks, days=-3),
            "time_zone": zone,
            "slots": _slots(region, chance),
            "weeks_wanted": chance.choice((4, 6, 8)),
            "mode": chance.choice(tuple(Mode)),
            "tools": tuple(chance.sample(_TOOLS, 3)),
            "blocked_tools": ("google_docs",) if country == "CN" else (),
            "bandwidth": chance.choice(tuple(Bandwidth)),
            "sdgs": goals,
            "skills": tuple(chance.sample(_SKILLS, 2)),
        }
    )


def _slots(region: Region, chance: random.Random) -> tuple[Slot, ...]:
    """None, one or two lessons of ninety minutes: Asian afternoons, European mornings."""
    earliest = 14 if region is Region.ASIA else 8
    days = chance.sample(range(5), chance.randrange(3))
    hours = [chance.randrange(earliest, earliest + 4) for _ in days]
    return tuple(Slot(day, time(hour), time(hour + 1, 30)) for day, hour in sorted(zip(days, hours, strict=True)))
