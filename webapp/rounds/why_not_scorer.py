"""The scorer of a round that is over: its own text statistics, so that every pair scores as it did then."""

import threading
from collections.abc import Sequence
from pathlib import Path

import structlog

from config import Settings
from matcher.embedders import default_embedder
from matcher.file_cache import FileCache
from matcher.profile import CourseProfile
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder
from matcher.text_statistics import TextStatistics
from webapp.directory import queries
from webapp.directory.embedding import OneAtATime
from webapp.rounds.matching import EMBEDDINGS

log = structlog.get_logger()

MOST_NEW_TEXTS = 32
"""Texts nobody has read yet, as many as are read at once; each takes up to a tenth of a second."""

_lock = threading.Lock()
_kept: dict[tuple[Path, int], CompatibilityScorer] = {}


class TooMuchToReadError(Exception):
    """More new texts than a request can wait for."""


class _OfARound(CompatibilityScorer):
    """One that has learnt all it needs."""

    def fit(self, profiles: Sequence[CourseProfile]) -> CompatibilityScorer:
        """Keep what the round learnt; returns the scorer."""
        return self


def scorer_of(settings: Settings, round_id: int) -> CompatibilityScorer:
    """Give the scorer of a round; the last one is kept, because making it takes a second.

    A round without statistics that serve gets a scorer that learns from the courses it is shown. Reading more than
    `MOST_NEW_TEXTS` new texts raises `TooMuchToReadError`; what was read until then is kept.

    Parameters
    ----------
    settings
        The folder where text vectors are kept.
    round_id
        The round.
    """
    key = (settings.cache_folder, round_id)
    with _lock:
        if key in _kept:
            return _kept[key]
        made = _make(settings.cache_folder, round_id)
        if isinstance(made, _OfARound):
            _kept.clear()
            _kept[key] = made
        return made


def _make(folder: Path, round_id: int) -> CompatibilityScorer:
    folder.mkdir(parents=True, exist_ok=True)
    encoder = TextEncoder(OneAtATime.around(default_embedder()), FileCache(folder / EMBEDDINGS), _refuse)
    stored = queries.statistics(round_id)
    if stored is not None:
        try:
            return _OfARound(encoder=encoder.use(TextStatistics.from_bytes(stored)))
        except ValueError as error:
            log.warning("a round's statistics do not serve any longer", round_id=round_id, why=str(error))
    return CompatibilityScorer(encoder=encoder)


def _refuse(_done: int, total: int) -> None:
    if total > MOST_NEW_TEXTS:
        raise TooMuchToReadError
