"""The hourly look at who is to be reminded, one commit for each match."""

from datetime import datetime

import structlog

from config import Settings
from webapp.db import db, reading
from webapp.matches import reminders

log = structlog.get_logger()


def run(settings: Settings, now: datetime) -> int:
    """Promise the reminders that are due; one that fails stops no other.

    Parameters
    ----------
    settings
        The days on which people are reminded.
    now
        The instant (aware).

    Returns
    -------
    int
        How many messages were promised.
    """
    days = reminders.Days(lecturers=settings.remind_days, offices=settings.remind_office_days)
    with reading():
        due = reminders.due(now, days)
        db.session.rollback()
    n_promised = 0
    for match_id in due:
        try:
            n_promised += reminders.remind(match_id, now, days)
            db.session.commit()
        except Exception:
            db.session.rollback()
            log.exception("reminder not promised", match_id=match_id)
    return n_promised
