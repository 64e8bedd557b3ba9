"""What became of proposed pairs, and which of it speaks of how well two courses fit."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from matcher.calibration import Floats
from matcher.explanation import Explanation

__all__ = ["NO_ANSWER", "SPEAKS_OF_FIT", "Answer", "AnswerKind", "Observations", "Outcome", "OutcomeError", "last_word"]

SPEAKS_OF_FIT: Mapping[str, bool] = {
    # About the pair: the two courses do not go together.
    "calendar": True,
    "level": True,
    "topic": True,
    "class_size": True,
    "language": True,
    "technology": True,
    # About one person, one course or one institution, whoever the partner is.
    "no_time": False,
    "no_capacity": False,
    "term_changed": False,
    "other_partner": False,
    "institution_rules": False,
    "details_missing": False,
    "course_cancelled": False,
    # Free words: may be either, so it is held against nobody.
    "other": False,
}
"""Whether a reason to decline or withdraw is about the pair's fit. A code that is not in the table is not."""

NO_ANSWER, NO_REASON = "no_answer", "no_reason"

# Teaching together to the end says more than a yes to a proposal. More weight on some of the yeses moves the
# general readiness to accept, not what sets the pairs apart (Prentice and Pyke, Biometrika 66, 1979).
_COMPLETED_WEIGHT = 2.0


class OutcomeError(ValueError):
    """What is said of a match cannot be so; the message names the field."""


class AnswerKind(StrEnum):
    """What a side did with a proposal; NONE when it never answered, as with one that expired."""

    ACCEPTED = "accepted"
    DECLINED = "declined"
    NONE = "none"


@dataclass(frozen=True)
class Answer:
    """One side's answer.

    Parameters
    ----------
    kind : AnswerKind
    reason : str, default ""
        Code of the reason to decline, as in `SPEAKS_OF_FIT`; empty when none was given.

    Raises
    ------
    OutcomeError
        If a reason comes without a refusal.
    """

    kind: AnswerKind
    reason: str = ""

    def __post_init__(self) -> None:
        if self.reason and self.kind is not AnswerKind.DECLINED:
            raise OutcomeError(f"reason: {self.reason!r} given, but the answer is {self.kind}")

    @property
    def set_aside_as(self) -> str:
        """Why the answer says nothing about the fit; empty when it speaks of it."""
        if self.kind is AnswerKind.NONE:
            return NO_ANSWER
        if self.kind is AnswerKind.ACCEPTED or SPEAKS_OF_FIT.get(self.reason, False):
            return ""
        return self.reason or NO_REASON


def last_word(answers: Sequence[Answer]) -> Answer:
    """Pick the answer that counts of all that one side gave, oldest first.

    The last one that speaks of fit: who accepted and later had to withdraw for lack of time did find the
    partner fitting. If none does, the last one; if there is none, no answer.
    """
    about_fit = [answer for answer in answers if not answer.set_aside_as]
    return [Answer(AnswerKind.NONE), *answers, *about_fit][-1]


@dataclass(frozen=True)
class Outcome:
    """What became of one proposed pair.

    Parameters
    ----------
    pair : tuple of str
        Ids of the two courses. A pair may be proposed, and so occur, more than once.
    values : Mapping
        0..1 by criterion, None where unknown, as they were when the pair was proposed.
    confidences : Mapping
        0..1 by criterion; 0 where the value is unknown.
    answer_a, answer_b : Answer
        Of the first and of the second side.
    is_completed : bool, default False
        Whether the exchange was taught to its end. Both sides then count as having accepted.

    Raises
    ------
    OutcomeError
        If an id is empty or both are the same, a number is not within 0..1, values and confidences name
        different criteria, an unknown value has confidence, or a completed exchange was declined.
    """

    pair: tuple[str, str]
    values: Mapping[str, float | None]
    confidences: Mapping[str, float]
    answer_a: Answer
    answer_b: Answer
    is_completed: bool = False

    def __post_init__(self) -> None:
        if not all(self.pair) or len(set(self.pair)) != 2:
            raise OutcomeError(f"pair: two different ids are needed, not {self.pair}")
        for name in sorted(self.values.keys() ^ self.confidences.keys()):
            raise OutcomeError(f"confidences: {name} stands in only one of values and confidences")
        for name, value in self.values.items():
            confidence = self.confidences[name]
            # Written so that NaN fails too.
            if value is not None and not 0 <= value <= 1:
                raise OutcomeError(f"values: {name} is {value}, not within 0..1")
            if not 0 <= confidence <= 1:
                raise OutcomeError(f"confidences: {name} is {confidence}, not within 0..1")
            if value is None and confidence > 0:
                raise OutcomeError(f"confidences: {name} is {confidence}, but its value is unknown")
        for field, answer in (("answer_a", self.answer_a), ("answer_b", self.answer_b)):
            if self.is_completed and answer.kind is AnswerKind.DECLINED:
                raise OutcomeError(f"{field}: declined, but the exchange is completed")

    @classmethod
    def of(
        cls,
        pair: tuple[str, str],
        explanation: Explanation,
        answer_a: Answer,
        answer_b: Answer,
        is_completed: bool = False,
    ) -> Outcome:
        """Take values and confidences from the explanation stored with the match."""
        values = {share.criterion: share.value for share in explanation.shares}
        confidences = {share.criterion: share.confidence for share in explanation.shares}
        return cls(pair, values, confidences, answer_a, answer_b, is_completed)


@dataclass(frozen=True)
class Observations:
    """The answers that speak of fit, as arrays, in an order that does not depend on the order of the outcomes.

    Parameters
    ----------
    values, confidences : ndarray, shape (n, n_criteria)
        0..1; both 0 where unknown.
    accepted : ndarray, shape (n,)
        1.0 for, 0.0 against.
    weight : ndarray, shape (n,)
        How much the answer counts in learning weights.
    group : ndarray, shape (n,)
        Number of the course pair, 0 .. n_pairs - 1.
    """

    values: Floats
    confidences: Floats
    accepted: Floats
    weight: Floats
    group: npt.NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.accepted)

    def at(self, chosen: npt.NDArray[np.bool_]) -> Observations:
        """Those chosen by a mask of shape (n,)."""
        return Observations(
            self.values[chosen],
            self.confidences[chosen],
            self.accepted[chosen],
            self.weight[chosen],
            self.group[chosen],
        )

    @classmethod
    def of(cls, outcomes: Iterable[Outcome], criteria: Sequence[str]) -> tuple[Observations, dict[str, int]]:
        """Sort answers into those that speak of fit and those set aside, which are counted by reason.

        A criterion that an outcome does not know, because it is newer, is unknown there; one that is not
        among ``criteria`` is left out.
        """
        rows: list[tuple[tuple[str, ...], list[float]]] = []
        set_aside: Counter[str] = Counter()
        for outcome in outcomes:
            numbers = [outcome.values.get(name) or 0.0 for name in criteria]
            numbers += [outcome.confidences.get(name, 0.0) for name in criteria]
            for answer in (outcome.answer_a, outcome.answer_b):
                if outcome.is_completed:
                    verdict = [1.0, _COMPLETED_WEIGHT]
                elif answer.set_aside_as:
                    set_aside[answer.set_aside_as] += 1
                    continue
                else:
                    verdict = [float(answer.kind is AnswerKind.ACCEPTED), 1.0]
                rows.append((tuple(sorted(outcome.pair)), numbers + verdict))
        rows.sort()
        number_of = {pair: number for number, pair in enumerate(sorted({pair for pair, _ in rows}))}
        table = np.array([numbers for _, numbers in rows]).reshape(len(rows), 2 * len(criteria) + 2)
        values, confidences, verdicts = np.split(table, [len(criteria), 2 * len(criteria)], axis=1)
        group = np.array([number_of[pair] for pair, _ in rows], dtype=np.intp)
        return cls(values, confidences, verdicts[:, 0], verdicts[:, 1], group), dict(sorted(set_aside.items()))
