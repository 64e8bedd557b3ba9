"""What the page of a match tells those of an office who decide: what their policy asks, and the lecturers' words."""

from dataclasses import dataclass

from webapp.accounts.models import User
from webapp.matches.approval import Ground, Obstacle, obstacle, signs
from webapp.matches.approval_people import nobody_words
from webapp.matches.approval_words import obstacle_words, outcome_words
from webapp.matches.lifecycle import Action, Actor, Side, State
from webapp.matches.models import Match
from webapp.matches.people import Place
from webapp.profiles import queries as profiles


@dataclass(frozen=True)
class Words:
    """Something a lecturer wrote that an office may read; messages between the two stay private.

    Parameters
    ----------
    side
        Whose lecturer wrote it.
    kind
        ``invitation``, ``answer``, ``looking_for`` or ``about_me``.
    text
        Their own words.
    """

    side: Side
    kind: str
    text: str


@dataclass(frozen=True)
class OfficePart:
    """The part of the page that is for an office.

    Parameters
    ----------
    side
        Its own side.
    asks
        What its institution looks at, in its own words.
    outcome
        What happens when this person says yes; empty when they cannot.
    in_the_way
        Why they cannot say yes now; empty when they can.
    lacks_agreement
        Whether that is an agreement they can put on file.
    nobody
        That nobody can take a step of its approval; empty where each has somebody.
    words
        What the lecturers wrote.
    """

    side: Side
    asks: str
    outcome: str
    in_the_way: str
    lacks_agreement: bool
    nobody: str
    words: tuple[Words, ...]


def of(match: Match, place: Place | None, user: User, on: Ground) -> OfficePart | None:
    """Put the part together; None for everyone who is of neither office."""
    if place is None or place.actor is not Actor.OFFICE:
        return None
    found = obstacle(match, place.side, user, on) if match.state is State.ACCEPTED else None
    is_open = match.state is State.ACCEPTED
    return OfficePart(
        side=place.side,
        asks=on.policies[place.side].asks,
        outcome=outcome_words(match, place.side, on) if is_open and found is None else "",
        in_the_way=obstacle_words(match, place.side, found, on) if found else "",
        lacks_agreement=found is Obstacle.NO_AGREEMENT and signs(user),
        nobody=nobody_words(match, place.side, on, user),
        words=tuple(lecturers_words(match)),
    )


def lecturers_words(match: Match) -> list[Words]:
    """Collect what both lecturers wrote about themselves, their wish and this match, side by side."""
    found = []
    for side in Side:
        lecturer = match.course(side).lecturer
        about = profiles.lecturer_profile(lecturer)
        if about is not None:
            wrote = (("looking_for", about.looking_for), ("about_me", about.biography))
            found += [Words(side, kind, text) for kind, text in wrote if text]
        for event in match.events:
            if event.side is side and event.actor_id == lecturer.id and event.note:
                kind = "invitation" if event.action is Action.PROPOSE else "answer"
                found.append(Words(side, kind, event.note))
    return found
