"""The plan as a document: built out of two courses, its canonical JSON and fingerprint, and what changed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from flask_babel import LazyString
from flask_babel import gettext as _

from matcher.calendars import live_hours, shared_weeks, teaching_weeks
from matcher.profile import CourseProfile as MatcherProfile
from matcher.profile import ProfileError
from webapp.matches import plan_words, teams, window, wording
from webapp.matches.lifecycle import Side
from webapp.matches.models import Match
from webapp.profiles.for_matcher import to_matcher
from webapp.profiles.models import CourseProfile

FORMAT = "causeway-plan-1"
SHORT_FINGERPRINT = 12
FRIDAY = timedelta(days=4)

PATHS = (
    *("course.a", "course.b", "leader", "weeks", "students.a", "students.b", "languages", "mode", "tools", "live"),
    *("credit_system.a", "credit_system.b", "credit.a", "credit.b", "sharing", "privacy.a", "privacy.b"),
    "contingency",
)
"""The parts of a document in the order of the page."""

WRITTEN = frozenset({"credit.a", "credit.b", "sharing", "contingency"})
"""Parts that only people write; all others are copied from the courses until somebody edits them."""

Document = dict[str, Any]


class Change(NamedTuple):
    """A part two versions state differently, in words."""

    label: str
    before: str
    after: str


def build(match: Match) -> Document:
    """Make the document of a match out of its two courses as they are now."""
    sides = {side.value: match.course(side) for side in Side}
    a, b = match.course_a, match.course_b
    weeks = _weeks(match)
    return {
        "format": FORMAT,
        "course": {side: _course(course) for side, course in sides.items()},
        "weeks": weeks,
        "students": {side: {"from": it.students, "to": it.students_most or it.students} for side, it in sides.items()},
        "languages": sorted(a.exchange_languages.keys() & b.exchange_languages.keys()),
        "mode": a.mode if a.mode == b.mode else None,
        "tools": teams.common_tools(a, b),
        "live": live_in(match, weeks),
        "credit_system": {side: it.institution.credit_system for side, it in sides.items()},
        "credit": {side: {"number": "", "recognised": "not_said", "words": ""} for side in sides},
        "sharing": {"what": "counts", "words": ""},
        "privacy": {side: _privacy(course) for side, course in sides.items()},
        "contingency": "",
        "leader": _lead(match),
        "edited": [],
    }


def _lead(match: Match) -> str | None:
    """The side its explanation names to lead, so that both regions lead alike often; None when it names none."""
    named = match.explanation.get("lead")
    return named if named in list(Side) else None


def _course(course: CourseProfile) -> Document:
    return {
        "title": course.title,
        "institution": course.institution.name,
        "country": course.institution.country,
        # By number: who closes an account takes the name along, and the fingerprint must stay.
        "lecturer": course.lecturer_id,
        "subject": course.discipline,
        "field": course.isced_f,
        "level": course.level,
    }


def _privacy(course: CourseProfile) -> Document:
    at = course.institution
    return {"regime": at.privacy_regime, "country": at.country, "transfer": at.transfer_basis}


def _profiles(match: Match) -> tuple[MatcherProfile, MatcherProfile] | None:
    """Both courses as the matcher sees them; weeks over on the day of the proposal are none to share, ever."""
    today = match.proposed_at.date()
    try:
        return to_matcher(match.course_a, 1, today), to_matcher(match.course_b, 1, today)
    except ProfileError:
        return None


def _weeks(match: Match) -> Document | None:
    profiles = _profiles(match)
    if profiles is None:
        return None
    seen = replace(
        wording.read(match.explanation),
        shared_weeks=shared_weeks(*profiles),
        teaching_weeks_a=teaching_weeks(profiles[0]),
        teaching_weeks_b=teaching_weeks(profiles[1]),
    )
    proposed = window.propose(match, seen)
    if proposed is None:
        return None
    # A week counts as taught when three of its days are, so that a term may begin or end inside it.
    starts, ends = [it.starts_on for it in profiles if it.starts_on], [it.ends_on for it in profiles if it.ends_on]
    first, last = max(proposed.weeks[0], *starts), min(proposed.weeks[-1] + FRIDAY, *ends)
    return {"first": first.isoformat(), "last": last.isoformat(), "count": len(proposed.weeks)}


def live_in(match: Match, weeks: Mapping[str, Any] | None) -> Document | None:
    """Tell how many minutes a week both classes can meet live in the weeks of a plan; None when unknown."""
    profiles = _profiles(match)
    if profiles is None or weeks is None:
        return None
    first, last = date.fromisoformat(weeks["first"]), date.fromisoformat(weeks["last"])
    found = [week for week in live_hours(*profiles) if first <= week.week + FRIDAY and week.week <= last]
    if not found:
        return None
    minutes = [round(week.hours * plan_words.MINUTES) for week in found]
    return {"minutes_from": min(minutes), "minutes_to": max(minutes), "assumed": any(it.assumed for it in found)}


def edited(match: Match, standing: Mapping[str, Any], values: Mapping[str, Any]) -> Document:
    """Change parts of a document by hand.

    Parameters
    ----------
    match
        Whose live hours follow the weeks.
    standing
        The document that stands.
    values
        What the parts say now, by path such as ``students.a``.

    Returns
    -------
    dict
        A new document; what differs is marked as edited, and no longer follows the courses.
    """
    changed = {path: value for path, value in values.items() if value != plan_words.value_at(standing, path)}
    document = _with(standing, changed)
    document["edited"] = sorted({*standing["edited"], *changed})
    if "weeks" in changed and "live" not in values:
        document["live"] = live_in(match, document["weeks"])
    return document


def followed(match: Match, standing: Mapping[str, Any]) -> Document:
    """Bring a document up to date with the courses, but for what people wrote or edited."""
    now = build(match)
    kept = WRITTEN | set(standing["edited"])
    document = _with(standing, {path: plan_words.value_at(now, path) for path in PATHS if path not in kept})
    if "weeks" in kept and "live" not in kept:
        document["live"] = live_in(match, document["weeks"])
    return document


def _with(document: Mapping[str, Any], values: Mapping[str, Any]) -> Document:
    made: Document = json.loads(canonical(document))
    for path, value in values.items():
        name, _dot, side = path.partition(".")
        if side:
            made[name][side] = value
        else:
            made[name] = value
    return made


def canonical(document: Mapping[str, Any]) -> bytes:
    """Write a document as the bytes its fingerprint is made of: JSON with sorted keys, no spaces, UTF-8."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode()


def fingerprint(document: Mapping[str, Any]) -> str:
    """Give the SHA-256 of a document's canonical JSON, in hexadecimal."""
    return hashlib.sha256(canonical(document)).hexdigest()


def parts(document: Mapping[str, Any]) -> list[plan_words.Part]:
    """Put every part of a document into words, in the order of the page."""
    return [plan_words.part(document, path) for path in PATHS]


def changes(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[Change]:
    """Tell what changed between two versions, part by part in words."""
    return [change_at(path, old, new) for path in _changed(old, new)]


def change_at(path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Change:
    """Put what two versions say of one part beside each other."""
    said = plan_words.part(new, path)
    return Change(said.label, plan_words.part(old, path).words, said.words)


def sentences(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[LazyString]:
    """Tell the same in a sentence for each part, which each receiver of a mail reads in their own language."""
    return [LazyString(_sentence, path, old, new) for path in _changed(old, new)]


def _changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> list[str]:
    return [path for path in PATHS if plan_words.value_at(old, path) != plan_words.value_at(new, path)]


def _sentence(path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> str:
    change = change_at(path, old, new)
    before, after = ("; ".join(words.splitlines()) for words in (change.before, change.after))
    return str(_("%(part)s: “%(before)s” became “%(after)s”.", part=change.label, before=before, after=after))
