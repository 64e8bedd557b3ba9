"""Slowing down those who guess passwords."""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address, ip_network

import sqlalchemy as sa

from webapp.accounts.models import SignInAttempt
from webapp.db import db

PEOPLE_BEHIND_A_PLACE = 5
"""A network place may fail this many times as often as one address: a whole campus can share it."""


def place_of(address: str | None) -> str:
    """Name the network place of an address: of IPv6 the /64 network, all of which one customer usually has.

    Parameters
    ----------
    address
        As the web server or a trusted proxy gives it; what is no address at all counts as one place.
    """
    try:
        found = ip_address(address or "")
    except ValueError:
        return "elsewhere"
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ip_network((found.packed, 64), strict=False))


def pause_ends_at(email: str, place: str, now: datetime, tries: int, pause: timedelta) -> datetime | None:
    """Tell until when nobody may try this address, or anything from this place.

    Parameters
    ----------
    email
        Address typed, lower case.
    place
        Network address of who typed it.
    now
        The instant (aware).
    tries
        Failures allowed within `pause` (count).
    pause
        Length of the window, and of the pause.

    Returns
    -------
    datetime or None
        None when they may try now.
    """
    ends = [
        oldest + pause
        for column, value, allowed in (
            (SignInAttempt.email, email, tries),
            (SignInAttempt.place, place, tries * PEOPLE_BEHIND_A_PLACE),
        )
        if (oldest := _nth_latest(column, value, now - pause, allowed)) is not None
    ]
    return max(ends, default=None)


def _nth_latest(column: sa.orm.InstrumentedAttribute[str], value: str, since: datetime, n: int) -> datetime | None:
    """When the n-th latest failure was: once it leaves the window, fewer than n are left in it."""
    return db.session.scalar(
        sa.select(SignInAttempt.at)
        .where(column == value, SignInAttempt.at > since)
        .order_by(SignInAttempt.at.desc())
        .offset(n - 1)
        .limit(1)
    )


def note_failure(email: str, place: str, now: datetime, pause: timedelta) -> None:
    """Note a failed try, and forget those that no longer count."""
    forget_before(now - pause)
    db.session.add(SignInAttempt(email=email, place=place, at=now))


def forget(email: str) -> None:
    """Forget the failures of an address, after its owner came in."""
    db.session.execute(sa.delete(SignInAttempt).where(SignInAttempt.email == email))


def forget_before(instant: datetime) -> int:
    """Forget failures up to an instant (aware), for the daily clean-up; give their number."""
    old = db.session.scalars(sa.delete(SignInAttempt).where(SignInAttempt.at <= instant).returning(SignInAttempt.id))
    return len(old.all())
