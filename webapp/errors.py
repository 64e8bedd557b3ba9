"""What can go wrong in a rule, as the pages understand it."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Way:
    """Where to go on after an error.

    Parameters
    ----------
    words
        The translated words of the link.
    endpoint, values
        The page it leads to.
    """

    words: str
    endpoint: str
    values: Mapping[str, int]


class CausewayError(Exception):
    """A rule refused; the message is a translated sentence that says what to do next."""

    def __init__(self, message: str = "", way: Way | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.way = way


class NotAllowedError(CausewayError):
    """This person may not do this here (403)."""


class WrongStateError(CausewayError):
    """The thing is no longer in a state in which this can be done (409)."""
