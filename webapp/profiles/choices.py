"""What the forms offer to choose from, in the reader's language and order."""

import unicodedata
from collections.abc import Iterable
from functools import cache
from importlib.resources import files

from flask_babel import gettext as _

from matcher.fields import FieldWish
from matcher.profile import Bandwidth, Level, Mode, Region
from matcher.vocabulary.asem import REGIONS
from matcher.vocabulary.cefr import CEFR_LEVELS
from matcher.vocabulary.languages import LANGUAGES
from matcher.vocabulary.tools import TOOLS
from webapp.i18n import country_name, language_name, zone_city
from webapp.profiles import labels
from webapp.profiles.fields import Choices, Group
from webapp.profiles.vocabulary_texts import FIELDS, GOALS, SKILLS


def _in_order(named: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Sort values by their names, accents aside."""
    return sorted(named, key=lambda pair: unicodedata.normalize("NFKD", pair[1].casefold()))


def _listed(blank: str, named: Iterable[tuple[str, str]]) -> Choices:
    """A list without groups, after the entry that states nothing."""
    return {None: [("", blank), *named]}


def languages() -> Choices:
    """All languages by name."""
    return _listed(_("Choose a language"), _in_order((code, language_name(code)) for code in LANGUAGES))


def cefr_levels() -> Choices:
    """Language levels with what they mean."""
    return _listed(_("Level not stated"), ((level, labels.cefr_label(level)) for level in CEFR_LEVELS))


def weekdays() -> Choices:
    """Days from Monday."""
    return _listed(_("Choose a day"), ((day, labels.weekday_label(day)) for day in labels.WEEKDAYS))


def levels() -> Choices:
    """Levels of courses."""
    return _listed(_("Choose a level"), ((level.value, labels.level_label(level)) for level in Level))


def eqf_levels() -> Choices:
    """Levels of the European Qualifications Framework."""
    return _listed(_("As the level above says"), ((str(n), _("EQF level %(n)d", n=n)) for n in range(1, 9)))


def modes() -> Choices:
    """Ways of working together."""
    return _listed(_("Not decided yet"), ((mode.value, labels.mode_label(mode)) for mode in Mode))


def bandwidths() -> Choices:
    """What connections carry."""
    return _listed(_("Not known yet"), ((it.value, labels.bandwidth_label(it)) for it in Bandwidth))


def field_wishes() -> Choices:
    """How a partner's field of education should stand to one's own."""
    return _listed(_("No wish"), ((wish.value, labels.field_wish_label(wish)) for wish in FieldWish))


def experiences() -> Choices:
    """How much virtual exchange somebody has done."""
    return _listed(_("Not stated"), ((it.value, labels.experience_label(it)) for it in labels.Experience))


def isced_fields() -> Choices:
    """Fields of education: each broad field with its narrow and, set in, its detailed fields.

    A narrow field of the same name as a field above or below it is left out: nobody could tell them apart.
    """
    found = _listed(_("Choose a field"), ())
    for code in sorted(FIELDS):
        name, broad = labels.isced_label(code), labels.isced_label(code[:2])
        if len(code) == 2:
            found[broad] = [(code, _("%(field)s (the whole field)", field=name))]
        elif len(code) == 4:
            found[broad].append((code, f"\u2003{name}"))
        elif not any(FIELDS[code] == FIELDS[other] for other in FIELDS if other != code and _is_kin(code, other)):
            found[broad].append((code, name))
    return found


def _is_kin(code: str, other: str) -> bool:
    return code.startswith(other) or other.startswith(code)


@cache
def _zones() -> dict[str, tuple[str, ...]]:
    """Time zones of the ASEM countries, by country, from the time zone database."""
    text = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    found: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            country, _place, zone = line.split("\t")[:3]
            if country in REGIONS:
                found[country] = (*found.get(country, ()), zone)
    return found


def time_zones() -> Choices:
    """Time zones named by their cities, grouped by country."""
    found = _listed(_("Choose a time zone"), [("UTC", "UTC")])
    for country, name in _in_order((country, country_name(country)) for country in _zones()):
        found[name] = _in_order((zone, zone_city(zone)) for zone in _zones()[country])
    return found


def goals() -> list[Group]:
    """The Sustainable Development Goals."""
    return [Group("", tuple((goal, labels.sdg_label(goal)) for goal in GOALS))]


def skills() -> list[Group]:
    """Skills by category; the category itself comes first."""
    categories = [skill for skill in SKILLS if "." not in skill]
    return [
        Group(
            labels.skill_label(category),
            (
                (category, _("This area as a whole")),
                *((skill, labels.skill_label(skill)) for skill in SKILLS if skill.startswith(f"{category}.")),
            ),
        )
        for category in categories
    ]


def tools() -> list[Group]:
    """Tools by kind."""
    kinds = dict.fromkeys(tool.kind for tool in TOOLS.values())
    return [
        Group(
            labels.tool_kind_label(kind),
            tuple((tool.tool_id, labels.tool_label(tool.tool_id)) for tool in TOOLS.values() if tool.kind == kind),
        )
        for kind in kinds
    ]


def regions() -> list[Group]:
    """The two regions."""
    return [Group("", tuple((region.value, labels.region_label(region)) for region in Region))]


def countries() -> list[Group]:
    """The countries of ASEM by region."""
    return [
        Group(
            labels.region_label(region),
            tuple(_in_order((code, country_name(code)) for code, its in REGIONS.items() if its is region)),
        )
        for region in Region
    ]
