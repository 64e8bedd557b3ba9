"""What would bring a left-out course a partner: looked for with the round, kept with it, told in words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from matcher.fields import WEEKDAYS
from matcher.market import Decisions
from matcher.partner_matcher import PartnerMatcher
from matcher.profile import CourseProfile as MatcherProfile
from matcher.smallest_change import Done, smallest_changes
from webapp.i18n import day, language_name
from webapp.matches.labels import MODE_WORDS
from webapp.profiles.labels import cefr_name, tool_label, weekday_label
from webapp.rounds.models import LeftOut

SOUGHT = "sought"
"""Where the reason of a left-out course keeps whether all small changes of it were tried."""


@dataclass(frozen=True)
class Looked:
    """What was looked for with a round.

    Parameters
    ----------
    found
        By the id of the course: ``steps`` with ``code`` and ``params``, ``partner_id`` and ``score``, all JSON values.
    unsought
        Ids of the courses for which not every small change was tried, because the market is too large for it.
    """

    found: Mapping[str, dict[str, Any]] = field(default_factory=dict)
    unsought: frozenset[str] = frozenset()


def look_for(
    matcher: PartnerMatcher,
    profiles: Sequence[MatcherProfile],
    left_out: Iterable[str],
    decisions: Decisions,
    now: datetime,
    done: Done | None = None,
) -> Looked:
    """Find the smallest change for each course a round left out, see `matcher.smallest_change`.

    Parameters
    ----------
    matcher, profiles, decisions
        As the round was computed with.
    left_out
        Ids of the courses without a partner.
    now
        The instant (aware): weeks that are over are no weeks to begin earlier in.
    done
        Told of the progress.
    """
    monday = now.date() + timedelta(days=7 - now.weekday())
    looked = smallest_changes(matcher, profiles, list(left_out), decisions, earliest=monday, done=done)
    found = {
        course_id: {
            "steps": [{"code": step.code, "params": dict(step.params)} for step in helped.change.steps],
            "partner_id": int(helped.partner_id),
            "score": helped.score,
        }
        for course_id, helped in looked.found.items()
    }
    return Looked(found, looked.unsought)


def was_sought(row: LeftOut) -> bool:
    """Whether every small change of a left-out course was tried, as far as is known."""
    return row.reason.get(SOUGHT) is not False


def steps(row: LeftOut) -> list[str]:
    """Say what the lecturer of a left-out course could change, a sentence for each thing; empty when unknown."""
    if not row.change:
        return []
    return [said for step in row.change["steps"] if (said := _sentence(step["code"], step["params"]))]


def partner_id(row: LeftOut) -> int | None:
    """Give the course (id) it would have been paired with."""
    return row.change["partner_id"] if row.change else None


def _sentence(code: str, given: dict[str, Any]) -> str:
    if code == "ends_later":
        return str(
            ngettext(
                "End %(num)d week later, on %(day)s.",
                "End %(num)d weeks later, on %(day)s.",
                given["weeks"],
                day=_day(given),
            )
        )
    if code == "starts_earlier":
        return str(
            ngettext(
                "Begin %(num)d week earlier, on %(day)s.",
                "Begin %(num)d weeks earlier, on %(day)s.",
                given["weeks"],
                day=_day(given),
            )
        )
    if code == "language_level":
        return str(
            _(
                "For %(language)s, ask for the level %(level)s instead of %(before)s.",
                language=language_name(given["language"]),
                level=cefr_name(given["level"]),
                before=cefr_name(given["before"]),
            )
        )
    if code == "language_added":
        return str(
            _(
                "Also offer %(language)s as a language of the exchange, at the level %(level)s.",
                language=language_name(given["language"]),
                level=cefr_name(given["level"]),
            )
        )
    if code == "mode":
        return str(_("Choose another way of working: %(mode)s.", mode=MODE_WORDS[given["mode"]]))
    if code == "tool_added":
        return str(_("Also use this tool: %(tool)s.", tool=tool_label(given["tool"])))
    if code == "must_have_dropped":
        return str(_("Do without the one must-have, “%(topic)s”.", topic=given["topic"]))
    if code == "wishes_dropped":
        return str(_("Do without the wishes for regions, countries, subjects and the partner's field."))
    if code == "hours_added":
        return str(
            _(
                "Offer one more live hour: %(weekday)s from %(start)s to %(end)s, local time.",
                weekday=weekday_label(WEEKDAYS[given["weekday"]]),
                start=given["start"],
                end=given["end"],
            )
        )
    return ""


def _day(given: dict[str, Any]) -> str:
    return day(date.fromisoformat(given["on"]))
