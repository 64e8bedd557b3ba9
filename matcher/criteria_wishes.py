"""The criterion of wishes: what each lecturer would like in a partner, against what the other is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np

from matcher.criterion import Compared, Singles
from matcher.encoded import EncodedProfiles
from matcher.field_wishes import UNJUDGED, FieldOfWish, field_wish_table
from matcher.fields import FieldWish
from matcher.kinds import ByKind, Holdings, KindTable, mirrored, where_left
from matcher.pairs import Bools, Pairs
from matcher.profile import CourseProfile
from matcher.words import CourseText, is_looked_for_inside, stems

# Regions and countries wished for; region and country of a course.
_Places = tuple[frozenset[str], frozenset[str]]
_Place = tuple[str | None, str]
# The stems of one wish for a discipline; a course meets it when all of them occur.
_Subject = frozenset[str]


def wishes_met(wishing: CourseProfile, other: CourseProfile) -> tuple[bool | None, bool | None, bool | None]:
    """Return whether wishes for region, country and discipline are met, each None for no such wish.

    A wish for a discipline is met by whole words of title and discipline: "art" is not met by "artificial".
    """
    wishes, heading, wanted = wishing.wishes, CourseText.of_heading(other), _wanted(wishing)
    return (
        other.region in wishes.regions if wishes.regions else None,
        other.country in wishes.countries if wishes.countries else None,
        any(all(map(heading.has, subject)) for subject in wanted) if wanted else None,
    )


def field_wish_met(wishing: CourseProfile, other: CourseProfile) -> bool | None:
    """Return whether the wish for the partner's field is met; None for no wish, or where a field is not known."""
    met = float(field_wish_table([_field_of_wish(wishing)], [other.isced_f])[0, 0])
    return None if met == UNJUDGED else bool(met)


@dataclass(frozen=True)
class Wishes:
    """Compares what each lecturer wishes for with what the other is.

    Parameters
    ----------
    of_left, of_right : WishesOfOneSide
        Each with its own side as the wishing one.
    """

    of_left: WishesOfOneSide
    of_right: WishesOfOneSide

    def __call__(self, pairs: Pairs) -> Compared:
        """Return the part of both sides' wishes that is met.

        A lecturer without wishes is not an unknown: whatever wishes there are can be judged. Only a wish for
        the partner's field does not count where one of the two fields is not known.
        """
        met, n_wishes = self.of_left.met(pairs)
        met_right, n_wishes_right = self.of_right.met(mirrored(pairs))
        met += met_right.T
        n_wishes = n_wishes + n_wishes_right.T
        met /= np.maximum(n_wishes, 1)
        return Compared(met, (n_wishes > 0).astype(np.float32))


@dataclass(frozen=True)
class WishesOfOneSide:
    """The wishes of one side and how far the other meets them.

    Parameters
    ----------
    n_wishes : ndarray, shape (n_wishing,)
        Kinds of wishes of each course that can always be judged: region, country, discipline.
    places : ByKind
        How many of the wishes for region and country are met.
    names_subject : ndarray of bool, shape (n_wishing,)
        Whether there is a wish for a discipline.
    subjects : Holdings
        Wanted disciplines, and the courses that are about them.
    names_field : ndarray of bool, shape (n_wishing,)
        Whether there is a wish for the partner's field of education.
    fields : KindTable
        Whether that wish is met, `UNJUDGED` where it cannot be told.
    """

    n_wishes: Singles
    places: ByKind
    names_subject: Bools
    subjects: Holdings
    names_field: Bools
    fields: KindTable

    @classmethod
    def of(cls, wishing: Sequence[CourseProfile], others: Sequence[CourseProfile]) -> WishesOfOneSide:
        """Prepare the wishes of one side for the courses of the other."""
        wanted = [_wanted(p) for p in wishing]
        subjects = dict.fromkeys(subject for its in wanted for subject in its)
        wishes = [(p.wishes.regions, p.wishes.countries, its) for p, its in zip(wishing, wanted, strict=True)]
        return cls(
            np.array([sum(map(bool, its)) for its in wishes], dtype=np.float32),
            ByKind.prepare(
                [(frozenset(p.wishes.regions), frozenset(p.wishes.countries)) for p in wishing],
                [(p.region, p.country) for p in others],
                _PlaceFormula.of,
            ),
            np.array([bool(its) for its in wanted], dtype=bool),
            Holdings.of(wanted, _met_by(subjects, others)),
            np.array([_field_of_wish(p)[0] is not None for p in wishing], dtype=bool),
            KindTable.of(map(_field_of_wish, wishing), [p.isced_f for p in others], field_wish_table),
        )

    def met(self, pairs: Pairs) -> tuple[Singles, Singles]:
        """Return how many kinds of wishes are met and how many can be judged, the wishing side first.

        The first has the shape of the pairs, the second broadcasts to it.
        """
        met = np.zeros(pairs.shape, dtype=np.float32)
        n_judged: Singles = self.n_wishes[pairs.rows]
        # Most courses wish for nothing, and their rows cost nothing.
        wishing, part = where_left(self.n_wishes, pairs)
        if wishing.size:
            (met[wishing],) = self.places(part)
        naming, part = where_left(self.names_subject, pairs)
        if naming.size:
            met[naming] += self.subjects.count(part) > 0
        choosing, part = where_left(self.names_field, pairs)
        if choosing.size:
            of_field = self.fields(part)
            n_judged = np.broadcast_to(n_judged, pairs.shape).copy()
            n_judged[choosing] += of_field != UNJUDGED
            met[choosing] += of_field > 0
        return met, n_judged


def prepare_wishes(left: EncodedProfiles, right: EncodedProfiles) -> Wishes:
    """Prepare the wishes of both sides."""
    return Wishes(WishesOfOneSide.of(left.profiles, right.profiles), WishesOfOneSide.of(right.profiles, left.profiles))


@dataclass(frozen=True)
class _PlaceFormula:
    """A course lies in one region and one country, so each of the two counts is 0 or 1."""

    regions: Holdings
    countries: Holdings

    @classmethod
    def of(cls, wanted: Sequence[_Places], places: Sequence[_Place]) -> _PlaceFormula:
        return cls(
            Holdings.of([regions for regions, _ in wanted], [(region,) for region, _ in places]),
            Holdings.of([countries for _, countries in wanted], [(country,) for _, country in places]),
        )

    def __call__(self, pairs: Pairs) -> tuple[Singles]:
        return (self.regions.count(pairs) + self.countries.count(pairs),)


def _field_of_wish(profile: CourseProfile) -> FieldOfWish:
    """Return the wish for a partner's field, None for any, with the field it starts from."""
    wish = profile.wishes.field
    return (None, None) if wish in (None, FieldWish.ANY) else (wish, profile.isced_f)


def _wanted(profile: CourseProfile) -> list[_Subject]:
    """Return the disciplines wished for; one without any word, such as "?", is no wish."""
    return [subject for subject in map(stems, profile.wishes.disciplines) if subject]


def _met_by(subjects: Iterable[_Subject], others: Sequence[CourseProfile]) -> list[list[_Subject]]:
    """Return which of the subjects each course is about, as `wishes_met` tells of each.

    Each course looks only at subjects that begin with one of its words, so that many wishes cost little.
    """
    by_word: dict[str, list[_Subject]] = {}
    for subject in subjects:
        by_word.setdefault(min(subject), []).append(subject)
    words = frozenset[str]().union(*subjects)
    if not words:
        return [[] for _ in others]
    headings = [CourseText.of_heading(p) for p in others]
    inside = _found_inside(filter(is_looked_for_inside, words), [heading.plain for heading in headings])
    has = [words & heading.stems | more for heading, more in zip(headings, inside, strict=True)]
    return [[subject for word in its for subject in by_word.get(word, ()) if subject <= its] for its in has]


def _found_inside(words: Iterable[str], texts: Sequence[str]) -> list[set[str]]:
    """Return which of the words each text contains, also inside longer words.

    Each word is searched once in all texts written one below the other, which is far faster than in each.
    """
    together = "\n".join(texts)
    begins = [0, *accumulate(len(text) + 1 for text in texts)]
    found: list[set[str]] = [set() for _ in texts]
    for word in words:
        at = together.find(word) if texts else -1
        while at >= 0:
            number = bisect_right(begins, at) - 1
            found[number].add(word)
            # On from the next text: once in each is enough.
            at = together.find(word, begins[number + 1]) if number + 1 < len(texts) else -1
    return found
