"""The criterion of languages: who learns what the other speaks, and which language both can work in.

The figures for who learns what are ordered, and roughly spaced, by how much more often each case occurs
among 100 published partnerships than among random pairs of their courses: tandem 35 times as often, the same
language taught with speakers on one side 6, the same language taught 3.5, no language class on either side
1.4, a language class with speakers who study something else 0.8, with others 0.2, and different languages
taught that the other side does not want not once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matcher.criterion import Compared, Singles
from matcher.encoded import EncodedProfiles
from matcher.kinds import ByKind
from matcher.languages import LEVELS, common_languages, level_table
from matcher.pairs import Bools, Pairs
from matcher.profile import CourseProfile
from matcher.vocabulary.cefr import CEFR_LEVELS
from matcher.vocabulary.taught_languages import NAMED_AS_SUBJECT, taught_languages

# Languages learnt with their strengths, and languages spoken.
_Tongues = tuple[frozenset[tuple[str, float]], frozenset[str]]

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
# However far apart the levels, a common language is worth more than none.
LEAST_SHARED = 0.1
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


def prepare_languages(left: EncodedProfiles, right: EncodedProfiles) -> Languages:
    """Prepare reciprocity of learning, and the level at which a language of exchange is shared."""
    reciprocity = ByKind.prepare(_tongues(left.profiles), _tongues(right.profiles), _Reciprocity.of)
    return Languages(reciprocity, common_levels(left.profiles, right.profiles))


@dataclass(frozen=True)
class Languages:
    """Compares who learns what the other speaks, and which language both can work in.

    Parameters
    ----------
    reciprocity : ByKind
        Gives values and how sure they are.
    common : ByKind
        See `common_levels`.
    """

    reciprocity: ByKind
    common: ByKind

    def __call__(self, pairs: Pairs) -> Compared:
        """Return the weighted mean of reciprocity and common language where both are known, else what is."""
        reciprocal, sure = self.reciprocity(pairs)
        (common,) = self.common(pairs)
        is_common = common >= 0
        weight = np.where(sure > CONFIDENCE_OF_NO_CLASS, np.float32(RECIPROCITY), np.float32(0))
        together = common + weight * (reciprocal - common)
        return Compared(np.where(is_common, together, reciprocal), np.where(is_common, np.float32(1), sure))


def common_levels(left: Sequence[CourseProfile], right: Sequence[CourseProfile]) -> ByKind:
    """Prepare how well the best common language of exchange serves, 0..1; `UNKNOWN` where a side lists none.

    Both levels known: 1 less 0.15 for each step between them and each step either is below B2.
    """
    return common_languages(left, right, _FIT)


def _level_fit(level_a: str | None, level_b: str | None) -> float:
    if level_a is None or level_b is None:
        return SHARED_WITHOUT_LEVELS
    places = CEFR_LEVELS.index(level_a), CEFR_LEVELS.index(level_b)
    missing = max(CEFR_LEVELS.index("B2") - min(places), 0)
    return min(max(1 - PER_STEP * (abs(places[0] - places[1]) + missing), LEAST_SHARED), 1.0)


_FIT: Singles = level_table({(a, b): _level_fit(a, b) for a in LEVELS for b in LEVELS})


@dataclass(frozen=True)
class _Reciprocity:
    """Strength of learning and whether it is spoken, each language of a kind, shape (n_kinds, n_languages)."""

    strong_left: Singles
    strong_right: Singles
    speaks_left: Bools
    speaks_right: Bools
    silent_left: Bools
    silent_right: Bools

    @classmethod
    def of(cls, left: Sequence[_Tongues], right: Sequence[_Tongues]) -> _Reciprocity:
        both = (*left, *right)
        languages = sorted({tag for learnt, _ in both for tag, _ in learnt})
        columns = {tag: column for column, tag in enumerate(languages)}
        strong = np.zeros((len(both), len(columns)), dtype=np.float32)
        speaks = np.zeros(strong.shape, dtype=bool)
        for row, (learnt, spoken) in enumerate(both):
            for tag, strength in learnt:
                strong[row, columns[tag]] = strength
            speaks[row, [columns[tag] for tag in spoken if tag in columns]] = True
        # Nothing is known of the mother tongues of a class that names none.
        silent = np.array([not spoken for _, spoken in both], dtype=bool)
        n = len(left)
        return cls(strong[:n], strong[n:], speaks[:n], speaks[n:], silent[:n], silent[n:])

    def __call__(self, pairs: Pairs) -> tuple[Singles, Singles]:
        learns_left, learns_right = self.strong_left > 0, self.strong_right > 0
        gains_left = _strongest(pairs, self.strong_left, self.speaks_right & ~learns_right)
        gains_right = _strongest(pairs, self.speaks_left & ~learns_left, self.strong_right)
        same = _strongest(pairs, np.sqrt(self.strong_left), np.sqrt(self.strong_right))
        with_speakers = pairs.dot(_singles(learns_left & self.speaks_left), _singles(learns_right)) > 0
        with_speakers |= pairs.dot(_singles(learns_left), _singles(learns_right & self.speaks_right)) > 0
        most_left = self.strong_left.max(axis=1, initial=0)[pairs.rows]
        most_right = self.strong_right.max(axis=1, initial=0)[pairs.columns]
        has_left, has_right, strongest = most_left > 0, most_right > 0, np.maximum(most_left, most_right)
        speech_known = ~(has_left & self.silent_right[pairs.columns] | has_right & self.silent_left[pairs.rows])
        no_class = np.float32(CONFIDENCE_OF_NO_CLASS)
        cases: list[tuple[Bools, float, Singles | np.float32]] = [
            ((gains_left > 0) & (gains_right > 0), TANDEM, np.minimum(gains_left, gains_right)),
            ((same > 0) & with_speakers, SAME_TAUGHT_WITH_SPEAKERS, same),
            (same > 0, SAME_TAUGHT, same),
            (~has_left & ~has_right, NO_LANGUAGE_CLASS, no_class),
            (~speech_known, CLASS_WITH_UNKNOWN, no_class),
            (has_left & has_right, TAUGHT_APART, strongest),
            ((gains_left > 0) | (gains_right > 0), CLASS_WITH_SPEAKERS, strongest),
        ]
        conditions = [condition for condition, _, _ in cases]
        value = np.select(conditions, [np.float32(worth) for _, worth, _ in cases], np.float32(CLASS_WITH_OTHERS))
        return value, np.select(conditions, [sure for _, _, sure in cases], strongest)


def _strongest(pairs: Pairs, left: Singles | Bools, right: Singles | Bools) -> Singles:
    """Return the largest product of both sides' strengths over the languages.

    There are few different strengths, so one matrix product for each two of them finds where they meet.
    """
    best = np.zeros(pairs.shape, dtype=np.float32)
    for strength_left in np.unique(left[left > 0]):
        for strength_right in np.unique(right[right > 0]):
            meet = pairs.dot(_singles(left == strength_left), _singles(right == strength_right)) > 0
            np.maximum(best, meet * np.float32(strength_left) * np.float32(strength_right), out=best)
    return best


def _singles(flags: Bools) -> Singles:
    return flags.astype(np.float32)


def _tongues(profiles: Sequence[CourseProfile]) -> list[_Tongues]:
    return [(frozenset(learnt_languages(p).items()), frozenset(p.native_languages)) for p in profiles]
