"""How far the digests of a published round are: kept in its row, and told on its page."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Self

from webapp.rounds.models import Round, RoundState

WHAT = "digests"
"""What the progress of a round says it is about."""
PATIENCE = timedelta(minutes=3)
"""Other jobs may go before; after so long without a batch the scheduler is probably not running."""


@dataclass
class Counts:
    """What was done of a round's digests.

    Parameters
    ----------
    done, total
        People looked at, and all who want the digest.
    promised
        Those of them there was something to tell.
    failed
        Digests that could not be written.
    """

    done: int = 0
    total: int = 0
    promised: int = 0
    failed: int = 0

    @classmethod
    def of(cls, this_round: Round) -> Self:
        """Read them from a round; all 0 before the first batch."""
        kept = this_round.progress if this_round.progress.get("what") == WHAT else {}
        return cls(*(int(kept.get(name, 0)) for name in ("done", "total", "promised", "failed")))

    def to_dict(self, at: datetime) -> dict[str, Any]:
        """Put them into the form in which a round keeps them, with the instant of its last batch (aware)."""
        return {"what": WHAT, **asdict(self), "at": at.isoformat()}


@dataclass(frozen=True)
class Standing:
    """How far the digests of a round are, for its page.

    Parameters
    ----------
    counts
        What was done.
    is_under_way
        Whether some are still to be promised.
    has_begun
        Whether a batch was promised.
    is_late
        Whether nothing has happened for so long that the scheduler is probably not running.
    """

    counts: Counts
    is_under_way: bool
    has_begun: bool
    is_late: bool


def of(this_round: Round, now: datetime) -> Standing | None:
    """Tell how far a round's digests are; None where there are none or nothing is known of them."""
    has_begun = this_round.progress.get("what") == WHAT
    is_under_way = this_round.state is RoundState.PUBLISHED and this_round.digests_done_at is None
    if not has_begun and not is_under_way:
        return None
    last = this_round.progress.get("at") if has_begun else None
    since = datetime.fromisoformat(last) if last else this_round.published_at or now
    return Standing(Counts.of(this_round), is_under_way, has_begun, is_under_way and now - since > PATIENCE)
