"""The index of all open courses that a web process holds: built beside the requests, kept fresh by them.

A request asks the database one question, whether anything changed. Courses that are gone are dropped at once;
new and changed ones are encoded by a thread, and answers come from the snapshot before until it is done.
"""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime

import numpy as np
import structlog
from flask import Flask, current_app

from config import Settings
from matcher.embedders import Embedder, default_embedder
from matcher.file_cache import FileCache
from matcher.rules import RuleSettings
from matcher.text import TextEncoder
from matcher.text_statistics import TextStatistics
from webapp.db import reading
from webapp.directory import queries
from webapp.directory.embedding import OneAtATime
from webapp.directory.entries import Entry, read
from webapp.directory.facets import Table, monday_before
from webapp.directory.queries import Signature
from webapp.directory.snapshot import Prepared, Snapshot, joined, taken
from webapp.directory.words import Words
from webapp.rounds.matching import EMBEDDINGS

log = structlog.get_logger()

READ_BY_REQUESTS = 100
"""Courses a request reads itself; more are read by the thread, so that nobody waits for them."""
PATIENCE = 0.3
"""Seconds a request waits for new courses to be encoded before it answers without them."""
REST = 30
"""How many times as long as it took to prepare the scorer nothing is prepared again: late courses are scored
one by one meanwhile."""

Work = Callable[[], None]


def in_thread(work: Work) -> None:
    """Do some work beside the request."""
    threading.Thread(target=work, name="directory", daemon=True).start()


class DirectoryIndex:
    """Open courses of one database, held in memory; safe to use from many threads.

    Parameters
    ----------
    settings : Settings
        The cache folder and the rules.
    embedder : Embedder, optional
        The bundled model by default.
    run : callable
        How work is done that a request must not wait for.
    """

    def __init__(
        self, settings: Settings, embedder: Embedder | None = None, run: Callable[[Work], None] = in_thread
    ) -> None:
        self.rules = RuleSettings(min_shared_weeks=settings.min_shared_weeks)
        self.run = run
        self._settings = settings
        self._embedder = embedder
        self._snapshot: Snapshot | None = None
        self._encoder: tuple[int | None, TextEncoder] | None = None
        self._swap = threading.Lock()
        self._working = threading.Lock()
        self._done = threading.Event()
        self._progress = (0, 0)

    @property
    def progress(self) -> tuple[int, int]:
        """How many of how many new texts have been read, while the index is being built."""
        return self._progress

    def look(self, now: datetime) -> Snapshot | None:
        """Give the index as fresh as it can be had at once; None while it is being built for the first time.

        Call it in a request, before anything else asks the database.
        """
        today = now.date()
        signature = queries.signature(today)
        snapshot = self._snapshot
        if snapshot is not None and snapshot.signature == signature and snapshot.week == monday_before(today):
            if self._is_due(snapshot):
                self._start(signature, today, None)
            return self._snapshot
        seen = dict[int, int]() if snapshot is None else snapshot.seen
        versions = queries.versions(today)
        changed = {course_id for course_id, version in versions.items() if seen.get(course_id) != version}
        if snapshot is not None:
            self._drop_gone(versions)
            is_same = snapshot.week == monday_before(today) and snapshot.signature.round_id == signature.round_id
            if not changed and is_same:
                return self._acknowledge(signature, versions)
        rows = queries.courses(changed) if len(changed) <= READ_BY_REQUESTS else None
        entries = None if rows is None else {entry.course_id: entry for entry in read(rows, today)}
        started = self._start(signature, today, versions, entries)
        if started and self._snapshot is not None:
            self._done.wait(PATIENCE)
        return self._snapshot

    def _is_due(self, snapshot: Snapshot) -> bool:
        rest = REST * snapshot.prepared.seconds
        return snapshot.n_late > 0 and time.monotonic() - snapshot.prepared.made_at > rest

    def _drop_gone(self, versions: Mapping[int, int]) -> None:
        """Take courses that are not listed any more, or were changed, out of sight."""
        with self._swap:
            snapshot = self._snapshot
            if snapshot is not None:
                is_open = np.array([versions.get(its.course_id) == its.version for its in snapshot.entries], dtype=bool)
                if (is_open != snapshot.is_open).any():
                    self._snapshot = replace(snapshot, is_open=is_open, generation=snapshot.generation + 1)

    def _acknowledge(self, signature: Signature, versions: Mapping[int, int]) -> Snapshot | None:
        """Note that nothing but what was dropped has changed."""
        with self._swap:
            if self._snapshot is not None:
                self._snapshot = replace(self._snapshot, signature=signature, seen=dict(versions))
            return self._snapshot

    def _start(
        self,
        signature: Signature,
        today: date,
        versions: Mapping[int, int] | None,
        entries: Mapping[int, Entry] | None = None,
    ) -> bool:
        """Let the index be brought up to date, unless that is under way."""
        if not self._working.acquire(blocking=False):
            return False
        self._done.clear()
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]

        def work() -> None:
            try:
                self._work(app, signature, today, versions, entries)
            except Exception:
                # Nobody waits for the answer: the next request that looks tries again.
                log.exception("the directory's index could not be built")
            finally:
                self._working.release()
                self._done.set()

        self.run(work)
        return True

    def _work(
        self,
        app: Flask,
        signature: Signature,
        today: date,
        versions: Mapping[int, int] | None,
        entries: Mapping[int, Entry] | None,
    ) -> None:
        before = self._snapshot
        if versions is None:
            # Nothing has changed: only the scorer is prepared anew.
            versions, entries = {} if before is None else before.seen, {}
        if entries is None:
            seen = {} if before is None else before.seen
            with app.app_context(), reading():
                changed = [course_id for course_id, version in versions.items() if seen.get(course_id) != version]
                entries = {entry.course_id: entry for entry in read(queries.courses(changed), today)}
        encoder = self._encoder_for(app, signature.round_id)
        week = monday_before(today)
        if before is not None and (before.encoder is not encoder or before.week != week):
            # All is encoded or dated anew; the rows themselves are known.
            kept = {its.course_id: its for its in before.entries if versions.get(its.course_id) == its.version}
            if before.week != week:
                with app.app_context(), reading():
                    kept = {its.course_id: its for its in read(queries.courses(kept), today)}
            entries, before = {**kept, **entries}, None
        snapshot = self._merged(before, signature, week, versions, entries, encoder)
        with self._swap:
            number = 0 if self._snapshot is None else self._snapshot.generation + 1
            self._snapshot = replace(snapshot, generation=number)

    def _encoder_for(self, app: Flask, round_id: int | None) -> TextEncoder:
        """Give the encoder of a round's statistics, that scores here are those of its matches."""
        if self._encoder is not None and self._encoder[0] == round_id:
            return self._encoder[1]
        self._settings.cache_folder.mkdir(parents=True, exist_ok=True)
        embedder = OneAtATime.around(default_embedder() if self._embedder is None else self._embedder)
        encoder = TextEncoder(embedder, FileCache(self._settings.cache_folder / EMBEDDINGS), self._tell)
        if round_id is not None:
            with app.app_context(), reading():
                stored = queries.statistics(round_id)
            try:
                encoder.use(TextStatistics.from_bytes(stored or b""))
            except ValueError as error:
                log.warning("a round's statistics do not serve the directory", round_id=round_id, why=str(error))
        self._encoder = (round_id, encoder)
        return encoder

    def _tell(self, done: int, total: int) -> None:
        self._progress = (done, total)

    def _merged(
        self,
        before: Snapshot | None,
        signature: Signature,
        week: date,
        versions: Mapping[int, int],
        new: Mapping[int, Entry],
        encoder: TextEncoder,
    ) -> Snapshot:
        """Put what stays and what is new together, and prepare the scorer where that is due."""
        added = [new[course_id] for course_id in sorted(new)]
        entries, encoded = tuple(added), encoder.transform([entry.profile for entry in added])
        table, words = Table.of(added, week), Words.of(added)
        is_open = np.ones(len(added), dtype=bool)
        prepared = None if before is None else before.prepared
        if prepared is not None and time.monotonic() - prepared.made_at > REST * prepared.seconds:
            prepared = None
        if before is not None:
            stays = np.array([versions.get(its.course_id) == its.version for its in before.entries], dtype=bool)
            kept = before.entries, before.encoded, before.table, before.words
            if prepared is None:
                # What is gone only takes room: it is left behind whenever all is put in order anew.
                rows = np.flatnonzero(stays)
                kept = (
                    tuple(before.entries[row] for row in rows.tolist()),
                    taken(before.encoded, rows),
                    before.table.taken(rows),
                    before.words.taken(rows),
                )
                stays = stays[rows]
            entries, encoded = kept[0] + entries, joined(kept[1], encoded)
            table, words = kept[2].joined(table), kept[3].joined(words)
            is_open = np.concatenate([stays, is_open])
        if prepared is None:
            prepared = Prepared.of(entries, encoded, encoder, self.rules)
        known = [prepared.row_of.get((entry.course_id, entry.version), -1) for entry in entries]
        return Snapshot(
            signature=signature,
            generation=0,
            week=week,
            seen=dict(versions),
            entries=entries,
            encoded=encoded,
            table=table,
            words=words,
            is_open=is_open,
            prepared=prepared,
            prepared_row=np.array(known, dtype=np.int64),
            encoder=encoder,
        )
