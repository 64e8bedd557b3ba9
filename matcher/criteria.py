"""Soft criteria: how well two courses fit in one respect, 0..1, with a confidence, for many pairs at once.

Every criterion is symmetric. Where a side says nothing the confidence is 0: two empty fields are never
agreement. To add a criterion, write what prepares its comparison (see `criterion`), list it in `CRITERIA`,
give it a weight in `scorer.DEFAULT_WEIGHTS` and its sentences in `reasons.py` and `criterion_reasons.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.complementarity import prepare_complementarity
from matcher.criteria_language import prepare_languages
from matcher.criteria_means import prepare_goals, prepare_technology
from matcher.criteria_time import prepare_calendars, prepare_live_hours
from matcher.criteria_wishes import prepare_wishes
from matcher.criterion import Compared, Criterion, Singles
from matcher.encoded import EncodedProfiles, prepare_similarity, root_certainty
from matcher.kinds import Kind, KindTable
from matcher.pairs import Pairs, Values
from matcher.profile import CourseProfile, Level
from matcher.vocabulary.isced import field_nearness_matrix
from matcher.vocabulary.levels import level_nearness_matrix

# Similarity in standard deviations that counts as nothing and as everything in common. Of random pairs of
# published courses one in seven lies below the first, of true partners one in thirty above the second.
TOPIC_NOTHING, TOPIC_EVERYTHING = -1.0, 6.0
# A field read off the text is a guess.
CONFIDENCE_OF_GUESSED_FIELD = 0.6
# That two classes are of one level is no news: 96 in 100 random pairs are. At full confidence it would sink
# every course that states no level below those that do.
CONFIDENCE_OF_SAME_LEVEL = 0.25
# Sizes half as large again fit well, sizes one to two so-so: the value halves at this |ln ratio|.
HALF_SIZE_RATIO = 0.7
# In tables of nearness, in place of NaN: arithmetic on NaN is slow and spreads.
_UNKNOWN = -1.0


@dataclass(frozen=True)
class Topics:
    """Compares what the courses are about, by `encoded.prepare_similarity`.

    Parameters
    ----------
    similarity : callable
        Similarity of pairs in standard deviations.
    sure_left, sure_right : ndarray, shapes (n_left,) and (n_right,)
        Square roots of how much each text can be relied on.
    """

    similarity: Callable[[Pairs], Values]
    sure_left: Singles
    sure_right: Singles

    def __call__(self, pairs: Pairs) -> Compared:
        """Return 0 at one deviation below the usual pair, 1 at six above it, linear in between."""
        value = self.similarity(pairs).astype(np.float32)
        value -= np.float32(TOPIC_NOTHING)
        value *= np.float32(1 / (TOPIC_EVERYTHING - TOPIC_NOTHING))
        np.clip(value, 0, 1, out=value)
        return Compared(value, self.sure_left[pairs.rows] * self.sure_right[pairs.columns])


def prepare_topics(left: EncodedProfiles, right: EncodedProfiles) -> Topics:
    """Prepare similarity of texts, and its confidence from their lengths."""
    return Topics(prepare_similarity(left, right), root_certainty(left), root_certainty(right))


@dataclass(frozen=True)
class Fields:
    """Compares fields of education; where one is not declared, the fields both texts speak of.

    The guess is the Bhattacharyya coefficient of the two texts' probabilities over the 29 narrow fields.

    Parameters
    ----------
    declared : KindTable
        Nearness of declared fields, negative where a side declares none.
    guessed_left, guessed_right : ndarray, shapes (n_left, n_fields) and (n_right, n_fields)
        Square roots of the probabilities of fields, zeros where nothing is guessed.
    sure_left, sure_right : ndarray, shapes (n_left,) and (n_right,)
        Confidence of a guess is the product of both; 0 where nothing is guessed.
    """

    declared: KindTable
    guessed_left: Singles
    guessed_right: Singles
    sure_left: Singles
    sure_right: Singles

    def __call__(self, pairs: Pairs) -> Compared:
        """Return the nearness of declared fields with confidence 1, else the guess with less."""
        declared = self.declared(pairs)
        is_declared = declared >= 0
        sure = self.sure_left[pairs.rows] * self.sure_right[pairs.columns]
        value = pairs.dot(self.guessed_left, self.guessed_right)
        np.minimum(value, 1, out=value)
        np.copyto(value, declared, where=is_declared)
        np.copyto(sure, 1, where=is_declared)
        return Compared(value, sure)


def prepare_fields(left: EncodedProfiles, right: EncodedProfiles) -> Fields:
    """Prepare nearness of declared fields and the guesses read off the texts."""
    declared = KindTable.of(
        [p.isced_f for p in left.profiles], [p.isced_f for p in right.profiles], _known(field_nearness_matrix)
    )
    sure_left, sure_right = (
        np.where(side.fields.any(axis=1), np.sqrt(np.float32(CONFIDENCE_OF_GUESSED_FIELD)) * root_certainty(side), 0)
        for side in (left, right)
    )
    return Fields(declared, _singles(left.fields), _singles(right.fields), _singles(sure_left), _singles(sure_right))


@dataclass(frozen=True)
class Levels:
    """Compares levels of study by their nearness, which is negative where a side names none."""

    nearness: KindTable

    def __call__(self, pairs: Pairs) -> Compared:
        """Return the nearness in the European Qualifications Framework."""
        nearness = self.nearness(pairs)
        sure = np.where(nearness == 1, np.float32(CONFIDENCE_OF_SAME_LEVEL), _singles(nearness >= 0))
        return Compared(np.maximum(nearness, 0), sure)


def prepare_levels(left: EncodedProfiles, right: EncodedProfiles) -> Levels:
    """Prepare the nearness of levels of study."""
    levels_left: list[Level | None] = [p.level for p in left.profiles]
    levels_right: list[Level | None] = [p.level for p in right.profiles]
    return Levels(KindTable.of(levels_left, levels_right, _known(level_nearness_matrix)))


@dataclass(frozen=True)
class ClassSizes:
    """Compares class sizes.

    Parameters
    ----------
    logs_left, logs_right : ndarray, shapes (n_left,) and (n_right,)
        Natural logarithms of the numbers of students, 0 where unknown.
    known_left, known_right : ndarray of 0 and 1, shapes (n_left,) and (n_right,)
    """

    logs_left: Singles
    logs_right: Singles
    known_left: Singles
    known_right: Singles

    def __call__(self, pairs: Pairs) -> Compared:
        """Return 1 / (1 + (ln ratio / 0.7)^2): 1 for equal sizes, a half for one to two."""
        known = self.known_left[pairs.rows] * self.known_right[pairs.columns]
        value = self.logs_left[pairs.rows] - self.logs_right[pairs.columns]
        value *= np.float32(1 / HALF_SIZE_RATIO)
        np.square(value, out=value)
        value += 1
        return Compared(np.divide(known, value, out=value), known)


def prepare_class_sizes(left: EncodedProfiles, right: EncodedProfiles) -> ClassSizes:
    """Prepare the logarithms of class sizes."""
    sizes_left, sizes_right = _sizes(left.profiles), _sizes(right.profiles)
    return ClassSizes(
        _singles(np.log(np.maximum(sizes_left, 1))),
        _singles(np.log(np.maximum(sizes_right, 1))),
        _singles(sizes_left > 0),
        _singles(sizes_right > 0),
    )


def _known(matrix: Callable[[Sequence[Kind], Sequence[Kind]], Values]) -> Callable[[list[Kind], list[Kind]], Singles]:
    return lambda left, right: _singles(np.nan_to_num(matrix(left, right), nan=_UNKNOWN))


def _sizes(profiles: Sequence[CourseProfile]) -> Singles:
    return np.array([p.students or 0 for p in profiles], dtype=np.float32)


def _singles(values: Values) -> Singles:
    return values.astype(np.float32)


CRITERIA: tuple[Criterion, ...] = (
    Criterion("topic", prepare_topics),
    Criterion("field", prepare_fields),
    Criterion("complementarity", prepare_complementarity),
    Criterion("level", prepare_levels),
    Criterion("language", prepare_languages),
    Criterion("calendar", prepare_calendars),
    Criterion("live_hours", prepare_live_hours),
    Criterion("class_size", prepare_class_sizes),
    Criterion("technology", prepare_technology),
    Criterion("goals", prepare_goals),
    Criterion("wishes", prepare_wishes),
)
