"""Links in mail that sign a person of an office in and show one match: who, which match, and until what they hold.

A link never decides anything, and opening it changes nothing: mail scanners open links too. It signs its person in as
often as they need it while their step is awaited, because people come back to look once more; it is spent when the step
is taken or nobody waits for it any longer.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from flask import current_app, url_for
from itsdangerous import BadData, URLSafeTimedSerializer

from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.institutions import policy_queries
from webapp.matches import approval
from webapp.matches.models import Match
from webapp.matches.people import place_of

LIFE = timedelta(days=14)
"""How long such a link opens anything at most."""


class BadLinkError(Exception):
    """The link was not made here, or its account was closed, lost its office or signed out everywhere since."""


@dataclass(frozen=True)
class Opened:
    """What a genuine link leads to.

    Parameters
    ----------
    user
        Whose link it is.
    match_id
        The match it shows.
    is_old
        Whether it is older than `LIFE`, or made for an earlier turn of the match: then it signs nobody in.
    is_spent
        Whether the step it asks for is done, or awaited no longer: then neither.
    """

    user: User
    match_id: int
    is_old: bool
    is_spent: bool

    @property
    def signs_in(self) -> bool:
        """Whether its button still signs the person in."""
        return not self.is_old and not self.is_spent


def _serializer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_app.config["SECRET_KEY"], salt="causeway:approval")


def _bound_to(user: User) -> str:
    facts = (user.email, user.session_version, user.institution_id)
    return sha256("\n".join(map(str, facts)).encode()).hexdigest()[:24]


def sign(user: User, match: Match) -> str:
    """Make the token of a link for a person and the present turn of a match; both must have been flushed."""
    return str(_serializer().dumps([user.id, match.id, match.turn, _bound_to(user)]))


def address(user: User, match: Match) -> str:
    """Give the whole address of such a link, for mail."""
    return url_for("matches.open_link", match_id=match.id, token=sign(user, match), _external=True)


def read(token: str, match_id: int, now: datetime) -> Opened:
    """Find what a token leads to.

    Parameters
    ----------
    token
        The token out of the address.
    match_id
        The match the address names.
    now
        The instant (aware).

    Raises
    ------
    BadLinkError
        When it was tampered with or belongs to another match, or when its account changed since.
    """
    try:
        (user_id, meant, turn, bound), made_at = _serializer().loads(token, return_timestamp=True)
    except (BadData, TypeError, ValueError) as error:
        raise BadLinkError from error
    user, match = db.session.get(User, user_id), db.session.get(Match, match_id)
    if user is None or match is None or meant != match_id or bound != _bound_to(user):
        raise BadLinkError
    if not user.is_active or not user.is_verified or user.confirmed_at is None or user.role is not Role.OFFICE:
        raise BadLinkError
    place = place_of(match, user)
    if place is None:
        raise BadLinkError
    policy = policy_queries.of(match.course(place.side).institution_id)
    return Opened(
        user,
        match_id,
        is_old=now - made_at > LIFE or turn != match.turn,
        is_spent=not approval.is_asked(match, place.side, user, policy),
    )
