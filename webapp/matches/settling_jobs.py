"""The hourly look at matches that wait for somebody whom their institution asks no longer, one commit for each."""

from datetime import datetime

import structlog

from webapp.db import db, reading
from webapp.errors import WrongStateError
from webapp.matches import approval, queries
from webapp.matches.decisions import settle
from webapp.matches.lifecycle import State

log = structlog.get_logger()


def due(now: datetime) -> list[int]:
    """List the ids of the accepted matches of which a side needs nobody's yes any longer."""
    waiting = queries.waiting_for_offices()
    grounds = approval.grounds(waiting, now)
    return [match.id for match in waiting if approval.settled(match, grounds[match.id])]


def run(now: datetime) -> int:
    """Let those sides approve; doing it again changes nothing, and one that fails stops no other.

    Parameters
    ----------
    now
        The instant (aware).

    Returns
    -------
    int
        How many matches went on.
    """
    with reading():
        found = due(now)
        db.session.rollback()
    n_done = 0
    for match_id in found:
        try:
            match = queries.by_id(match_id, hold=True)
            n_done += match is not None and match.state is State.ACCEPTED and bool(settle(match, now))
            db.session.commit()
        except WrongStateError:
            # Somebody acted at the same moment; the next run sees how it stands then.
            db.session.rollback()
        except Exception:
            db.session.rollback()
            log.exception("approval not settled", match_id=match_id)
    return n_done
