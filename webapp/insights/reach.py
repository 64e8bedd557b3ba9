"""Who is below their fair share of open matches, and by how much; pure functions over rows.

The fair share is the one the dial of a round uses (``matcher.balance.fair_shares``): the matches a region has open at
present, split in proportion to the partnerships its open courses offer.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from matcher.balance import fair_shares
from matcher.vocabulary.asem import Region

THETA = 1.0
"""Shares follow the offer, as in a round."""
LEAST = 0.5
"""Matches below the fair share from which a group with some match is named: less is rounding."""


class Offer(NamedTuple):
    """An open course: where it is, the partnerships it offers, and the open matches it has."""

    course_id: int
    lecturer_id: int
    institution_id: int
    country: str
    region: str
    level: str
    institution_type: str
    places: int
    taken: int
    is_inside: bool
    """Whether it is at an institution of the coordinator who asks."""


class Gap(NamedTuple):
    """A group below its fair share."""

    region: str
    key: str
    courses: int
    offered: int
    has: int
    fair: float

    @property
    def below(self) -> float:
        """Matches missing."""
        return self.fair - self.has

    @property
    def served(self) -> float:
        """Part of the fair share that is there."""
        return self.has / self.fair


def gaps(offers: Sequence[Offer], key_of: Callable[[Offer], str]) -> list[Gap]:
    """Find the groups below their fair share, those with the smallest part of it first.

    A group with no match at all is named however small its share is.

    Parameters
    ----------
    offers
        All open courses of both regions; shares are reckoned over all, groups named only of what is inside.
    key_of
        The group of a course: its country, the type of its institution, its level.
    """
    found = []
    for region in Region:
        there = [offer for offer in offers if offer.region == region]
        names = sorted({key_of(offer) for offer in there})
        offered, inside, courses, has = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
        for offer in there:
            key = key_of(offer)
            offered[key] += offer.places
            if offer.is_inside:
                inside[key] += offer.places
                courses[key] += 1
                has[key] += offer.taken
        shares = fair_shares(np.array([offered[name] for name in names]), sum(offer.taken for offer in there), THETA)
        for name, share in zip(names, shares, strict=True):
            # Where a coordinator works for some institutions of a country, these have their part of its share.
            if inside[name]:
                fair = float(share) * inside[name] / offered[name]
                found.append(Gap(region.value, name, courses[name], inside[name], has[name], fair))
    named = [gap for gap in found if gap.below >= LEAST or (gap.fair > 0 and not gap.has)]
    return sorted(named, key=lambda gap: (gap.served, -gap.below, gap.key))


def without_match(offers: Sequence[Offer]) -> Counter[int]:
    """Count the open courses without any open match, by institution."""
    return Counter(offer.institution_id for offer in offers if offer.is_inside and not offer.taken)
