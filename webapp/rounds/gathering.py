"""Gathering what a published round has to tell: read from the database, and sorted by whom it concerns."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from webapp.matches.lifecycle import Action, Actor, Side, State
from webapp.matches.models import Match
from webapp.matches.people import awaited, waiting_since
from webapp.rounds import console_queries, digest_balance, digest_queries, draft_queries, queries
from webapp.rounds.models import LeftOut, Round
from webapp.rounds.news import STALLED_AFTER, Awaited, News, Past, PersonalNews, Stand

ANSWERS = (Action.ACCEPT, Action.MAYBE)
"""What a lecturer may have done with a proposal that is still one: it is not new to them then."""


def gather_for(this_round: Round) -> News:
    """Read what a published round has to tell; writes nothing.

    The week ends with the publication: the proposals of the round, the courses it left out, what ran out of time,
    the half-year and standstills are counted up to then, whenever the digests are written. What a match waits for
    is told as it stands now: who has answered meanwhile is not asked again, and a match that has moved on is new to
    nobody but coordinators, who read what the round proposed.

    Parameters
    ----------
    this_round
        The round; published.
    """
    at = published_at(this_round)
    before = queries.before(this_round.week)
    since = digest_balance.half_year_of(at)
    past = Past(
        before=before,
        expired=queries.expired_between(before.published_at, at) if before and before.published_at else (),
        silent=digest_queries.silent_since(at - STALLED_AFTER),
        to_verify=digest_queries.to_verify(),
        since=since,
        pairs=digest_queries.pairs_between(since, at),
        free=digest_queries.left_out_between(since, at),
    )
    return gather(
        this_round,
        [match for match in console_queries.matches_of(this_round.id) if not match.is_alternate],
        draft_queries.left_out_courses(this_round.id),
        queries.awaited_matches(),
        queries.left_out_codes(before.id) if before else {},
        past,
        at,
    )


def published_at(this_round: Round) -> datetime:
    """Give the instant of a round's publication.

    Raises
    ------
    ValueError
        When it was never published.
    """
    if this_round.published_at is None:
        raise ValueError(f"round {this_round.id} was never published")
    return this_round.published_at


def is_fresh(match: Match) -> bool:
    """Whether a match still is the proposal it began as: nobody has ended it, and no office has returned it."""
    return match.state is State.PROPOSED and any(
        event.turn == match.turn and event.action is Action.PROPOSE for event in match.events
    )


def gather(
    this_round: Round,
    new: Sequence[Match],
    left_out: Sequence[LeftOut],
    open_matches: Iterable[Match],
    codes_before: Mapping[int, str],
    past: Past,
    at: datetime,
) -> News:
    """Sort what happened by whom it concerns.

    Parameters
    ----------
    this_round
        The round.
    new
        The matches it proposed, whatever became of them since.
    left_out
        Courses it found no partner for.
    open_matches
        All matches that wait for an answer; those that are still new are not told twice.
    codes_before
        Reasons of the courses the round before left out, by course id.
    past
        What happened beside the round.
    at
        When it was published (aware).
    """
    lecturers: defaultdict[int, PersonalNews] = defaultdict(PersonalNews)
    offices: defaultdict[int, PersonalNews] = defaultdict(PersonalNews)
    fresh = [match for match in new if is_fresh(match)]
    for match in fresh:
        for side in Side:
            course = match.course(side)
            if not any(match.has_acted(side, answer) for answer in ANSWERS):
                lecturers[course.lecturer_id].new.append(Stand(match, side))
            offices[course.institution_id].new.append(Stand(match, side))
    fresh_ids = {match.id for match in fresh}
    found = [
        Awaited(match, place.side, place.actor, waiting_since(match))
        for match in open_matches
        if match.id not in fresh_ids
        for place in awaited(match)
    ]
    waiting = sorted(found, key=lambda one: (one.since, one.match.id, one.side))
    for one in waiting:
        of_lecturer = one.actor is Actor.LECTURER
        whose = lecturers[one.course.lecturer_id] if of_lecturer else offices[one.course.institution_id]
        whose.waiting.append(one)
    for row in left_out:
        is_new = codes_before.get(row.course_id) != row.reason.get("code")
        for whose in (lecturers[row.course.lecturer_id], offices[row.course.institution_id]):
            whose.left_out.append(row)
            whose.is_new_reason |= is_new
    for person in past.to_verify:
        if person.institution_id is not None:
            offices[person.institution_id].to_verify.append(person)
    return News(lecturers, offices, this_round, new, left_out, past, waiting, at)
