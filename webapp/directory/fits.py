"""Who would fit a course now, why, and what stands in the way of others."""

from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _
from flask_babel import ngettext

from matcher.explanation import Explanation
from matcher.reasons import Reason
from webapp.directory import queries
from webapp.directory.answers import Desk
from webapp.directory.filters import Order, Wanted
from webapp.directory.fit import NO_REGION, SAME_REGION, Fit, Mine, explain, other_dates
from webapp.directory.search import search
from webapp.directory.snapshot import Snapshot
from webapp.matches.wording import top_sentence
from webapp.profiles.models import CourseProfile

MOST_SHOWN = 10
FEW = 5
"""With fewer possible partners the page says what rules the others out."""


@dataclass(frozen=True)
class Partner:
    """A course that would fit.

    Parameters
    ----------
    course : CourseProfile
        With lecturer and institution loaded.
    score, confidence : float
        0..1.
    sentence : str
        The weightiest reason for it.
    """

    course: CourseProfile
    score: float
    confidence: float
    sentence: str


@dataclass(frozen=True)
class Seen:
    """What a course sees of the open courses.

    Parameters
    ----------
    partners : tuple of Partner
        The best, best first.
    n_possible : int
        Courses no rule forbids.
    n_across : int
        Open courses of the other region.
    obstacles : tuple of str
        What rules others out, sentence by sentence, where few are left.
    is_readable : bool
        Whether the course could be compared at all.
    """

    partners: tuple[Partner, ...]
    n_possible: int
    n_across: int
    obstacles: tuple[str, ...]
    is_readable: bool = True


@dataclass(frozen=True)
class Why:
    """Why one course fits another.

    Parameters
    ----------
    explanation : Explanation or None
        None where a hard rule forbids the pair or the course waits to be read.
    broken : tuple of Reason
        The rules it breaks.
    """

    explanation: Explanation | None
    broken: tuple[Reason, ...]


def of_course(desk: Desk, course: CourseProfile, snapshot: Snapshot, now: datetime) -> Seen:
    """Find the partners that would fit a course best now."""
    compared = desk.fit(course, snapshot, now)
    if compared is None:
        return Seen((), 0, 0, (), is_readable=False)
    mine, fit = compared
    wanted = Wanted(order=Order.FIT)
    found = search(wanted, snapshot, now.date(), course.lecturer_id, fit, None)
    best = found.positions[:MOST_SHOWN].tolist()
    cards = queries.cards([snapshot.entries[at].course_id for at in best], now.date())
    shown = [at for at in best if snapshot.entries[at].course_id in cards]
    partners = [
        Partner(
            cards[snapshot.entries[at].course_id],
            float(fit.score[at]),
            float(fit.confidence[at]),
            top_sentence(told.to_dict()),
        )
        for at, told in zip(shown, explain(mine, shown, snapshot), strict=True)
    ]
    across = snapshot.is_open & ~fit.broken[SAME_REGION] & ~fit.broken[NO_REGION]
    obstacles = obstacle_sentences(desk, mine, fit, snapshot) if found.n < FEW else []
    return Seen(tuple(partners), found.n, int(across.sum()), tuple(obstacles))


def obstacle_sentences(desk: Desk, mine: Mine, fit: Fit, snapshot: Snapshot) -> list[str]:
    """Say what rules courses of the other region out, the most frequent first, and which other dates would help."""
    across = snapshot.is_open & ~fit.broken[SAME_REGION] & ~fit.broken[NO_REGION]
    if not across.any():
        return []
    counted = sorted(
        (
            (int((mask & across).sum()), code)
            for code, mask in fit.broken.items()
            if code not in (SAME_REGION, NO_REGION)
        ),
        key=lambda one: (-one[0], one[1]),
    )
    minimum = desk.index.rules.min_shared_weeks
    said = [sentence for n, code in counted if n and (sentence := _obstacle(code, n, minimum))]
    moved = other_dates(mine.entry, snapshot, fit, minimum)
    if moved is not None:
        by, n_open = moved
        said.append(_moved_sentence(by, n_open))
    return said


def _obstacle(code: str, n: int, minimum: int) -> str:
    """Say how many courses a rule keeps away."""
    sentences = {
        "too_few_shared_weeks": lambda: _(
            "Courses that share fewer than %(weeks)s with yours: %(n)d.",
            weeks=ngettext("%(num)d teaching week", "%(num)d teaching weeks", minimum),
            n=n,
        ),
        "same_institution": lambda: _("Courses of your own institution: %(n)d.", n=n),
        "no_common_language": lambda: _("Courses without a language in common with yours: %(n)d.", n=n),
        "language_levels_apart": lambda: _("Courses whose language levels are too far from yours: %(n)d.", n=n),
        "no_capacity": lambda: _("Courses whose places are all taken: %(n)d.", n=n),
        "already_tried": lambda: _("Courses that were proposed to yours before: %(n)d.", n=n),
        "must_have_topic_missing": lambda: _("Courses without a topic that one of the two must have: %(n)d.", n=n),
        "no_common_tool": lambda: _("Courses without a tool that works for both: %(n)d.", n=n),
    }
    return str(sentences[code]()) if code in sentences else ""


def _moved_sentence(by: int, n_open: int) -> str:
    weeks = ngettext("%(num)d week", "%(num)d weeks", abs(by))
    if by > 0:
        return str(
            ngettext(
                "Teaching %(weeks)s later would open %(num)d course.",
                "Teaching %(weeks)s later would open %(num)d courses.",
                n_open,
                weeks=weeks,
            )
        )
    return str(
        ngettext(
            "Teaching %(weeks)s earlier would open %(num)d course.",
            "Teaching %(weeks)s earlier would open %(num)d courses.",
            n_open,
            weeks=weeks,
        )
    )


def why(desk: Desk, mine: CourseProfile, other: CourseProfile, snapshot: Snapshot, now: datetime) -> Why | None:
    """Explain one pair; None while the other course waits to be read, or when either cannot be."""
    at = snapshot.position(other.id, other.version)
    compared = None if at is None else desk.fit(mine, snapshot, now)
    if at is None or compared is None:
        return None
    own, fit = compared
    broken = desk.broken(own, at, snapshot, fit)
    return Why(None, broken) if broken else Why(explain(own, [at], snapshot)[0], ())
