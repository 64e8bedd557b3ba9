"""What can go wrong in a rule, as the pages understand it."""


class CausewayError(Exception):
    """A rule refused; the message is a translated sentence that says what to do next."""

    def __init__(self, message: str = "") -> None:
        super().__init__(message)
        self.message = message


class NotAllowedError(CausewayError):
    """This person may not do this here (403)."""


class WrongStateError(CausewayError):
    """The thing is no longer in a state in which this can be done (409)."""
