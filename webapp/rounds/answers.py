"""What became of matches, as the matcher learns from it: each side's answer and its reason."""

from collections.abc import Iterable

from matcher.outcomes import Answer, AnswerKind, Outcome, last_word
from webapp.matches.lifecycle import OPEN_STATES, Action, Side, State
from webapp.matches.models import Match, MatchEvent
from webapp.matches.wording import read

_IN_FAVOUR = frozenset({Action.ACCEPT, Action.APPROVE})
_AGAINST = frozenset({Action.DECLINE, Action.WITHDRAW})


def outcomes_of(matches: Iterable[Match]) -> list[Outcome]:
    """Turn matches into what can be learned from; those nobody has answered yet, or without a score's parts, not.

    Parameters
    ----------
    matches
        With their events loaded.
    """
    found = []
    for match in matches:
        explanation = read(match.explanation)
        answers = {side: answer_of(match, side) for side in Side}
        is_open_question = match.state in OPEN_STATES and all(
            answer.kind is AnswerKind.NONE for answer in answers.values()
        )
        if not explanation.shares or is_open_question or match.state is State.TAKEN_BACK:
            continue
        found.append(
            Outcome.of(
                (str(match.course_a_id), str(match.course_b_id)),
                explanation,
                answers[Side.A],
                answers[Side.B],
                is_completed=match.state is State.COMPLETED,
            )
        )
    return found


def answer_of(match: Match, side: Side) -> Answer:
    """Give the answer of a side that counts: the last that speaks of the fit, of its lecturer or its office.

    Who invites has chosen, and was not asked: accepting one's own invitation is no answer to a proposal.
    """
    return last_word([_answer(event) for event in match.events if event.side is side and _is_answer(match, event)])


def _is_answer(match: Match, event: MatchEvent) -> bool:
    if event.action not in _IN_FAVOUR | _AGAINST:
        return False
    is_own_invitation = (event.action, event.turn, event.actor_id) == (Action.ACCEPT, 1, match.invited_by_id)
    return match.invited_by_id is None or not is_own_invitation


def _answer(event: MatchEvent) -> Answer:
    if event.action in _IN_FAVOUR:
        return Answer(AnswerKind.ACCEPTED)
    return Answer(AnswerKind.DECLINED, event.reason)
