"""Soft criteria: how well two courses fit in one respect, 0..1, with a confidence, for all pairs at once.

Every criterion is symmetric. A value is NaN, with confidence 0, where a side says nothing: two empty fields
are never agreement. To add a criterion, write a comparison, list it in `CRITERIA`, give it a weight in
`scorer.DEFAULT_WEIGHTS` and its sentences in `reasons.py` and `criterion_reasons.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matcher.criteria_language import compare_languages
from matcher.criteria_time import compare_calendars, compare_live_hours
from matcher.criterion import Compared, Floats, from_values, mean_of_known
from matcher.languages import incidence
from matcher.profile import Bandwidth, CourseProfile, Mode
from matcher.text import EncodedProfiles, similarity
from matcher.vocabulary.isced import field_nearness_matrix
from matcher.vocabulary.levels import level_nearness_matrix
from matcher.vocabulary.tools import tool_id
from matcher.words import plain

# Similarity in standard deviations that counts as nothing and as everything in common. Of random pairs of
# published courses one in seven lies below the first, of true partners one in thirty above the second.
TOPIC_NOTHING, TOPIC_EVERYTHING = -1.0, 6.0
# A bare title carries less than a description; from this many words on a text is taken as it stands.
WORDS_FOR_CERTAINTY, CONFIDENCE_OF_A_TITLE = 25, 0.6
# A field read off the text is a guess.
CONFIDENCE_OF_GUESSED_FIELD = 0.6
# Sizes half as large again fit well, sizes one to two so-so: the value halves at this |ln ratio|.
HALF_SIZE_RATIO = 0.7
# Two tools in common are enough for live talk and shared documents.
ENOUGH_TOOLS = 2

_MODES = (None, Mode.SYNCHRONOUS, Mode.MIXED, Mode.ASYNCHRONOUS)
_NAN = float("nan")
# How two ways of working fit, in the order of _MODES.
_MODE_FIT = np.array(
    [[_NAN] * 4, [_NAN, 1.0, 0.8, 0.2], [_NAN, 0.8, 1.0, 0.8], [_NAN, 0.2, 0.8, 1.0]], dtype=np.float64
)
_BANDWIDTHS = (None, Bandwidth.LOW, Bandwidth.MEDIUM, Bandwidth.HIGH)
# How far the thinner connection carries the livelier way of working wanted (rows bandwidth, columns mode).
_CARRIES = np.array([[_NAN] * 4, [_NAN, 0.2, 0.6, 1.0], [_NAN, 0.7, 0.9, 1.0], [_NAN, 1.0, 1.0, 1.0]], dtype=np.float64)

Comparison = Callable[[EncodedProfiles, EncodedProfiles], Compared]


@dataclass(frozen=True)
class Criterion:
    """One aspect of a pair: its name and the comparison of all pairs."""

    name: str
    compare: Comparison


def compare_topics(left: EncodedProfiles, right: EncodedProfiles) -> Compared:
    """Compare what the courses are about, by `text.similarity`."""
    in_deviations = similarity(left, right)
    value = np.clip((in_deviations - TOPIC_NOTHING) / (TOPIC_EVERYTHING - TOPIC_NOTHING), 0, 1)
    sure_left, sure_right = _certainty(left), _certainty(right)
    return Compared(value, np.sqrt(sure_left[:, None] * sure_right[None, :]))


def compare_fields(left: EncodedProfiles, right: EncodedProfiles) -> Compared:
    """Compare fields of education; where one is not declared, the fields both texts speak of.

    The guess is the Bhattacharyya coefficient of the two texts' probabilities over the 29 narrow fields.
    """
    declared = field_nearness_matrix([p.isced_f for p in left.profiles], [p.isced_f for p in right.profiles])
    guessed = np.clip(left.fields.astype(np.float64) @ right.fields.T.astype(np.float64), 0, 1)
    sure = np.sqrt(_certainty(left)[:, None] * _certainty(right)[None, :]) * CONFIDENCE_OF_GUESSED_FIELD
    can_guess = (left.fields.sum(axis=1) > 0)[:, None] & (right.fields.sum(axis=1) > 0)[None, :]
    is_declared = ~np.isnan(declared)
    value = np.where(is_declared, declared, np.where(can_guess, guessed, np.nan))
    return Compared(value, np.where(is_declared, 1.0, np.where(can_guess, sure, 0.0)))


def compare_levels(left: EncodedProfiles, right: EncodedProfiles) -> Compared:
    """Compare levels of study by their nearness in the European Qualifications Framework."""
    return from_values(level_nearness_matrix([p.level for p in left.profiles], [p.level for p in right.profiles]))


def compare_class_sizes(left: EncodedProfiles, right: EncodedProfiles) -> Compared:
    """Compare class sizes: 1 / (1 + (ln ratio / 0.7)^2), so 1 for equal sizes and a half for one to two."""
    sizes_left, sizes_right = _sizes(left.profiles), _sizes(right.profiles)
    log_ratio = np.log(sizes_left)[:, None] - np.log(sizes_right)[None, :]
    return from_values(1 / (1 + (log_ratio / HALF_SIZE_RATIO) ** 2))


def compare_technology(left: EncodedProfiles, right: EncodedProfiles) -> Compared:
    """Compare tools both can use, ways of working, and whether the thinner connection carries them.

    The mean of what is known of the three; confidence is the share that is known.
    """
    uses_left, uses_right = incidence(
        [usable_tools(p) for p in left.profiles], [usable_tools(p) for p in right.profiles]
    )
    blocks_left, uses_of_right = incidence(
        [map(tool_id, p.blocked_tools) for p in left.profiles], [usable_tools(p) for p in right.profiles]
    )
    uses_of_left, blocks_right = incidence(
        [usable_tools(p) for p in left.profiles], [map(tool_id, p.blocked_tools) for p in right.profiles]
    )
    # A shared tool is in both lists of use; what a side itself blocks is not in its own list.
    in_common = (uses_left @ uses_right.T).astype(np.float64)
    blocked = (blocks_left @ uses_of_right.T) + (uses_of_left @ blocks_right.T)
    shared = np.minimum(in_common / ENOUGH_TOOLS, 1)
    tools = np.where(in_common > 0, shared, np.where(blocked > 0, 0.0, 0.3))
    tools[~_stated([p.tools for p in left.profiles], [p.tools for p in right.profiles])] = np.nan
    modes_left = np.array([_MODES.index(p.mode) for p in left.profiles], dtype=np.int64)
    modes_right = np.array([_MODES.index(p.mode) for p in right.profiles], dtype=np.int64)
    modes = _MODE_FIT[np.ix_(modes_left, modes_right)]
    widths_left = np.array([_BANDWIDTHS.index(p.bandwidth) for p in left.profiles], dtype=np.int64)
    widths_right = np.array([_BANDWIDTHS.index(p.bandwidth) for p in right.profiles], dtype=np.int64)
    thinner = np.minimum(widths_left[:, None], widths_right[None, :])
    livelier = np.minimum(modes_left[:, None], modes_right[None, :])
    return mean_of_known([tools, modes, _CARRIES[thinner, livelier]])


def compare_goals(left: EncodedProfiles, right: EncodedProfiles) -> Compared:
    """Compare Sustainable Development Goals and transversal skills: the part of the shorter list that is shared."""
    return mean_of_known(
        [
            _overlap([p.sdgs for p in left.profiles], [p.sdgs for p in right.profiles]),
            _overlap([p.skills for p in left.profiles], [p.skills for p in right.profiles]),
        ]
    )


def compare_wishes(left: EncodedProfiles, right: EncodedProfiles) -> Compared:
    """Compare what each lecturer wishes for with what the other is: the mean over both sides' wishes."""
    of_left = wishes_met(left.profiles, right.profiles)
    of_right = [matrix.T for matrix in wishes_met(right.profiles, left.profiles)]
    value, confidence = mean_of_known([*of_left, *of_right])
    # A lecturer without wishes is not an unknown: whatever wishes there are can be judged.
    return Compared(value, np.where(confidence > 0, 1.0, 0.0))


def wishes_met(wishing: Sequence[CourseProfile], others: Sequence[CourseProfile]) -> list[Floats]:
    """Return whether wishes for region, country and discipline are met: 0, 1 or NaN for no such wish."""
    subjects = [f"{plain(other.title)} {plain(other.discipline or '')}" for other in others]
    countries = [other.country for other in others]
    regions = [other.region for other in others]
    tables: list[Floats] = []
    for kind in ("regions", "countries", "disciplines"):
        table = np.full((len(wishing), len(others)), np.nan)
        for row, profile in enumerate(wishing):
            wanted = getattr(profile.wishes, kind)
            if not wanted:
                continue
            if kind == "disciplines":
                words = [plain(text) for text in wanted]
                table[row] = [any(word in subject for word in words) for subject in subjects]
            else:
                table[row] = [is_in in wanted for is_in in (regions if kind == "regions" else countries)]
        tables.append(table)
    return tables


def usable_tools(profile: CourseProfile) -> list[str]:
    """Return the ids of the tools a class works with and does not block itself."""
    blocked = {tool_id(tool) for tool in profile.blocked_tools}
    return sorted({tool_id(tool) for tool in profile.tools} - blocked)


def _certainty(encoded: EncodedProfiles) -> Floats:
    grown = np.minimum(encoded.n_words / WORDS_FOR_CERTAINTY, 1.0)
    certainty: Floats = CONFIDENCE_OF_A_TITLE + (1 - CONFIDENCE_OF_A_TITLE) * grown
    return certainty


def _sizes(profiles: Sequence[CourseProfile]) -> Floats:
    return np.array([p.students if p.students else np.nan for p in profiles], dtype=np.float64)


def _overlap(left: Sequence[Iterable[Hashable]], right: Sequence[Iterable[Hashable]]) -> Floats:
    held_left, held_right = incidence(left, right)
    n_left, n_right = held_left.sum(axis=1), held_right.sum(axis=1)
    fewer = np.minimum(n_left[:, None], n_right[None, :]).astype(np.float64)
    shared = (held_left @ held_right.T).astype(np.float64)
    overlap: Floats = np.divide(shared, fewer, out=np.full(fewer.shape, np.nan), where=fewer > 0)
    return overlap


def _stated(left: Sequence[Sequence[object]], right: Sequence[Sequence[object]]) -> npt.NDArray[np.bool_]:
    has_left = np.array([bool(items) for items in left], dtype=bool)
    has_right = np.array([bool(items) for items in right], dtype=bool)
    both: npt.NDArray[np.bool_] = has_left[:, None] & has_right[None, :]
    return both


CRITERIA: tuple[Criterion, ...] = (
    Criterion("topic", compare_topics),
    Criterion("field", compare_fields),
    Criterion("level", compare_levels),
    Criterion("language", compare_languages),
    Criterion("calendar", compare_calendars),
    Criterion("live_hours", compare_live_hours),
    Criterion("class_size", compare_class_sizes),
    Criterion("technology", compare_technology),
    Criterion("goals", compare_goals),
    Criterion("wishes", compare_wishes),
)
