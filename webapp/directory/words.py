"""Which courses hold the words of a search: exact words beside the meaning, in every script."""

from collections.abc import Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
import numpy.typing as npt

from matcher.pairs import Bools, FloatArray
from matcher.words import CourseText, is_looked_for_inside, plain, stems
from webapp.directory.entries import Entry

Numbers = npt.NDArray[np.uint32]


@dataclass(frozen=True)
class Ragged:
    """Numbers of words, course after course.

    Parameters
    ----------
    words : ndarray of uint32
        Checksums of stems.
    ends : ndarray of int64, shape (n,)
        Where the words of each course end.
    """

    words: Numbers
    ends: npt.NDArray[np.int64]

    @classmethod
    def of(cls, rows: Sequence[frozenset[str]]) -> "Ragged":
        """Number the stems of each course."""
        numbers = [crc32(stem.encode()) for stems_of_one in rows for stem in stems_of_one]
        return cls(np.array(numbers, dtype=np.uint32), np.cumsum([len(row) for row in rows], dtype=np.int64))

    def holds(self, stem: str) -> Bools:
        """Tell which courses hold a stem."""
        found = np.zeros(len(self.ends), dtype=bool)
        places = np.flatnonzero(self.words == np.uint32(crc32(stem.encode())))
        found[np.searchsorted(self.ends, places, side="right")] = True
        return found

    def joined(self, other: "Ragged") -> "Ragged":
        """Put the courses of another list after these."""
        shifted = other.ends + len(self.words)
        return Ragged(np.concatenate([self.words, other.words]), np.concatenate([self.ends, shifted]))

    def taken(self, rows: npt.NDArray[np.int64]) -> "Ragged":
        """Give some of the courses, in the order given."""
        starts = np.concatenate([[0], self.ends[:-1]]).astype(np.int64)
        sizes = (self.ends - starts)[rows]
        ends = np.cumsum(sizes, dtype=np.int64)
        at = np.repeat(starts[rows] - (ends - sizes), sizes) + np.arange(int(sizes.sum()))
        return Ragged(self.words[at], ends)


@dataclass(frozen=True)
class Words:
    """The words of courses.

    Parameters
    ----------
    titles, texts : Ragged
        Stems of titles; stems of everything a course says, with the names of its institution and city.
    plain : tuple of str
        The same in small letters, in which words of scripts without spaces are looked for.
    n_of_titles : tuple of str
        Titles in small letters.
    """

    titles: Ragged
    texts: Ragged
    plain: tuple[str, ...]
    plain_titles: tuple[str, ...]

    @classmethod
    def of(cls, entries: Sequence[Entry]) -> "Words":
        """Read the words of courses."""
        texts = [CourseText.of(entry.profile) for entry in entries]
        places = [f"{entry.profile.institution}\n{entry.city}" for entry in entries]
        titles = [entry.profile.title for entry in entries]
        return cls(
            Ragged.of([stems(title) for title in titles]),
            Ragged.of([text.stems | stems(place) for text, place in zip(texts, places, strict=True)]),
            tuple(f"{text.plain} {plain(place)}" for text, place in zip(texts, places, strict=True)),
            tuple(map(plain, titles)),
        )

    def joined(self, other: "Words") -> "Words":
        """Put the courses of another list after these."""
        return Words(
            self.titles.joined(other.titles),
            self.texts.joined(other.texts),
            self.plain + other.plain,
            self.plain_titles + other.plain_titles,
        )

    def taken(self, rows: npt.NDArray[np.int64]) -> "Words":
        """Give some of the courses, in the order given."""
        return Words(
            self.titles.taken(rows),
            self.texts.taken(rows),
            tuple(self.plain[row] for row in rows.tolist()),
            tuple(self.plain_titles[row] for row in rows.tolist()),
        )

    def find(self, text: str) -> tuple[FloatArray, Bools]:
        """Tell how much of a search each course holds.

        Returns
        -------
        share : ndarray, shape (n,)
            0..1: words found, rare ones counting more; 1 when all are there.
        in_title : ndarray of bool, shape (n,)
            Whether the title holds every word.
        """
        n = len(self.plain)
        share, in_title = np.zeros(n, dtype=np.float64), np.ones(n, dtype=bool)
        wanted = sorted(stems(text))
        total = 0.0
        for stem in wanted:
            held = _held(stem, self.texts, self.plain)
            weight = float(np.log((n + 1) / (int(held.sum()) + 0.5)))
            share += weight * held
            total += weight
            in_title &= _held(stem, self.titles, self.plain_titles)
        if not wanted:
            return share.astype(np.float32), np.zeros(n, dtype=bool)
        return (share / max(total, 1e-9)).astype(np.float32), in_title


def _held(stem: str, ragged: Ragged, texts: Sequence[str]) -> Bools:
    """Tell which courses hold a stem, inside longer words too where a script writes no spaces."""
    if is_looked_for_inside(stem):
        return np.array([stem in text for text in texts], dtype=bool)
    return ragged.holds(stem)
