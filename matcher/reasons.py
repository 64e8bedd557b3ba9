"""Every sentence the matcher can say, by code, ready for translation.

A reason is a code with named parameters, never a finished sentence: pages render it in the reader's
language. The ending of a placeholder's name does not matter, its beginning carries the type, so that a page
can format the value: ``language`` (BCP 47), ``languages``, ``country`` (ISO 3166-1 alpha-2), ``field``
(ISCED-F code), ``level``, ``region``, ``goals`` (SDG numbers), ``skills``, ``tools``, ``terms``, ``hours``,
``weekday``; ``_a`` and ``_b`` mark the Asian (or first) and the European (or second) side.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from matcher.criterion_texts import CRITERION_TEXTS
from matcher.fields import weekday_name
from matcher.reason_text import N_, Kind, ReasonText
from matcher.vocabulary.asem import country_name, region_name
from matcher.vocabulary.isced import field_name
from matcher.vocabulary.languages import language_name
from matcher.vocabulary.levels import level_name
from matcher.vocabulary.sdg import goal_name
from matcher.vocabulary.skills import skill_name
from matcher.vocabulary.tools import tool_name

JsonValue: TypeAlias = str | int | float | bool | list[Any] | dict[str, Any] | None

SIDE = re.compile(r"_[ab]$")


@dataclass(frozen=True)
class Reason:
    """One thing to say about a pair.

    Parameters
    ----------
    kind : {"fits", "talk", "not"}
        Speaks for the pair; is worth talking about; forbids the pair.
    criterion : str
        The criterion or rule it belongs to.
    code : str
        Key of `REASONS`.
    params : Mapping
        JSON values by placeholder name.
    """

    kind: Kind
    criterion: str
    code: str
    params: Mapping[str, JsonValue] = field(default_factory=dict, hash=False)

    def to_dict(self) -> dict[str, JsonValue]:
        """Return the reason as JSON values."""
        return {
            "kind": self.kind,
            "criterion": self.criterion,
            "code": self.code,
            "params": dict(self.params),
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> Reason:
        """Read what `to_dict` wrote, also with a code that has since been removed."""
        return cls(stored["kind"], stored["criterion"], stored["code"], dict(stored["params"]))


# Sentences that name a number avoid plural forms: "weeks: 1" reads well in every language.
RULE_TEXTS: dict[str, ReasonText] = {
    "same_institution": ReasonText(
        "institution", "not", N_("Both courses belong to the same institution, %(institution)s.")
    ),
    "same_region": ReasonText(
        "region",
        "not",
        N_("Both courses are in the same region (%(region)s); partners come from the other one."),
    ),
    "no_region": ReasonText(
        "region", "not", N_("%(country)s belongs to neither of the two ASEM regions, Asia and Europe.")
    ),
    "too_few_shared_weeks": ReasonText(
        "calendar", "not", N_("Shared teaching weeks: %(n_weeks)d; at least needed: %(n_minimum)d.")
    ),
    "no_common_language": ReasonText(
        "language",
        "not",
        N_("No shared language: one course works in %(languages_a)s, the other in %(languages_b)s."),
    ),
    "language_levels_apart": ReasonText(
        "language",
        "not",
        N_("The levels in %(language)s are too far apart: %(cefr_a)s on one side, %(cefr_b)s on the other."),
    ),
    "no_capacity": ReasonText(
        "capacity", "not", N_("The course “%(title)s” at %(institution)s has no place for a further partner.")
    ),
    "already_tried": ReasonText("tried", "not", N_("These two courses have been proposed to each other before.")),
    "must_have_topic_missing": ReasonText(
        "wishes",
        "not",
        N_("The course “%(title)s” must have “%(topic)s”, which “%(partner_title)s” does not mention."),
    ),
    "no_common_tool": ReasonText(
        "technology",
        "not",
        N_("Every tool that either course works with is blocked on one side: %(tools)s."),
    ),
}

# Why a course has no partner in a round (left_out.py); `n_courses` counts the other side, `n_forbidden` those
# of them that the named rule forbids, `n_partners` the permitted ones. Scores are 0..100 as on pages.
LEFT_OUT_TEXTS: dict[str, ReasonText] = {
    "left_out_no_other_side": ReasonText(
        "left_out", "not", N_("No course of the other region had a free place in this round.")
    ),
    "left_out_own_capacity": ReasonText("left_out", "not", N_("This course offers no place for a partner.")),
    "left_out_same_institution": ReasonText(
        "left_out",
        "not",
        N_("No permitted partner. Courses on the other side: %(n_courses)d; of the same institution: %(n_forbidden)d."),
    ),
    "left_out_too_few_shared_weeks": ReasonText(
        "left_out",
        "not",
        N_(
            "No permitted partner. Courses on the other side: %(n_courses)d; with fewer shared teaching weeks"
            " than %(n_minimum)d: %(n_forbidden)d."
        ),
    ),
    "left_out_no_common_language": ReasonText(
        "left_out",
        "not",
        N_(
            "No permitted partner. Courses on the other side: %(n_courses)d; without a language in common:"
            " %(n_forbidden)d."
        ),
    ),
    "left_out_language_levels_apart": ReasonText(
        "left_out",
        "not",
        N_(
            "No permitted partner. Courses on the other side: %(n_courses)d; with language levels too far"
            " apart: %(n_forbidden)d."
        ),
    ),
    "left_out_no_capacity": ReasonText(
        "left_out",
        "not",
        N_("No permitted partner. Courses on the other side: %(n_courses)d; without a free place: %(n_forbidden)d."),
    ),
    "left_out_already_tried": ReasonText(
        "left_out",
        "not",
        N_("No permitted partner. Courses on the other side: %(n_courses)d; already proposed before: %(n_forbidden)d."),
    ),
    "left_out_must_have_topic_missing": ReasonText(
        "left_out",
        "not",
        N_(
            "No permitted partner. Courses on the other side: %(n_courses)d; where a topic that one of the two"
            " must have is missing: %(n_forbidden)d."
        ),
    ),
    "left_out_no_common_tool": ReasonText(
        "left_out",
        "not",
        N_(
            "No permitted partner. Courses on the other side: %(n_courses)d; without a tool that works for"
            " both: %(n_forbidden)d."
        ),
    ),
    "left_out_low_scores": ReasonText(
        "left_out",
        "not",
        N_(
            "Permitted partners: %(n_partners)d, but none fits well enough. Best score: %(score_best)d of 100;"
            " at least needed: %(score_minimum)d."
        ),
    ),
    "left_out_places_taken": ReasonText(
        "left_out",
        "not",
        N_("Possible partners: %(n_partners)d; every place they offer went to another course."),
    ),
    "left_out_for_balance": ReasonText(
        "left_out",
        "not",
        N_(
            "Possible partners: %(n_partners)d, some with a place left, but one more partnership there would"
            " have cost more balance than it is worth."
        ),
    ),
    "left_out_house_cap": ReasonText(
        "left_out",
        "not",
        N_(
            "Possible partners: %(n_partners)d, some with a place left, but one of the two institutions allows no"
            " more exchanges there at present."
        ),
    ),
}

REASONS: dict[str, ReasonText] = {**RULE_TEXTS, **CRITERION_TEXTS, **LEFT_OUT_TEXTS}


def make_reason(code: str, **params: JsonValue) -> Reason:
    """Return the reason of a code, with exactly the parameters its template names.

    Raises
    ------
    KeyError
        If there is no such code.
    ValueError
        If a parameter is missing or unknown.
    """
    text = REASONS[code]
    if text.placeholders != params.keys():
        raise ValueError(f"{code} needs {sorted(text.placeholders)}, not {sorted(params)}")
    return Reason(text.kind, text.criterion, code, params)


def english(reason: Reason) -> str:
    """Return the reason as an English sentence, for the command line.

    Raises
    ------
    KeyError
        If the code is no longer in `REASONS`.
    """
    values = {name: _in_words(name, value) for name, value in reason.params.items()}
    return REASONS[reason.code].template % values


def _in_words(placeholder: str, value: JsonValue) -> JsonValue:
    name = _ENGLISH.get(SIDE.sub("", placeholder), str)
    if isinstance(value, list):
        return ", ".join(name(item) for item in value)
    # Counts stay numbers for %d.
    return value if name is str and isinstance(value, int) else name(value)


def _number(value: Any) -> str:
    return f"{value:.1f}".removesuffix(".0")


# How the value of a placeholder is written in English, by the placeholder's name without its side.
_ENGLISH: dict[str, Callable[[Any], str]] = {
    "countries": country_name,
    "country": country_name,
    "field": field_name,
    "fields": field_name,
    "goals": goal_name,
    "hours": _number,
    "language": language_name,
    "languages": language_name,
    "level": level_name,
    "region": region_name,
    "skills": skill_name,
    "tools": tool_name,
    "weekday": weekday_name,
}
