"""Gives the demonstration a past: the exchanges of two terms and a half, so that nobody looks at empty figures.

The courses are the real ones of the demonstration as if they had been offered before, and their partners were found
by the real matcher. What people answered is invented, and taken through the same rules as any answer.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from itertools import cycle

from config import Settings
from matcher.proposals import Proposals
from webapp.access import Role
from webapp.accounts.models import User
from webapp.conversations import rules as conversations
from webapp.conversations.parties import Party
from webapp.demo import answers, loading, people, queries
from webapp.demo.answers import Answers
from webapp.demo.past_terms import PAST_TERMS, Offered, offer, run_round
from webapp.directory import invitations
from webapp.matches.decisions import Limits
from webapp.matches.lifecycle import OPEN_STATES, Side, State
from webapp.matches.models import Match
from webapp.profiles import rules
from webapp.profiles.models import CourseProfile
from webapp.rounds.matching import ROUND_HOUR

BEST, WORST = 0.75, 0.35
"""Share of the proposals both lecturers accept, where the fit is best and where it is worst."""
_PACES = (0.6, 1.0, 1.4, 0.8, 1.9, 1.1)
"""Some answer at once, others take their time."""
_ONES = (Side.B, Side.A, Side.A, Side.B, Side.A)
"""Which side most of what a script tells begins with, in turn."""
_INVITES_AFTER = timedelta(days=4)
_INVITATIONS = 8
"""In each term that is over."""
_AWAITED_DAYS = (13, 8, 5)
"""Days before loading on which the invitations were sent that offices look at now."""
_INVITATION = "We met nobody this time, and your course came next. Would you like to try it with us?"
_LINES = (
    (Side.A, "Our first week went well; half of my students had never worked with anybody abroad."),
    (Side.B, "So it was here. The teams ask for one more live hour before they present. Would Thursday do?"),
)
_SILENT_EVERY = 4
"""Of so many running exchanges one says nothing here, so that a coordinator sees whom to ask."""


def load(now: datetime, settings: Settings) -> int:
    """Add the past, before the first round of the service and never afterwards; inside the caller's transaction.

    Parameters
    ----------
    now
        The instant (aware): everything lies so many days before it.
    settings
        How rounds match and how long people have.

    Returns
    -------
    int
        Exchanges and proposals added; 0 where there is a round already, or nobody of the demonstration.
    """
    everybody = queries.people_at(people.DOMAIN)
    if not everybody or queries.has_rounds():
        return 0
    monday = datetime.combine(now.date() - timedelta(days=now.weekday()), time(ROUND_HOUR), now.tzinfo)
    by_address = {person.email: person for person in everybody}
    code_of, filled_in, mappings = loading.read("institution_ids"), loading.read("filled_in"), loading.originals()
    lecturers = {line: by_address[people.lecturer_address(code)] for line, code in code_of.items()}
    past = _Past(everybody, now, settings)
    tried: set[frozenset[str]] = set()
    for term in PAST_TERMS:
        offered = offer(term, mappings, filled_in, lecturers, monday)
        matches, found = run_round(term, offered, tried, monday, settings)
        past.answer(matches)
        past.invite(offered, matches, found, is_last=term is PAST_TERMS[-1])
        tried |= {frozenset((offered.lines[match.course_a_id], offered.lines[match.course_b_id])) for match in matches}
        past.close(offered)
    past.talk()
    # The people of the demonstration heard of all this long ago.
    queries.forget_mail(people.DOMAIN, now)
    return len(past.matches)


def acceptances(n: int) -> Iterator[bool]:
    """Tell, for n proposals with the best first, which both lecturers accept: evenly more often the better they fit."""
    owed = 0.5
    for rank in range(n):
        owed += BEST - (BEST - WORST) * rank / max(n - 1, 1)
        is_accepted = owed >= 1
        owed -= math.floor(owed)
        yield is_accepted


class _Past:
    """Everything that happened, and who answered it."""

    def __init__(self, everybody: Iterable[User], now: datetime, settings: Settings) -> None:
        self.matches: list[Match] = []
        self._now = now
        self._settings = settings
        self._limits = Limits(respond=settings.respond_days, approve=settings.approve_days)
        self._offices = {
            person.institution.id: person for person in everybody if person.role is Role.OFFICE and person.institution
        }
        self._accepted = cycle(answers.ACCEPTED)
        self._refused = cycle(answers.REFUSED)
        self._invited = cycle(answers.INVITED)

    def answer(self, matches: Sequence[Match]) -> None:
        """Let everybody answer what a round proposed to them, the best first."""
        for match, is_accepted in zip(matches, acceptances(len(matches)), strict=True):
            self._give(match, next(self._accepted if is_accepted else self._refused))

    def invite(self, offered: Offered, matches: Sequence[Match], found: Proposals, *, is_last: bool) -> None:
        """Let lecturers who are left with nobody invite the next best, from either region in turn."""
        free_since = _free_since(offered, matches)
        scripts: list[tuple[Answers, int | None]] = [(next(self._invited), None) for _ in range(_INVITATIONS)]
        if is_last:
            scripts = list(zip(answers.AWAITED, _AWAITED_DAYS, strict=True))
        last_region = ""
        for one in sorted(found.alternates, key=lambda it: (it.rank, -it.score, it.profile_id)):
            own, partner = offered.rows[int(one.profile_id)], offered.rows[int(one.partner_id)]
            if not {own.id, partner.id} <= free_since.keys() or own.institution.region == last_region:
                continue
            if not scripts:
                return
            script, days = scripts[0]
            both_free = max(free_since[own.id], free_since[partner.id])
            at = both_free + _INVITES_AFTER if days is None else self._now - timedelta(days=days)
            match = self._invite(own, partner, found, at)
            if match is not None:
                scripts.pop(0)
                last_region = own.institution.region
                del free_since[own.id], free_since[partner.id]
                self._give(match, script)

    def _invite(self, own: CourseProfile, partner: CourseProfile, found: Proposals, at: datetime) -> Match | None:
        (chance,) = invitations.chances([own], partner, self._settings, at)
        if chance.hindrances or invitations.hindrances(own.lecturer, partner, self._settings, at):
            return None
        sides = sorted((own, partner), key=lambda course: course.institution.region)
        explanation = found.explain(*(str(course.id) for course in sides))
        return invitations.invite(chance, partner, explanation, _INVITATION, settings=self._settings, now=at)

    def _give(self, match: Match, script: Answers) -> None:
        number = len(self.matches)
        one = _ONES[number % len(_ONES)]
        if match.invited_by is not None:
            one = next(side for side in Side if match.course(side).lecturer is not match.invited_by)
        pace = _PACES[number % len(_PACES)]
        answers.give(match, script, self._offices, one=one, pace=pace, until=self._now, limits=self._limits)
        self.matches.append(match)

    def close(self, offered: Offered) -> None:
        """Take the courses out that are over or found nobody; let those with an exchange wait for no other one."""
        busy = {
            course_id
            for match in self.matches
            if match.state in OPEN_STATES
            for course_id in (match.course_a_id, match.course_b_id)
        }
        for course in offered.rows.values():
            if course.id in busy:
                rules.pause(course)
            else:
                rules.withdraw(course)

    def talk(self) -> None:
        """Let the lecturers of most running exchanges write to each other."""
        running = [match for match in self.matches if match.state is State.ACTIVE]
        for number, match in enumerate(running):
            if number % _SILENT_EVERY == 0:
                continue
            at = match.changed_at
            for side, text in _LINES:
                at += (self._now - at) / 2
                message = conversations.send(Party(match, side), match.course(side).lecturer, text, [], at)
                reader = Party(match, side.other)
                conversations.mark_read(reader, reader.own.lecturer, message.id)


def _free_since(offered: Offered, matches: Sequence[Match]) -> dict[int, datetime]:
    """Tell since when courses (id) are left with nobody; those that came to teach with somebody are not there."""
    tried = {course_id: match for match in matches for course_id in (match.course_a_id, match.course_b_id)}
    never = min(match.proposed_at for match in matches)
    kept = OPEN_STATES | {State.COMPLETED, State.FELL_THROUGH}
    return {
        course_id: tried[course_id].changed_at if course_id in tried else never
        for course_id in offered.rows
        if course_id not in tried or tried[course_id].state not in kept
    }
