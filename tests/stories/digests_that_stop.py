"""Run as a process of its own: the job that promises digests, one a batch, which stops dead at a chosen moment.

    python -m tests.stories.digests_that_stop MOMENT N MARKER

The moment is that of the N-th batch: written and not promised, promised and not committed, or just committed.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from tests.stories.round_that_stops import stop_at
from webapp import create_app
from webapp.db import db
from webapp.jobs import run_job
from webapp.rounds import digest, digest_jobs, digest_queries


def counting(function: Callable[..., Any], n: int, marker: Path) -> Callable[..., Any]:
    """Do as a function does, and stop behind its n-th call."""
    n_calls = 0

    def stopping(*arguments: Any, **options: Any) -> Any:
        nonlocal n_calls
        n_calls += 1
        result = function(*arguments, **options)
        if n_calls == n:
            stop_at(marker)
        return result

    return stopping


def when_written(n: int, marker: Path) -> None:
    """Stop when a batch is written in memory and nothing of it is in the database."""
    digest.write = counting(digest.write, n, marker)


def before_the_commit(n: int, marker: Path) -> None:
    """Stop when all rows of a batch have reached the database and are not committed."""
    digest_queries.note_progress = counting(digest_queries.note_progress, n, marker)


def after_the_commit(n: int, marker: Path) -> None:
    """Stop right behind the commit of a batch, before anybody is told."""
    note, n_noted = digest_queries.note_progress, 0

    def noting(*arguments: Any) -> None:
        nonlocal n_noted
        n_noted += 1
        note(*arguments)

    def after_commit(_session: Any) -> None:
        if n_noted == n:
            stop_at(marker)

    digest_queries.note_progress = noting
    sa.event.listen(db.session.session_factory, "after_commit", after_commit)


MOMENTS: dict[str, Callable[[int, Path], None]] = {
    function.__name__: function for function in (when_written, before_the_commit, after_the_commit)
}


def main() -> None:
    """Run the job with a trap set."""
    app = create_app()
    digest_jobs.BATCH = 1
    with app.app_context():
        MOMENTS[sys.argv[1]](int(sys.argv[2]), Path(sys.argv[3]))
        run_job("rounds", print)


if __name__ == "__main__":
    main()
