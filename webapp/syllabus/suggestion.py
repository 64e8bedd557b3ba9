"""What a suggestion is."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Sureness(StrEnum):
    """How sure a suggestion is, for people."""

    SURE = "sure"
    LIKELY = "likely"
    PERHAPS = "perhaps"


SURE, LIKELY, PERHAPS = 0.85, 0.65, 0.3
"""Chance from which a suggestion is called so; below the last none is made."""


@dataclass(frozen=True)
class Suggestion:
    """A value for one part of the form.

    Parameters
    ----------
    part
        The field of the form it belongs to; the first of several that go together.
    values
        Columns of a course by name, as its model keeps them.
    why
        The words of the text it rests on; empty when it rests on the whole.
    chance
        How likely it is right, 0..1: measured for what the sentence model says, set by the kind of evidence
        otherwise.
    alternates
        Other values with their chances, best first.
    """

    part: str
    values: dict[str, Any]
    why: str
    chance: float
    alternates: tuple[tuple[Any, float], ...] = ()

    @property
    def sureness(self) -> Sureness:
        """The chance as a word."""
        if self.chance >= SURE:
            return Sureness.SURE
        return Sureness.LIKELY if self.chance >= LIKELY else Sureness.PERHAPS
