"""Inviting a partner by hand: what stands in the way, and the match that begins with it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import IntegrityError

from config import Settings
from matcher.explanation import Explanation
from matcher.profile import CourseProfile as MatcherProfile
from matcher.profile import ProfileError
from matcher.rules import RuleSettings, check
from webapp.accounts.models import User
from webapp.db import db
from webapp.errors import WrongStateError
from webapp.i18n import day
from webapp.mail.outbox import promise
from webapp.matches import emails, proposals, queries
from webapp.matches.house_limits import breaks_cap
from webapp.matches.lifecycle import Side
from webapp.matches.models import Match
from webapp.matches.places import has_room, takes_proposals
from webapp.matches.wording import sentence
from webapp.profiles.for_matcher import to_matcher
from webapp.profiles.models import CourseProfile, CourseState

LONGEST_NOTE = 1000
"""Letters an inviter may write."""


@dataclass(frozen=True)
class Chance:
    """One course of the inviter beside the one that is to be invited.

    Parameters
    ----------
    course
        The inviter's course.
    hindrances
        Why the two may not be matched, in sentences; empty when they may.
    pair
        Both as the matcher reads them, side A first; None when it cannot read one.
    """

    course: CourseProfile
    hindrances: tuple[str, ...]
    pair: tuple[MatcherProfile, MatcherProfile] | None


def open_of(courses: Sequence[CourseProfile], now: datetime) -> list[CourseProfile]:
    """Pick the courses with which one can invite: open, and not over."""
    today = now.date()
    return [
        course
        for course in courses
        if course.state is CourseState.OPEN and (course.ends_on is None or course.ends_on >= today)
    ]


def chances(own: Sequence[CourseProfile], partner: CourseProfile, settings: Settings, now: datetime) -> list[Chance]:
    """Judge each of the inviter's courses by the hard rules and the limits of institutions that bind rounds, too.

    Parameters
    ----------
    own
        The inviter's open courses, with their institutions loaded.
    partner
        The course to be invited.
    settings
        What the rules ask for.
    now
        The instant (aware).
    """
    taken = queries.open_counts([partner.id, *(course.id for course in own)])
    tried = frozenset(frozenset((str(partner.id), str(other))) for other in queries.partners_tried(partner.id))
    rules = RuleSettings(min_shared_weeks=settings.min_shared_weeks, tried=tried)
    found = []
    limits: dict[int, str | None] = {}
    for course in own:
        try:
            a, b = (
                to_matcher(side, max(side.capacity - taken[side.id], 0), now.date())
                for side in proposals.in_order(course, partner)
            )
        except ProfileError:
            broken = _("One of the two profiles has a mistake in it. Open yours and save it.")
            found.append(Chance(course, (broken,), None))
            continue
        problems = [sentence(reason) or _("A rule forbids it.") for reason in check(a, b, rules)]
        if course.institution_id not in limits:
            limits[course.institution_id] = breaks_cap(course, partner)
        found.append(Chance(course, (*problems, *filter(None, [limits[course.institution_id]])), (a, b)))
    return found


def hindrances(inviter: User, partner: CourseProfile, settings: Settings, now: datetime) -> list[str]:
    """Say what keeps a person from inviting this course with any of their own; empty when nothing does."""
    lecturer = partner.lecturer
    if lecturer.id == inviter.id:
        return [_("This is one of your own courses.")]
    found = []
    if not takes_proposals(lecturer, now.date()):
        until = lecturer.paused_until
        found.append(
            _("This lecturer pauses and takes no invitations before %(day)s.", day=day(until))
            if until is not None and until > now.date()
            else _("This lecturer takes no invitations at present.")
        )
    elif not has_room(lecturer):
        found.append(_("This lecturer has as many matches at once as they want. Try again later."))
    if not has_room(inviter):
        found.append(_("You have as many matches at once as your preferences allow. Raise the number there, or wait."))
    if queries.n_open_invitations(inviter.id) >= settings.open_invitations:
        found.append(
            ngettext(
                "%(num)d invitation of yours still waits for an answer. Wait or withdraw it, then invite again.",
                "%(num)d invitations of yours still wait for an answer. Wait or withdraw one, then invite again.",
                settings.open_invitations,
            )
        )
    return found


def invite(
    chance: Chance,
    partner: CourseProfile,
    explanation: Explanation,
    note: str,
    *,
    settings: Settings,
    now: datetime,
) -> Match:
    """Begin a match by hand: the inviter has accepted, the other side is asked. Flushed, its mail promised.

    Parameters
    ----------
    chance
        The inviter's course, judged in this transaction.
    partner
        The course that is invited.
    explanation
        Of the pair, side A first.
    note
        The inviter's own words; may be empty.
    settings
        Days to answer, and invitations at once.
    now
        The instant (aware).

    Raises
    ------
    WrongStateError
        When something stands in the way, or the pair was matched at the same moment.
    """
    own = chance.course
    queries.lock_courses({own.id, partner.id})
    problems = [*hindrances(own.lecturer, partner, settings, now), *chance.hindrances]
    if not problems and (limit := breaks_cap(own, partner, hold=True)):
        problems = [limit]
    if problems:
        raise WrongStateError(" ".join(problems))
    a, b = proposals.in_order(own, partner)
    match = proposals.propose(
        a,
        b,
        round_id=None,
        score=explanation.score,
        confidence=explanation.confidence,
        explanation=explanation.to_dict(),
        respond_by=now + timedelta(days=settings.respond_days),
        now=now,
        inviter=Side.A if a is own else Side.B,
        note=note,
    )
    try:
        db.session.flush()
    except IntegrityError as error:
        raise WrongStateError() from error
    for key, mail in emails.invitation(match, note.strip()):
        promise(key, mail, now)
    return match
