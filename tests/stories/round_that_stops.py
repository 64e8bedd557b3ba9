"""Run as a process of its own: the weekly round, which stops dead at a chosen moment and waits to be killed.

    python -m tests.stories.round_that_stops MOMENT MARKER

The first two moments lie between the transactions of a round, the others inside the one that publishes it: after
its first row, with everything written, and at the commit.
"""

import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from webapp import create_app
from webapp.db import db
from webapp.jobs import run_job
from webapp.matches.models import Match
from webapp.rounds import candidates, draft_publishing, matching


def stop_at(marker: Path) -> None:
    """Leave the sign that the moment has come, and wait for ever."""
    marker.touch()
    threading.Event().wait()


def while_computing(marker: Path) -> None:
    """Stop when the round's row says that it is being computed."""

    def stopping_compute(*_: Any, **__: Any) -> None:
        stop_at(marker)

    matching.compute = stopping_compute


def before_publishing(marker: Path) -> None:
    """Stop when the draft is written and nothing of it is published."""

    def stopping_publish(*_: Any) -> None:
        stop_at(marker)

    draft_publishing.publish = stopping_publish


def after_the_first_row(marker: Path) -> None:
    """Stop when the round's own row is written and its matches are not."""
    load: Callable[..., Any] = candidates.load

    def stopping_load(*arguments: Any, **options: Any) -> Any:
        if options.get("hold"):
            stop_at(marker)
        return load(*arguments, **options)

    candidates.load = stopping_load


def with_everything_written(marker: Path) -> None:
    """Stop when every row of the publication has reached the database."""
    publish: Callable[..., Any] = draft_publishing.publish

    def stopping_publish(*arguments: Any) -> None:
        publish(*arguments)
        db.session.flush()
        stop_at(marker)

    draft_publishing.publish = stopping_publish


def at_the_commit(marker: Path) -> None:
    """Stop when the session has flushed everything and is about to commit."""

    def before_commit(session: Any) -> None:
        session.flush()
        if session.scalar(sa.select(sa.func.count()).select_from(Match)):
            stop_at(marker)

    sa.event.listen(db.session.session_factory, "before_commit", before_commit)


MOMENTS: dict[str, Callable[[Path], None]] = {
    function.__name__: function
    for function in (while_computing, before_publishing, after_the_first_row, with_everything_written, at_the_commit)
}


def main() -> None:
    """Run the round with a trap set."""
    app = create_app()
    with app.app_context():
        MOMENTS[sys.argv[1]](Path(sys.argv[2]))
        run_job("weekly-round", print)


if __name__ == "__main__":
    main()
