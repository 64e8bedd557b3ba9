"""All open courses at one moment: encoded, with their facets and words, and a scorer over most of them."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from scipy import sparse

from matcher.encoded import TERMS, EncodedProfiles, Vectors
from matcher.pairs import Bools, FloatArray, Ints
from matcher.profile import CourseProfile
from matcher.rules import PairRules, RuleSettings, prepare_rules
from matcher.scorer import DEFAULT_WEIGHTS, PairScorer
from matcher.text import TextEncoder
from webapp.directory.entries import Entry
from webapp.directory.facets import Table
from webapp.directory.queries import Signature
from webapp.directory.words import Words


@dataclass(frozen=True)
class Prepared:
    """A scorer and the rules over a list of courses with itself: rows answer by arithmetic alone.

    Parameters
    ----------
    scorer : PairScorer
    rules : PairRules
    row_of : Mapping
        Row of each (course id, version).
    seconds : float
        How long it took to make.
    made_at : float
        When it was done, by the monotonic clock.
    """

    scorer: PairScorer
    rules: PairRules
    row_of: Mapping[tuple[int, int], int]
    seconds: float
    made_at: float

    @classmethod
    def of(
        cls, entries: Sequence[Entry], encoded: EncodedProfiles, encoder: TextEncoder, settings: RuleSettings
    ) -> "Prepared":
        """Prepare courses; takes a second for each two thousand of them."""
        begun = time.monotonic()
        scorer = new_scorer(encoded, encoded, encoder)
        rules = prepare_rules(encoded.profiles, encoded.profiles, settings)
        row_of = {(entry.course_id, entry.version): row for row, entry in enumerate(entries)}
        done = time.monotonic()
        return cls(scorer, rules, row_of, done - begun, done)


@dataclass(frozen=True)
class Snapshot:
    """Open courses at one moment; never changed, only replaced.

    Parameters
    ----------
    signature : Signature
        What the database said of its courses then.
    generation : int
        Another number whenever positions or scores change.
    week : date
        Monday of the week it was made in: weeks that are over are no weeks to share.
    seen : Mapping
        Version of every course read, by id, those the matcher cannot read included.
    entries : tuple of Entry
    encoded : EncodedProfiles
    table : Table
    words : Words
        Of the entries, position by position.
    is_open : ndarray of bool
        Which of them are still listed in the version they were read in.
    prepared : Prepared
        Over most of them.
    prepared_row : ndarray of int
        Their rows in it; -1 for those that came later.
    encoder : TextEncoder
    """

    signature: Signature
    generation: int
    week: date
    seen: Mapping[int, int]
    entries: tuple[Entry, ...]
    encoded: EncodedProfiles
    table: Table
    words: Words
    is_open: Bools
    prepared: Prepared
    prepared_row: Ints
    encoder: TextEncoder

    def __len__(self) -> int:
        return len(self.entries)

    @property
    def n_late(self) -> int:
        """Courses that are not in the prepared scorer, and rows that are of no use any more."""
        is_in = self.prepared_row >= 0
        return int((~is_in).sum()) + int((~self.is_open).sum()) + len(self.prepared.row_of) - int(is_in.sum())

    def position(self, course_id: int, version: int) -> int | None:
        """Find a course in the version it was read in; None when it is not here."""
        found = np.flatnonzero(self.table.ids == course_id)
        at = int(found[-1]) if len(found) else None
        return at if at is not None and self.entries[at].version == version else None


def new_scorer(left: EncodedProfiles, right: EncodedProfiles, encoder: TextEncoder) -> PairScorer:
    """Prepare a scorer with the weights rounds use."""
    return PairScorer(left, right, DEFAULT_WEIGHTS, encoder)


def taken(encoded: EncodedProfiles, rows: Ints) -> EncodedProfiles:
    """Give some of the profiles, in the order given."""
    vectors = encoded.vectors
    return EncodedProfiles(
        tuple(encoded.profiles[row] for row in rows.tolist()),
        Vectors(vectors.dense[rows], vectors.terms[rows], vectors.lexical[rows]),
        encoded.hubness[rows],
        encoded.fields[rows],
        encoded.n_words[rows],
        encoded.usual_similarity,
        encoded.spread,
    )


def joined(one: EncodedProfiles, other: EncodedProfiles) -> EncodedProfiles:
    """Put profiles after others; both encoded with the same statistics."""
    first, second = one.vectors, other.vectors
    return EncodedProfiles(
        one.profiles + other.profiles,
        Vectors(
            np.concatenate([first.dense, second.dense]),
            sparse.csr_array(sparse.vstack([first.terms, second.terms])),
            sparse.csr_array(sparse.vstack([first.lexical, second.lexical])),
        ),
        np.concatenate([one.hubness, other.hubness]),
        np.concatenate([one.fields, other.fields]),
        np.concatenate([one.n_words, other.n_words]),
        one.usual_similarity,
        one.spread,
    )


def similarity_to(one: EncodedProfiles, encoded: EncodedProfiles) -> FloatArray:
    """Return how near the texts of profiles are to a single one, in deviations from the usual pair, shape (n,).

    As `matcher.encoded.prepare_similarity`, without copying the vectors of thousands for a single row.
    """
    similarity = encoded.vectors.dense @ one.vectors.dense[0]
    similarity += TERMS * (encoded.vectors.terms @ one.vectors.terms.toarray()[0])
    deviations = (2 * similarity - one.hubness[0] - encoded.hubness - encoded.usual_similarity) / encoded.spread
    found: FloatArray = deviations.astype(np.float32)
    return found


def encode_text(text: str, encoder: TextEncoder) -> EncodedProfiles:
    """Encode the words somebody looks for, as a course that is nothing but a title."""
    return encoder.transform([CourseProfile(id="", institution="", country="", title=text)])
