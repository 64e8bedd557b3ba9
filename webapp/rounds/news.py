"""What a digest has to tell, person by person: plain values, gathered once for everybody."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from webapp.matches.lifecycle import Actor, Side
from webapp.matches.models import Match
from webapp.matches.people import awaited, waiting_since
from webapp.profiles.models import CourseProfile
from webapp.rounds.models import LeftOut, Round


@dataclass(frozen=True)
class Stand:
    """One side of a match, as its lecturer or office sees it.

    Parameters
    ----------
    match
        The match.
    side
        Their own end of it.
    """

    match: Match
    side: Side

    @property
    def own(self) -> CourseProfile:
        """The course on this side."""
        return self.match.course(self.side)

    @property
    def partner(self) -> CourseProfile:
        """The course on the other side."""
        return self.match.course(self.side.other)


@dataclass(frozen=True)
class Awaited:
    """Somebody whose answer a match waits for.

    Parameters
    ----------
    match
        The match.
    side
        The side that has not answered.
    actor
        Whether its lecturer or its international office is awaited.
    since
        From when on (aware).
    """

    match: Match
    side: Side
    actor: Actor
    since: datetime

    @property
    def course(self) -> CourseProfile:
        """The course of the side that is awaited."""
        return self.match.course(self.side)


@dataclass
class PersonalNews:
    """What concerns one lecturer, or the office of one institution.

    ``new`` are this round's proposals, ``waiting`` older matches that need an answer, ``left_out`` courses
    this round found no partner for; ``is_new_reason`` says whether one of these has another reason than in
    the round before, because the same reason again is no news.
    """

    new: list[Stand] = field(default_factory=list)
    waiting: list[Stand] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    is_new_reason: bool = False

    @property
    def is_worth_a_mail(self) -> bool:
        """Whether there is anything to do or anything new to know."""
        return bool(self.new or self.waiting or self.is_new_reason)


@dataclass(frozen=True)
class RoundNews:
    """What concerns a coordinator: the round, and where matches stand.

    Parameters
    ----------
    round
        The round.
    awaited
        Whom older matches wait for, the longest first.
    expired
        Matches that ran out of time since the round before.
    left_out
        Courses without a partner.
    n_by_reason
        How many of them have which reason (code), the most frequent first.
    """

    round: Round
    awaited: tuple[Awaited, ...]
    expired: tuple[Match, ...]
    left_out: tuple[LeftOut, ...]
    n_by_reason: tuple[tuple[str, int], ...]

    @property
    def is_worth_a_mail(self) -> bool:
        """Whether anything happened or waits; a round with nobody is no news."""
        return bool(self.round.n_matches or self.awaited or self.expired or self.left_out)


@dataclass(frozen=True)
class News:
    """Everything a digest tells: to lecturers by user id, to offices by institution id, to coordinators."""

    lecturers: Mapping[int, PersonalNews]
    offices: Mapping[int, PersonalNews]
    coordinators: RoundNews


def gather(
    this_round: Round,
    new: Sequence[Match],
    left_out: Sequence[LeftOut],
    open_matches: Iterable[Match],
    expired: Sequence[Match],
    codes_before: Mapping[int, str],
) -> News:
    """Sort what happened by whom it concerns.

    Parameters
    ----------
    this_round
        The round.
    new
        Its matches.
    left_out
        Courses it found no partner for.
    open_matches
        All matches that wait for an answer; those of this round among them are not told twice.
    expired
        Matches that ran out of time since the round before.
    codes_before
        Reasons of the courses the round before left out, by course id.
    """
    lecturers: defaultdict[int, PersonalNews] = defaultdict(PersonalNews)
    offices: defaultdict[int, PersonalNews] = defaultdict(PersonalNews)
    for match in new:
        for side in Side:
            course = match.course(side)
            lecturers[course.lecturer_id].new.append(Stand(match, side))
            offices[course.institution_id].new.append(Stand(match, side))
    new_ids = {match.id for match in new}
    waiting: list[Awaited] = []
    for match in open_matches:
        if match.id in new_ids:
            continue
        for place in awaited(match):
            course = match.course(place.side)
            of_lecturer = place.actor is Actor.LECTURER
            whose = lecturers[course.lecturer_id] if of_lecturer else offices[course.institution_id]
            whose.waiting.append(Stand(match, place.side))
            waiting.append(Awaited(match, place.side, place.actor, waiting_since(match)))
    for row in left_out:
        is_new = codes_before.get(row.course_id) != row.reason.get("code")
        for whose in (lecturers[row.course.lecturer_id], offices[row.course.institution_id]):
            whose.left_out.append(row)
            whose.is_new_reason |= is_new
    by_reason = Counter(str(row.reason.get("code")) for row in left_out)
    return News(
        lecturers=lecturers,
        offices=offices,
        coordinators=RoundNews(
            round=this_round,
            awaited=tuple(sorted(waiting, key=lambda one: (one.since, one.match.id, one.side))),
            expired=tuple(expired),
            left_out=tuple(left_out),
            n_by_reason=tuple(sorted(by_reason.items(), key=lambda item: (-item[1], item[0]))),
        ),
    )
