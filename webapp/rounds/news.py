"""What a digest has to tell, person by person: plain values; `gathering` reads them, once for everybody."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from webapp.accounts.models import User
from webapp.matches.lifecycle import Actor, Side
from webapp.matches.models import Match
from webapp.profiles.models import CourseProfile
from webapp.rounds.digest_balance import Balance, Covers, of_left_out, of_matches, shores
from webapp.rounds.digest_queries import Free, Pair
from webapp.rounds.models import LeftOut, Round

STALLED_AFTER = timedelta(days=7)
"""So long without any step and a match is said to stand still."""


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
class Awaited(Stand):
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

    actor: Actor
    since: datetime

    @property
    def course(self) -> CourseProfile:
        """The course of the side that is awaited."""
        return self.own


@dataclass
class PersonalNews:
    """What concerns one lecturer, or the office of one institution.

    ``new`` are this round's proposals as far as they are still open to them, ``waiting`` other matches that need an
    answer, the longest first, ``left_out`` courses this round found no partner for; ``is_new_reason`` says whether one
    of these has another reason than in the round before, because the same reason again is no news; ``to_verify`` are
    lecturers who wait for the office to verify them.
    """

    new: list[Stand] = field(default_factory=list)
    waiting: list[Awaited] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    is_new_reason: bool = False
    to_verify: list[User] = field(default_factory=list)

    @property
    def is_worth_a_mail(self) -> bool:
        """Whether there is anything to do or anything new to know."""
        return bool(self.new or self.waiting or self.is_new_reason or self.to_verify)


@dataclass(frozen=True)
class RoundNews:
    """What concerns one coordinator: the round, and where the matches of their institutions stand.

    Parameters
    ----------
    round, before
        The round, and the one before it.
    is_of_all
        Whether they work for all institutions.
    new
        The round's matches, the best fit first.
    awaited
        Whom older matches wait for, the longest first.
    stalled
        The same where no step was taken for a week.
    silent
        Matches that started, and nobody has written or agreed to meet for a week.
    expired
        Matches that ran out of time since the round before.
    left_out
        Courses without a partner.
    balance
        How both regions did.
    """

    round: Round
    before: Round | None
    is_of_all: bool
    new: tuple[Match, ...]
    awaited: tuple[Awaited, ...]
    stalled: tuple[Awaited, ...]
    silent: tuple[Match, ...]
    expired: tuple[Match, ...]
    left_out: tuple[LeftOut, ...]
    balance: Balance

    @property
    def n_by_reason(self) -> tuple[tuple[str, int], ...]:
        """How many courses were left out for which reason (code), the most frequent first."""
        found = Counter(str(row.reason.get("code")) for row in self.left_out)
        return tuple(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def n_new_in(self, country: str) -> int:
        """Count the new matches with a side in a country."""
        return sum(any(match.course(side).institution.country == country for side in Side) for match in self.new)

    def n_left_out_in(self, country: str) -> int:
        """Count the courses without a partner in a country."""
        return sum(row.course.institution.country == country for row in self.left_out)

    @property
    def is_worth_a_mail(self) -> bool:
        """Whether anything happened or waits; a round with nobody is no news."""
        return bool(self.new or self.awaited or self.stalled or self.silent or self.expired or self.left_out)


@dataclass(frozen=True)
class Past:
    """What happened beside this round, as coordinators and offices are told it.

    Parameters
    ----------
    before
        The round before.
    expired
        Matches that ran out of time between then and this round.
    silent
        Matches that started, and nobody has written or agreed to meet.
    to_verify
        Lecturers who wait to be verified.
    since
        When the running half-year began.
    pairs, free
        What the balance of the half-year counts.
    """

    before: Round | None
    expired: Sequence[Match]
    silent: Sequence[Match]
    to_verify: Sequence[User]
    since: datetime
    pairs: Sequence[Pair]
    free: Sequence[Free]


@dataclass(frozen=True)
class News:
    """Everything a digest tells: to lecturers by user id, to offices by institution id, and to coordinators.

    Parameters
    ----------
    lecturers, offices
        What concerns each of them.
    round, new, left_out, past
        The round with its matches and courses left out, and what happened beside it.
    awaited
        Whom older matches wait for, the longest first.
    at
        When the round was published (aware).
    """

    lecturers: Mapping[int, PersonalNews]
    offices: Mapping[int, PersonalNews]
    round: Round
    new: Sequence[Match]
    left_out: Sequence[LeftOut]
    past: Past
    awaited: Sequence[Awaited]
    at: datetime

    def overview(self, covers: Covers, *, is_of_all: bool) -> RoundNews:
        """Pick what concerns a coordinator: a match counts when either side is of their institutions."""

        def theirs(matches: Iterable[Match]) -> list[Match]:
            return [match for match in matches if any(covers(match.course(side).institution_id) for side in Side)]

        waiting = [one for one in self.awaited if theirs([one.match])]
        stalled = {id(one): self.at - last_step(one.match) >= STALLED_AFTER for one in waiting}
        left_out = [row for row in self.left_out if covers(row.course.institution_id)]
        return RoundNews(
            round=self.round,
            before=self.past.before,
            is_of_all=is_of_all,
            new=tuple(sorted(theirs(self.new), key=lambda match: (-match.score, match.id))),
            awaited=tuple(one for one in waiting if not stalled[id(one)]),
            stalled=tuple(one for one in waiting if stalled[id(one)]),
            silent=tuple(theirs(self.past.silent)),
            expired=tuple(theirs(self.past.expired)),
            left_out=tuple(left_out),
            balance=Balance(
                self.past.since.date(),
                shores(of_matches(self.new), of_left_out(left_out), covers),
                shores(self.past.pairs, self.past.free, covers),
            ),
        )


def last_step(match: Match) -> datetime:
    """Tell when anything last happened to a match."""
    return max((event.at for event in match.events), default=match.proposed_at)
