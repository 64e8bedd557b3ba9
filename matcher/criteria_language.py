"""The criterion of languages: who learns what the other speaks, and which language both can work in.

The figures for who learns what are ordered, and roughly spaced, by how much more often each case occurs
among 100 published partnerships than among random pairs of their courses: tandem 35 times as often, the same
language taught with speakers on one side 6, the same language taught 3.5, no language class on either side
1.4, a language class with speakers who study something else 0.8, with others 0.2, and different languages
taught that the other side does not want not once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from matcher.criterion import Compared, Floats
from matcher.languages import language_table
from matcher.profile import CourseProfile
from matcher.text import EncodedProfiles
from matcher.vocabulary.cefr import CEFR_LEVELS
from matcher.vocabulary.taught_languages import NAMED_AS_SUBJECT, taught_languages

TANDEM = 1.0
SAME_TAUGHT_WITH_SPEAKERS = 0.8
SAME_TAUGHT = 0.65
NO_LANGUAGE_CLASS = 0.5
CLASS_WITH_SPEAKERS = 0.45
CLASS_WITH_UNKNOWN = 0.35
CLASS_WITH_OTHERS = 0.15
TAUGHT_APART = 0.0
# That neither course teaches a language is read off the lack of words, which is weak evidence.
CONFIDENCE_OF_NO_CLASS = 0.5
# A common language of exchange without levels; with levels, what each step between them takes away.
SHARED_WITHOUT_LEVELS, PER_STEP = 0.8, 0.15
# Weight of reciprocity against the language of exchange where both are known.
RECIPROCITY = 0.6


def learnt_languages(profile: CourseProfile) -> Mapping[str, float]:
    """Return the languages a class learns or trains to teach: as declared, else read off its words.

    Returns
    -------
    Mapping
        Primary language to strength 0..1, 1.0 when declared.
    """
    if profile.learning_languages:
        return dict.fromkeys(profile.learning_languages, NAMED_AS_SUBJECT)
    heading = f"{profile.title} ; {profile.discipline or ''}"
    return taught_languages(heading, ". ".join((profile.description or "", *profile.outcomes)))


def compare_languages(left: EncodedProfiles, right: EncodedProfiles) -> Compared:
    """Compare languages: reciprocity of learning, and the level at which a language of exchange is shared."""
    reciprocal, sure = _reciprocity(left.profiles, right.profiles)
    common = common_level(left.profiles, right.profiles)
    is_common = ~np.isnan(common)
    says_much = sure > CONFIDENCE_OF_NO_CLASS
    weight = np.where(is_common, np.where(says_much, RECIPROCITY, 0.0), 1.0)
    value = weight * reciprocal + (1 - weight) * np.where(is_common, common, 0.0)
    return Compared(value, np.where(is_common, 1.0, sure))


def common_level(left: Sequence[CourseProfile], right: Sequence[CourseProfile]) -> Floats:
    """Return how well the best common language of exchange serves, 0..1; NaN where a side lists none.

    Both levels known: 1 less 0.15 for each step between them and each step either is below B2.
    """
    known = language_table(left, right).known
    value = np.where(known, 0.0, np.nan)
    for language in sorted({tag for p in (*left, *right) for tag in p.exchange_languages}):
        levels_left, levels_right = _levels(left, language), _levels(right, language)
        lower = np.minimum(levels_left[:, None], levels_right[None, :])
        steps = np.abs(levels_left[:, None] - levels_right[None, :])
        missing = np.maximum(CEFR_LEVELS.index("B2") - lower, 0)
        with_levels = np.clip(1 - PER_STEP * (steps + missing), 0.1, 1)
        # NaN levels are shared languages without a level on a side; -inf means not listed at all.
        fit = np.where(np.isnan(lower), SHARED_WITHOUT_LEVELS, with_levels)
        listed = _lists(left, language)[:, None] & _lists(right, language)[None, :]
        value = np.where(listed & known, np.fmax(value, fit), value)
    return value


def _reciprocity(left: Sequence[CourseProfile], right: Sequence[CourseProfile]) -> tuple[Floats, Floats]:
    learns_left, learns_right = [learnt_languages(p) for p in left], [learnt_languages(p) for p in right]
    languages = sorted({tag for learns in (*learns_left, *learns_right) for tag in learns})
    shape = (len(left), len(right))
    gains_left, gains_right, same = np.zeros(shape), np.zeros(shape), np.zeros(shape)
    apart = np.zeros(shape, dtype=bool)
    for language in languages:
        strong_left, strong_right = _strengths(learns_left, language), _strengths(learns_right, language)
        speaks_left, speaks_right = _speaks(left, language), _speaks(right, language)
        gain_left = strong_left[:, None] * (speaks_right & (strong_right == 0))[None, :]
        gain_right = (speaks_left & (strong_left == 0))[:, None] * strong_right[None, :]
        both = np.sqrt(strong_left[:, None] * strong_right[None, :])
        apart |= (both > 0) & (speaks_left[:, None] | speaks_right[None, :])
        gains_left, gains_right = np.maximum(gains_left, gain_left), np.maximum(gains_right, gain_right)
        same = np.maximum(same, both)
    teaches_left = np.array([max(learns.values(), default=0.0) for learns in learns_left])
    teaches_right = np.array([max(learns.values(), default=0.0) for learns in learns_right])
    with_speakers = apart
    has_left, has_right = (teaches_left > 0)[:, None], (teaches_right > 0)[None, :]
    speech_known = ~((has_left & _no_native(right)[None, :]) | (has_right & _no_native(left)[:, None]))
    strongest = np.maximum(teaches_left[:, None], teaches_right[None, :])
    cases = [
        ((gains_left > 0) & (gains_right > 0), TANDEM, np.minimum(gains_left, gains_right)),
        ((same > 0) & with_speakers, SAME_TAUGHT_WITH_SPEAKERS, same),
        (same > 0, SAME_TAUGHT, same),
        (~has_left & ~has_right, NO_LANGUAGE_CLASS, np.full(shape, CONFIDENCE_OF_NO_CLASS)),
        (~speech_known, CLASS_WITH_UNKNOWN, np.full(shape, CONFIDENCE_OF_NO_CLASS)),
        (has_left & has_right, TAUGHT_APART, strongest),
        ((gains_left > 0) | (gains_right > 0), CLASS_WITH_SPEAKERS, strongest),
    ]
    conditions = [condition for condition, _, _ in cases]
    value = np.select(conditions, [np.full(shape, worth) for _, worth, _ in cases], CLASS_WITH_OTHERS)
    return value, np.select(conditions, [sure for _, _, sure in cases], strongest)


def _levels(profiles: Sequence[CourseProfile], language: str) -> Floats:
    """Return the place of each class's level among A1..C2; NaN when not given or the language is not listed."""
    levels = [p.exchange_languages.get(language) for p in profiles]
    return np.array([CEFR_LEVELS.index(level) if level else np.nan for level in levels], dtype=np.float64)


def _lists(profiles: Sequence[CourseProfile], language: str) -> npt.NDArray[np.bool_]:
    return np.array([language in p.exchange_languages for p in profiles], dtype=bool)


def _strengths(learns: Sequence[Mapping[str, float]], language: str) -> Floats:
    return np.array([its.get(language, 0.0) for its in learns], dtype=np.float64)


def _speaks(profiles: Sequence[CourseProfile], language: str) -> npt.NDArray[np.bool_]:
    return np.array([language in p.native_languages for p in profiles], dtype=bool)


def _no_native(profiles: Sequence[CourseProfile]) -> npt.NDArray[np.bool_]:
    return np.array([not p.native_languages for p in profiles], dtype=bool)
