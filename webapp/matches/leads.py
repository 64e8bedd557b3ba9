"""The sentence on top of a match: what the two courses share, and how much time they have for it."""

from typing import Any

from flask_babel import ngettext

from matcher.explanation import Explanation
from webapp.matches.wording import decimal, sentence, values_of

_SHARED = frozenset({"topic_shared_terms", "topic_close", "field_same", "field_guessed_same"})


def lead(explanation: Explanation) -> str:
    """Say in one sentence why: what the two share and, where it is their topic, how much time they have for it.

    A broken rule comes before everything; without a topic in common the weightiest reason stands alone. Empty when
    there is nothing to say.
    """
    worded = [reason for reason in explanation.reasons if sentence(reason)]
    if not worded:
        return ""
    first = next((reason for reason in worded if reason.kind == "not"), worded[0])
    n_weeks = len(explanation.shared_weeks)
    if first.code not in _SHARED or not n_weeks:
        return sentence(first)
    values = values_of(first)
    hours = [week.hours for week in explanation.live_hours]
    if min(hours, default=0.0) > 0:
        return _lead_with_hours(first.code, values, n_weeks, decimal(sum(hours) / len(hours)))
    return _lead_with_weeks(first.code, values, n_weeks)


def _lead_with_hours(code: str, values: dict[str, Any], n_weeks: int, hours: str) -> str:
    if code == "topic_shared_terms":
        text = ngettext(
            "Both courses speak of %(terms)s, and both teach in %(num)d week, with about %(hours)s live hours in"
            " common.",
            "Both courses speak of %(terms)s, and both teach in the same %(num)d weeks, with about %(hours)s live"
            " hours a week in common.",
            n_weeks,
            hours=hours,
            **values,
        )
    elif code == "topic_close":
        text = ngettext(
            "The two courses are close in meaning, and both teach in %(num)d week, with about %(hours)s live hours in"
            " common.",
            "The two courses are close in meaning, and both teach in the same %(num)d weeks, with about %(hours)s live"
            " hours a week in common.",
            n_weeks,
            hours=hours,
        )
    else:
        text = ngettext(
            "Both courses are of the field “%(field)s”, and both teach in %(num)d week, with about %(hours)s live hours"
            " in common.",
            "Both courses are of the field “%(field)s”, and both teach in the same %(num)d weeks, with about %(hours)s"
            " live hours a week in common.",
            n_weeks,
            hours=hours,
            **values,
        )
    return str(text)


def _lead_with_weeks(code: str, values: dict[str, Any], n_weeks: int) -> str:
    if code == "topic_shared_terms":
        text = ngettext(
            "Both courses speak of %(terms)s, and both teach in %(num)d week.",
            "Both courses speak of %(terms)s, and both teach in the same %(num)d weeks.",
            n_weeks,
            **values,
        )
    elif code == "topic_close":
        text = ngettext(
            "The two courses are close in meaning, and both teach in %(num)d week.",
            "The two courses are close in meaning, and both teach in the same %(num)d weeks.",
            n_weeks,
        )
    else:
        text = ngettext(
            "Both courses are of the field “%(field)s”, and both teach in %(num)d week.",
            "Both courses are of the field “%(field)s”, and both teach in the same %(num)d weeks.",
            n_weeks,
            **values,
        )
    return str(text)
