"""One pair of courses scored as the newest round scored its own, in a process that answers requests."""

import threading
from pathlib import Path

import structlog

from config import Settings
from matcher.embedders import default_embedder
from matcher.file_cache import FileCache
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder
from matcher.text_statistics import TextStatistics
from webapp.directory import queries
from webapp.directory.embedding import OneAtATime
from webapp.rounds.matching import EMBEDDINGS

log = structlog.get_logger()

_lock = threading.Lock()
_kept: dict[tuple[Path, int | None], CompatibilityScorer] = {}


def scorer_of(settings: Settings, round_id: int | None) -> CompatibilityScorer:
    """Give the scorer that goes by a round's statistics; made once for each round, in a second or two.

    Parameters
    ----------
    settings
        The folder where text vectors are kept.
    round_id
        The round; None before the first, when background texts serve alone.
    """
    key = (settings.cache_folder, round_id)
    with _lock:
        if key not in _kept:
            _kept.clear()
            _kept[key] = _make(settings.cache_folder, round_id)
        return _kept[key]


def _make(folder: Path, round_id: int | None) -> CompatibilityScorer:
    folder.mkdir(parents=True, exist_ok=True)
    encoder = TextEncoder(OneAtATime.around(default_embedder()), FileCache(folder / EMBEDDINGS))
    stored = None if round_id is None else queries.statistics(round_id)
    if stored is not None:
        try:
            encoder.use(TextStatistics.from_bytes(stored))
        except ValueError as error:
            log.warning("a round's statistics do not serve invitations", round_id=round_id, why=str(error))
    return CompatibilityScorer(encoder=encoder)
