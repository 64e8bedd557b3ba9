"""The daily look at the searches people keep, one commit for each."""

from collections.abc import Callable
from datetime import datetime

import structlog

from config import Settings
from webapp.db import db, reading
from webapp.directory import emails, saved, saved_queries
from webapp.directory.answers import Desk
from webapp.directory.index import DirectoryIndex, Work
from webapp.directory.snapshot import Snapshot
from webapp.locks import exclusive
from webapp.mail.outbox import promise

log = structlog.get_logger()


def run(settings: Settings, now: datetime, say: Callable[[str], None]) -> None:
    """Write to everybody to whose search something new was published; nothing new, no mail.

    Parameters
    ----------
    settings
        Where text vectors are kept, and the rules.
    now
        The instant (aware).
    say
        Where it tells what it did.
    """
    with exclusive("saved-searches") as held:
        if not held:
            say("Another process is doing this right now; nothing was done here.")
            return
        with reading():
            ids = saved_queries.to_mail()
            db.session.rollback()
        n_promised = n_failed = 0
        if ids:
            desk = Desk(DirectoryIndex(settings, run=_at_once))
            with reading():
                snapshot = desk.index.look(now)
                db.session.rollback()
            for search_id in ids if snapshot is not None else ():
                try:
                    n_promised += _look(search_id, desk, snapshot, now)
                    db.session.commit()
                except Exception:
                    db.session.rollback()
                    n_failed += 1
                    log.exception("saved search not looked at", search_id=search_id)
    say(f"Searches looked at: {len(ids)}; messages promised: {n_promised}; failed: {n_failed}.")


def _look(search_id: int, desk: Desk, snapshot: Snapshot | None, now: datetime) -> bool:
    """Look at one search again; tell whether a message was promised."""
    search = saved_queries.by_id(search_id)
    if search is None or snapshot is None:
        return False
    new = saved.new_since(search, desk, snapshot, now)
    search.looked_at = now
    if not new.rows:
        return False
    return promise(f"search:{search.id}:{now.date().isoformat()}", emails.something_new(search, new), now)


def _at_once(work: Work) -> None:
    work()
