"""A stored explanation in the reader's language: sentences, points of 100, and how sure they are."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from babel.numbers import format_decimal
from flask_babel import gettext as _

from matcher.explanation import Explanation, Share
from matcher.reasons import REASONS, Reason
from webapp.i18n import country_name, day, join, language_name, locale
from webapp.matches.labels import CRITERION_LABELS, MODE_WORDS
from webapp.profiles.labels import (
    WEEKDAYS,
    cefr_name,
    isced_label,
    level_label,
    region_label,
    sdg_label,
    skill_label,
    tool_label,
    weekday_label,
)

POINTS = 100


@dataclass(frozen=True)
class Sentence:
    """One reason as the reader sees it, with the bar of the criterion it speaks of.

    Parameters
    ----------
    text, criterion, bar
        The sentence, the code it belongs to, and what that adds to the score; None where it is not counted.
    is_told
        Whether an earlier sentence shows the points of the same criterion.
    """

    text: str
    criterion: str
    bar: "Bar | None"
    is_told: bool = False


@dataclass(frozen=True)
class Bar:
    """What one criterion adds to the score.

    Parameters
    ----------
    criterion, label
        Code and name.
    points
        Whole points of 100; those of all criteria add up to the score shown.
    most
        The points it could add at best, at least 1; those of all criteria add up to 100, but for such a 1.
    is_known
        Whether both profiles say enough to judge it; otherwise it counts as the average of what is known.
    """

    criterion: str
    label: str
    points: int
    most: int
    is_known: bool


@dataclass(frozen=True)
class Sentences:
    """All that can be said of a pair, in the order of weight.

    Parameters
    ----------
    top
        The weightiest sentence.
    fits, talk, not_
        Sentences as they are listed.
    bars
        Every criterion that counts.
    rest
        Points of the criteria no sentence speaks of, and the most they could add; with those of the sentences they
        add up to the score shown.
    """

    top: str
    fits: tuple[Sentence, ...]
    talk: tuple[Sentence, ...]
    not_: tuple[Sentence, ...]
    bars: tuple[Bar, ...]
    rest: tuple[int, int] = (0, 0)


def read(stored: Mapping[str, Any]) -> Explanation:
    """Read the explanation stored with a match; one without any is told from its empty lists."""
    return Explanation.from_dict(stored) if stored else Explanation(0.0, 0.0, (), ())


def sentences(stored: Mapping[str, Any]) -> Sentences:
    """Word everything an explanation says.

    Parameters
    ----------
    stored
        ``matcher.Explanation.to_dict()``.

    Returns
    -------
    Sentences
        In the language in force; reasons whose code no longer exists are left out.
    """
    explanation = read(stored)
    its_bars = bars(explanation)
    by_criterion = {bar.criterion: bar for bar in its_bars}
    worded = [
        (reason.kind, Sentence(text, reason.criterion, by_criterion.get(reason.criterion)))
        for reason in explanation.reasons
        if (text := sentence(reason))
    ]
    fits, talk, not_ = (tuple(its for kind, its in worded if kind == wanted) for wanted in ("fits", "talk", "not"))
    first = (*not_, *fits, *talk)
    told: set[str] = set()
    # In the order of the page, so that the points of a criterion stand at the first sentence that speaks of it.
    fits, talk, not_ = (tuple(_told_once(one, told) for one in these) for these in (fits, talk, not_))
    others = [bar for bar in its_bars if bar.criterion not in told]
    return Sentences(
        top=first[0].text if first else "",
        fits=fits,
        talk=talk,
        not_=not_,
        bars=its_bars,
        rest=(sum(bar.points for bar in others), sum(bar.most for bar in others)),
    )


def _told_once(one: Sentence, told: set[str]) -> Sentence:
    """Mark a sentence whose criterion is among those told before; it is told from now on."""
    is_told = one.criterion in told
    told.add(one.criterion)
    return replace(one, is_told=is_told)


def top_sentence(stored: Mapping[str, Any]) -> str:
    """Word the weightiest reason of an explanation; empty when it names none."""
    return next((text for reason in read(stored).reasons if (text := sentence(reason))), "")


def sentence(reason: Reason) -> str:
    """Word one reason in the language in force; empty when its code no longer exists or its values do not fit."""
    if reason.code not in REASONS or REASONS[reason.code].placeholders - reason.params.keys():
        return ""
    return str(_(REASONS[reason.code].template)) % values_of(reason)


def values_of(reason: Reason) -> dict[str, Any]:
    """Write what a reason names, by placeholder, in the language in force."""
    return {name: _in_words(name, value) for name, value in reason.params.items()}


def bars(explanation: Explanation) -> tuple[Bar, ...]:
    """Turn shares into whole points that add up to the score shown; criteria without weight are left out."""
    shares = [share for share in explanation.shares if share.weight > 0]
    points = whole_points([share.share for share in shares], score_points(explanation.score))
    most = whole_points([share.weight for share in shares], score_points(sum(share.weight for share in shares)))
    return tuple(
        Bar(
            criterion=share.criterion,
            label=str(CRITERION_LABELS.get(share.criterion, share.criterion)),
            points=its_points,
            most=max(its_most, its_points, 1),
            is_known=_is_known(share),
        )
        for share, its_points, its_most in zip(shares, points, most, strict=True)
    )


def score_points(score: float) -> int:
    """Give a score of 0..1 as the whole number of 100 that pages show."""
    return round(score * POINTS)


def whole_points(shares: list[float], total: int) -> list[int]:
    """Round shares of 1 to whole points that add up to a total, by the largest remainders.

    Parameters
    ----------
    shares
        Not negative; their sum times 100 lies near the total.
    total
        What the points must add up to.
    """
    points = [int(share * POINTS) for share in shares]
    by_remainder = sorted(range(len(shares)), key=lambda at: (points[at] - shares[at] * POINTS, at))
    for at in (by_remainder * 2)[: max(total - sum(points), 0)]:
        points[at] += 1
    return points


def fit_words(score: float) -> str:
    """Say in words how well a pair fits; by the points shown, so that equal numbers get equal words."""
    points = score_points(score)
    if points >= 70:
        return str(_("Very good fit"))
    if points >= 55:
        return str(_("Good fit"))
    if points >= 40:
        return str(_("Fair fit"))
    return str(_("Weak fit"))


def confidence_words(confidence: float) -> str:
    """Say in words how much of a score rests on what the profiles state."""
    if confidence >= 0.8:
        return str(_("Nearly everything that counts is known."))
    if confidence >= 0.55:
        return str(_("Most of what counts is known."))
    return str(_("Much is unknown, so take the number as a first guess."))


def _is_known(share: Share) -> bool:
    return share.value is not None and share.confidence > 0


def _in_words(name: str, value: Any) -> Any:
    """Write the value of a placeholder; the beginning of its name tells what it is."""
    write = _WRITERS.get(name.split("_")[0], _plain)
    if isinstance(value, list):
        return join([str(write(item)) for item in value])
    return write(value)


def _plain(value: Any) -> Any:
    return value if isinstance(value, int) else str(value)


def decimal(value: float) -> str:
    """Write a figure with at most one decimal."""
    return str(format_decimal(value, format="#,##0.#", locale=locale()))


def _language(value: Any) -> str:
    return language_name(str(value))


_WRITERS: dict[str, Callable[[Any], Any]] = {
    "countries": country_name,
    "country": country_name,
    "date": lambda value: day(date.fromisoformat(value)),
    "field": lambda value: isced_label(value) or value,
    "fields": lambda value: isced_label(value) or value,
    "goals": sdg_label,
    "hours": decimal,
    "language": _language,
    "languages": _language,
    "cefr": cefr_name,
    "level": level_label,
    "mode": lambda value: str(MODE_WORDS[value]),
    "region": region_label,
    "skills": skill_label,
    "tools": tool_label,
    "weekday": lambda value: weekday_label(WEEKDAYS[value]),
}
