"""Which fields partner with which: a designer with a marketer, and not only like with like.

Of two broad ISCED-F fields data/field_partners.csv says in how many of 104 published partnerships they met
(`seen`) and in how many they would have met had every class found its partner by chance (`expected`). What
they are to each other is the lift

    lift = (seen + k prior) / (expected + k),        prior = 1 + nearness in ISCED-F,    k = 5

shrunk towards the prior as by k pairs more (empirical Bayes for ratios of counts, as in DuMouchel 1999), because
58 of the 66 pairs of fields were seen less than three times. With p and q the probabilities of the two courses
over the eleven broad fields, a pair's expected lift is p' lift q, and the value expected lift / (1 + expected
lift): a half where fields meet as often as by chance.

What it is worth: little so far. On held-out halves of the published partnerships (table from the other half,
projects kept whole, ten seeds) it foretells partners better than chance alone (log lift 0.15), but what it knows,
texts and fields know already: at the weight of 0.02 it moved the mean reciprocal rank of the whole score by
-0.0003 +- 0.0004 and the hit rate at 10 by nothing. Its weight is small for that reason, until more
partnerships are counted; k = 2 foretold a little better, k = 10 and more a little worse, and the ranks did not
tell them apart.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import numpy as np

from matcher.criterion import Compared, Floats, Singles
from matcher.encoded import EncodedProfiles, root_certainty
from matcher.field_guess import NARROW_FIELDS
from matcher.pairs import Pairs
from matcher.vocabulary.isced import field_nearness_matrix

# The broad fields of ISCED-F 2013, the rows and columns of all tables here.
BROAD_FIELDS: tuple[str, ...] = tuple(sorted({code[:2] for code in NARROW_FIELDS}))
# Pairs by which the prior counts.
PRIOR_PAIRS = 5.0
# Counts from a hundred pairs, most of whose fields are guesses: never taken for certain.
CONFIDENCE_OF_COUNTS = 0.6
# Fields that met this much more often than by chance are named as partners.
CLEARLY_PARTNERS = 1.05

_PLACES = {code: at for at, code in enumerate(BROAD_FIELDS)}
_IN_BROAD = np.array([[code[:2] == broad for broad in BROAD_FIELDS] for code in NARROW_FIELDS], dtype=np.float32)


def broad_field(code: str | None) -> str | None:
    """Return the broad field of an ISCED-F code of two to four digits; None for an unknown or missing one."""
    return code[:2] if code is not None and code[:2] in _PLACES else None


def broad_fields(encoded: EncodedProfiles) -> Singles:
    """Return the probabilities of the broad fields: 1 for the declared one, else as guessed from the text.

    Returns
    -------
    ndarray, shape (n, n_broad_fields)
        Rows add up to 1; zeros where nothing is declared or guessed.
    """
    probabilities: Singles = np.square(encoded.fields) @ _IN_BROAD
    declared = [broad_field(profile.isced_f) for profile in encoded.profiles]
    rows = [row for row, code in enumerate(declared) if code is not None]
    probabilities[rows] = 0
    probabilities[rows, [_PLACES[code] for code in declared if code is not None]] = 1
    return probabilities


def count_partners(probabilities: Singles, pairs: Iterable[tuple[int, int]]) -> tuple[Floats, Floats]:
    """Count how often fields partnered, and how often they would have by chance.

    Parameters
    ----------
    probabilities : ndarray, shape (n, n_broad_fields)
        See `broad_fields`.
    pairs : iterable of (int, int)
        Rows of partners, at least one pair.

    Returns
    -------
    seen, expected : ndarray, shape (n_broad_fields, n_broad_fields)
        Symmetric; the upper triangle, diagonal included, adds up to the number of pairs. Expected counts are
        those of classes drawn independently from the fields of all the partners.
    """
    rows, columns = np.array(list(pairs), dtype=np.int64).T
    chances = probabilities.astype(np.float64)
    ordered = chances[rows].T @ chances[columns]
    ordered = (ordered + ordered.T) / 2
    margin = ordered.sum(axis=1)
    both_orders = 2 - np.eye(len(margin))
    return both_orders * ordered, both_orders * np.outer(margin, margin) / margin.sum()


def lifts(seen: Floats, expected: Floats, prior_pairs: float = PRIOR_PAIRS) -> Floats:
    """Return how much more often than by chance broad fields partner, shrunk towards their nearness in ISCED-F."""
    prior = 1 + field_nearness_matrix(BROAD_FIELDS, BROAD_FIELDS)
    shrunk: Floats = (seen + prior_pairs * prior) / (expected + prior_pairs)
    return shrunk


@cache
def delivered_counts() -> tuple[Floats, Floats]:
    """Return `seen` and `expected` of data/field_partners.csv, in the order of `BROAD_FIELDS`; not to be changed."""
    text = files("matcher").joinpath("data", "field_partners.csv").read_text(encoding="utf-8")
    tables = np.zeros((2, len(BROAD_FIELDS), len(BROAD_FIELDS)))
    for row in csv.DictReader(text.splitlines()):
        a, b = _PLACES[row["broad_a"]], _PLACES[row["broad_b"]]
        tables[:, a, b] = tables[:, b, a] = float(row["seen"]), float(row["expected"])
    tables.flags.writeable = False
    return tables[0], tables[1]


@dataclass(frozen=True)
class Complementarity:
    """Compares fields by how often they partner.

    Parameters
    ----------
    lifted_left : ndarray, shape (n_left, n_broad_fields)
        Probabilities of the left courses' fields times the table of lifts.
    right : ndarray, shape (n_right, n_broad_fields)
    sure_left, sure_right : ndarray, shapes (n_left,) and (n_right,)
        Confidence is the product of both; 0 where no field is declared or guessed.
    """

    lifted_left: Singles
    right: Singles
    sure_left: Singles
    sure_right: Singles

    def __call__(self, pairs: Pairs) -> Compared:
        """Return lift / (1 + lift) of the expected lift: a half where fields meet as often as by chance."""
        value = pairs.dot(self.lifted_left, self.right)
        value /= 1 + value
        sure = self.sure_left[pairs.rows] * self.sure_right[pairs.columns]
        return Compared(value, sure)


def prepare_complementarity(left: EncodedProfiles, right: EncodedProfiles) -> Complementarity:
    """Prepare the fields of both sides and what they are to each other."""
    table = lifts(*delivered_counts()).astype(np.float32)
    fields_left, fields_right = broad_fields(left), broad_fields(right)
    return Complementarity(fields_left @ table, fields_right, _sure(left, fields_left), _sure(right, fields_right))


def partner_fields(a: EncodedProfiles, b: EncodedProfiles) -> tuple[str, str] | None:
    """Return the likeliest broad fields of two single profiles if they differ and clearly partner often."""
    chances = [broad_fields(side)[0] for side in (a, b)]
    if not all(chance.any() for chance in chances):
        return None
    first, second = (int(np.argmax(chance)) for chance in chances)
    if first == second or lifts(*delivered_counts())[first, second] < CLEARLY_PARTNERS:
        return None
    return BROAD_FIELDS[first], BROAD_FIELDS[second]


def _sure(encoded: EncodedProfiles, fields: Singles) -> Singles:
    declared = np.array([broad_field(profile.isced_f) is not None for profile in encoded.profiles], dtype=bool)
    reliable = np.where(declared, np.float32(1), root_certainty(encoded))
    sure: Singles = np.where(fields.any(axis=1), np.float32(np.sqrt(CONFIDENCE_OF_COUNTS)) * reliable, np.float32(0))
    return sure
