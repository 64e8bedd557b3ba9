"""Mail that an office has us send to people who may not know us: so many in an hour, the rest in the next ones."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _

from webapp.accounts import queries
from webapp.accounts.rules import MAILS_AN_HOUR
from webapp.errors import NotAllowedError
from webapp.mail import queries as mail_queries

INVITED, COURSES_WAIT, REMINDED = "account-invited", "courses-wait", "invite-reminder"
HOUR = timedelta(hours=1)
LONGEST_QUEUE = timedelta(days=2)
"""Mail that could go only later is not taken on at all."""


def key_of(kind: str, *parts: Any) -> str:
    """Give the key of mail, or how it begins: its kind, the institution, who causes it, and what it is about."""
    return ":".join((kind, *map(str, parts)))


def beginnings_of(institution_id: int) -> tuple[str, ...]:
    """Tell how the keys of all mail begin that an institution has us send to people who may not know us."""
    return tuple(key_of(kind, institution_id, "") for kind in (INVITED, COURSES_WAIT))


def about_invitation(institution_id: int) -> tuple[str, ...]:
    """Tell how the keys of all mail begin that carries the link of an invitation to an institution."""
    return (*beginnings_of(institution_id), key_of(REMINDED, institution_id, ""))


class Places:
    """The places for mail in the coming hours, for one person of one institution.

    Nobody else of the institution takes places until the transaction ends.

    Parameters
    ----------
    institution_id, actor_id
        For whom and by whom mail is sent.
    now
        The instant (aware).
    """

    def __init__(self, institution_id: int, actor_id: int, now: datetime) -> None:
        settings = current_app.config["SETTINGS"]
        self._most = (settings.office_mails_an_hour, settings.person_mails_an_hour)
        self._of, self._now = (institution_id, actor_id), now
        queries.hold_institution(institution_id)
        self._taken: tuple[Counter[datetime], Counter[datetime]] = (Counter(), Counter())
        own = tuple(key_of(kind, institution_id, actor_id, "") for kind in (INVITED, COURSES_WAIT))
        for key, at in mail_queries.times_of(beginnings_of(institution_id), _hour_of(now)):
            self._take(_hour_of(at), is_own=key.startswith(own))

    def _take(self, hour: datetime, *, is_own: bool = True) -> None:
        of_house, of_person = self._taken
        of_house[hour] += 1
        of_person[hour] += is_own

    def key(self, kind: str, *parts: Any) -> str:
        """Give the key under which mail counts here."""
        return key_of(kind, *self._of, *parts)

    def next(self) -> datetime:
        """Take the next place, and tell when its mail goes.

        Raises
        ------
        NotAllowedError
            When too much mail waits already.
        """
        hour = _hour_of(self._now)
        while any(taken[hour] >= most for taken, most in zip(self._taken, self._most, strict=True)):
            hour += HOUR
        if hour - self._now > LONGEST_QUEUE:
            raise NotAllowedError(
                _("Mail of your institution for two days waits to go already. Nothing was saved; come back tomorrow.")
            )
        self._take(hour)
        return max(self._now, hour)


def spared(address: str, at: datetime, now: datetime) -> datetime:
    """Put mail off by an hour when its address was sent enough in the last one; nobody learns of that."""
    is_enough = mail_queries.n_promised_to(address, now - HOUR) >= MAILS_AN_HOUR
    return max(at, now + HOUR) if is_enough else at


def _hour_of(instant: datetime) -> datetime:
    return instant.replace(minute=0, second=0, microsecond=0)
