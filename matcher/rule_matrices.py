"""The hard rules for all pairs at once: each function returns which pairs its rule forbids.

Every function takes the profiles of both sides and returns an array of bool, shape (n_left, n_right); what
each rule means is said in `rules`, whose `check` gives the same answer pair by pair.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set

import numpy as np
import numpy.typing as npt

from matcher.calendars import shared_week_counts
from matcher.languages import have_common, incidence, language_table
from matcher.profile import CourseProfile
from matcher.vocabulary.tools import tool_id
from matcher.words import CourseText, same_name_key, stems

Bools = npt.NDArray[np.bool_]
Profiles = Sequence[CourseProfile]


def same_institution(left: Profiles, right: Profiles) -> Bools:
    """Same name apart from case, accents, punctuation and a leading "the"."""
    return _equal([same_name_key(p.institution) for p in left], [same_name_key(p.institution) for p in right])


def region(left: Profiles, right: Profiles) -> tuple[Bools, Bools]:
    """Outside ASEM on a side; both sides in the same region."""
    outside_left, outside_right = _flags(p.region is None for p in left), _flags(p.region is None for p in right)
    no_region = outside_left[:, None] | outside_right[None, :]
    return no_region, _equal([p.region for p in left], [p.region for p in right]) & ~no_region


def too_few_shared_weeks(left: Profiles, right: Profiles, minimum: int) -> Bools:
    """Fewer than `minimum` teaching weeks in common, dates of both sides known."""
    counts, known = shared_week_counts(left, right)
    return known & (counts < minimum)


def language(left: Profiles, right: Profiles) -> tuple[Bools, Bools]:
    """No language of exchange in common; one in common, but levels too far apart. A tandem permits both."""
    known, listed, shared, tandem = language_table(left, right)
    forbidden = known & ~shared & ~tandem
    return forbidden & ~listed, forbidden & listed


def no_capacity(left: Profiles, right: Profiles) -> Bools:
    """No partnership offered on a side."""
    return _flags(p.capacity < 1 for p in left)[:, None] | _flags(p.capacity < 1 for p in right)[None, :]


def already_tried(left: Profiles, right: Profiles, tried: Set[frozenset[str]]) -> Bools:
    """Proposed before."""
    rows, columns = _positions(left), _positions(right)
    forbidden = np.zeros((len(left), len(right)), dtype=bool)
    for pair in tried:
        for one in pair:
            (other,) = pair - {one}
            for row in rows.get(one, ()):
                forbidden[row, columns.get(other, [])] = True
    return forbidden


def must_have_topic_missing(left: Profiles, right: Profiles) -> Bools:
    """A topic one side must have is missing in the known text of the other."""
    texts_left, texts_right = [CourseText.of(p) for p in left], [CourseText.of(p) for p in right]
    return _topic_missing(left, texts_right) | _topic_missing(right, texts_left).T


def no_common_tool(left: Profiles, right: Profiles) -> Bools:
    """Both list tools, and each tool either lists is blocked on a side."""
    both = [*left, *right]
    named, blocked = incidence(
        [[tool_id(tool) for tool in p.tools] for p in both],
        [[tool_id(tool) for tool in p.blocked_tools] for p in both],
    )
    n_left = len(left)
    free = 1 - blocked
    usable = named * free
    is_one_left = have_common(usable[:n_left], free[n_left:]) | have_common(free[:n_left], usable[n_left:])
    lists = _flags(bool(p.tools) for p in both)
    return lists[:n_left, None] & lists[None, n_left:] & ~is_one_left


def _topic_missing(wanting: Profiles, texts: Sequence[CourseText]) -> Bools:
    needed = [stems(p.wishes.must_have_topic or "") for p in wanting]
    words = sorted(frozenset().union(*needed))
    found = [[word for word in words if text.has(word)] for text in texts]
    needs, has = incidence(needed, found)
    is_missing: Bools = needs @ has.T < needs.sum(axis=1)[:, None]
    return is_missing & _flags(text.is_known for text in texts)[None, :]


def _equal(left: Sequence[object], right: Sequence[object]) -> Bools:
    numbers: dict[object, int] = {}
    rows = np.array([numbers.setdefault(value, len(numbers)) for value in left], dtype=np.int64)
    columns = np.array([numbers.setdefault(value, len(numbers)) for value in right], dtype=np.int64)
    same: Bools = rows[:, None] == columns[None, :]
    return same


def _flags(values: Iterable[bool]) -> Bools:
    return np.array(list(values), dtype=bool)


def _positions(profiles: Profiles) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for number, profile in enumerate(profiles):
        found.setdefault(profile.id, []).append(number)
    return found
