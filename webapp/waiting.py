"""What is waiting for a person: the parts of the home page, put together from the folders' own questions."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.access import Role
from webapp.accounts import queries as people
from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.conversations import queries as conversations
from webapp.i18n import join
from webapp.mail import queries as outbox
from webapp.matches import people as sides
from webapp.matches import queries as matches
from webapp.matches.labels import STATE_LABELS, STATE_TONES
from webapp.matches.lifecycle import OPEN_STATES, Actor, Side, State
from webapp.matches.models import Match
from webapp.profiles import queries as courses
from webapp.profiles.models import CourseProfile, CourseState
from webapp.rounds import draft_queries
from webapp.rounds import names as round_names
from webapp.rounds import queries as rounds
from webapp.rounds.labels import left_out_label
from webapp.rounds.models import Round
from webapp.waiting_lines import N_SHOWN, Line, Part, answer_by, both, place, until


@dataclass(frozen=True)
class Count:
    """A figure of the last round: how many matches stand in a state."""

    label: str
    tone: str
    n: int


def _of_lecturer(user: User, now: datetime) -> list[Part]:
    own = courses.of_lecturer(user)
    waiting = matches.waiting_for(user)
    known = {match.id for match in waiting}
    taking = [match for match in matches.of_lecturer(user) if match.state in OPEN_STATES]
    under_way = [match for match in taking if match.id not in known]
    drafts = [course for course in own if course.state is CourseState.DRAFT]
    return [
        Part(_("Proposals that wait for your answer"), [_proposal(match, user) for match in waiting], len(waiting)),
        _messages(user),
        Part(
            _("Courses to finish"),
            [
                Line(
                    course.title, url_for("profiles.edit", course_id=course.id), _("A draft; nobody else sees it yet.")
                )
                for course in drafts
            ],
            len(drafts),
        ),
        Part(
            _("Matches under way"),
            [_proposal(match, user, under_way=True) for match in under_way],
            len(under_way),
            waits=False,
        ),
        _without_partner(own, taking, now),
    ]


def _messages(user: User) -> Part:
    lines = []
    for match, n, _last in conversations.unread_of(user):
        side = next(side for side in Side if match.course(side).lecturer_id == user.id)
        partner = match.course(side.other)
        href = url_for("conversations.show", match_id=match.id)
        text = ngettext("%(num)d new message", "%(num)d new messages", n)
        lines.append(Line(place(partner), href, text, region=partner.institution.region))
    return Part(_("New messages"), lines, len(lines))


def _proposal(match: Match, user: User, *, under_way: bool = False) -> Line:
    side = next(side for side in Side if match.course(side).lecturer_id == user.id)
    own, partner = match.course(side), match.course(side.other)
    return Line(
        place(partner),
        url_for("matches.show", match_id=match.id),
        _("For your course %(course)s", course=own.title),
        "" if under_way else answer_by(match),
        partner.institution.region,
        _awaits(match) if under_way else "",
    )


def _without_partner(own: Sequence[CourseProfile], taking: Sequence[Match], now: datetime) -> Part:
    taken = {course_id for match in taking for course_id in (match.course_a_id, match.course_b_id)}
    free = [
        course
        for course in own
        if course.state is CourseState.OPEN
        and course.id not in taken
        and (course.ends_on is None or course.ends_on >= now.date())
    ]
    last = last_round() if free else None
    codes = rounds.left_out_codes(last.id) if last else {}
    lines = [
        Line(
            course.title,
            url_for("profiles.show", course_id=course.id),
            _("In the last round: %(reason)s.", reason=left_out_label(codes[course.id]))
            if course.id in codes
            else _("The next weekly round looks for a partner."),
        )
        for course in free
    ]
    return Part(_("Courses without a partner yet"), lines, len(lines), waits=False)


def _of_office(user: User, _now: datetime) -> list[Part]:
    waiting = matches.waiting_for(user)
    to_verify = people.pending(user.institution_id, 1).total or 0
    return [
        Part(
            _("Matches that wait for your approval"),
            [both(match, answer_by(match)) for match in waiting[:N_SHOWN]],
            len(waiting),
            (_("All approvals"), url_for("matches.approvals")) if len(waiting) > N_SHOWN else None,
        ),
        _to_verify(to_verify),
    ]


def _to_verify(n: int) -> Part:
    text = ngettext("%(num)d person to verify", "%(num)d people to verify", n)
    lines = [Line(text, url_for("accounts.people"), _("They cannot act before somebody knows who they are."))]
    return Part(_("People who wait to be verified"), lines if n else [], n)


def awaited(user: User, page: int = 1, per_page: int = N_SHOWN) -> Part:
    """List matches that wait for somebody else, for a coordinator or an administrator.

    Parameters
    ----------
    user
        Who reads it; coordinators of some countries get the matches of these.
    page, per_page
        Which lines; behind the last page it is the last one.
    """
    seen = [match for match in rounds.awaited_matches() if sides.may_see(match, user)]
    in_order = sorted(seen, key=lambda match: (match.respond_by or match.proposed_at, match.id))
    first = (min(page, n_pages(len(seen), per_page)) - 1) * per_page
    return Part(
        _("Matches that wait for somebody, the most urgent first"),
        [both(match, until(match), _awaits(match)) for match in in_order[first : first + per_page]],
        len(in_order),
        (_("All that wait for somebody"), url_for("home.awaited")) if len(in_order) > per_page else None,
        waits=False,
    )


def n_pages(n: int, per_page: int) -> int:
    """Tell how many pages a list has; one at least."""
    return max(1, -(-n // per_page))


def _of_coordinator(user: User, _now: datetime) -> list[Part]:
    return [_drafts(user), awaited(user)]


def _drafts(user: User) -> Part:
    """Name the drafts of rounds that somebody has to publish or discard."""
    found = draft_queries.drafts() if scope.is_of_all(user) else []
    lines = []
    for one in found:
        text = ngettext("%(num)d pair, told to nobody yet", "%(num)d pairs, told to nobody yet", one.n_matches)
        link = url_for("rounds.show", round_id=one.id)
        lines.append(Line(round_names.name(one), link, text))
    return Part(_("Drafts of rounds"), lines[:N_SHOWN], len(lines))


def _awaits(match: Match) -> str:
    """Name who is awaited, where, or how the match stands when nobody is."""
    who = []
    for one in sides.awaited(match):
        at = match.course(one.side).institution
        if one.actor is Actor.LECTURER:
            who.append(_("lecturer in %(place)s", place=at.city or at.name))
        else:
            who.append(_("office in %(place)s", place=at.city or at.name))
    return str(_("Awaited: %(people)s", people=join(who))) if who else str(STATE_LABELS[match.state])


def _of_administrator(user: User, now: datetime) -> list[Part]:
    resting = outbox.counts().resting
    text = ngettext("%(num)d message could not be sent", "%(num)d messages could not be sent", resting)
    line = Line(text, url_for("mail.index"), _("Each rests with its error until you send it again."))
    return [
        _to_verify(people.pending(None, 1).total or 0),
        Part(_("Mail that rests"), [line] if resting else [], resting),
        *_of_coordinator(user, now),
    ]


BY_ROLE: dict[Role, Callable[[User, datetime], list[Part]]] = {
    Role.LECTURER: _of_lecturer,
    Role.OFFICE: _of_office,
    Role.COORDINATOR: _of_coordinator,
    Role.ADMINISTRATOR: _of_administrator,
}


def parts(user: User, now: datetime) -> list[Part]:
    """Tell what waits for a verified person, and what their things wait for.

    Parameters
    ----------
    user
        The person.
    now
        The present instant (aware).

    Returns
    -------
    list of Part
        In the order of the page; parts with nothing in them are left out.
    """
    return [part for part in BY_ROLE[user.role](user, now) if part.n]


def last_round() -> Round | None:
    """Find the newest round; None before the first."""
    return rounds.latest()


def counts_of(found: Round) -> list[Count]:
    """Count a round's matches by state, in the order of a match's life; states without any are left out."""
    by_state = rounds.n_by_state(found.id)
    return [
        Count(str(STATE_LABELS[state]), STATE_TONES[state], by_state[state]) for state in State if by_state.get(state)
    ]
