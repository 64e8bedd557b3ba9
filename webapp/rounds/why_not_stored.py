"""What a round kept about two courses: their partners, what they had to beat, and the least that forcing would cost."""

from collections.abc import Sequence
from dataclasses import dataclass

from matcher.why_not import least_cost
from webapp.rounds import why_not_queries
from webapp.rounds.models import Round, RoundPair


@dataclass(frozen=True)
class Partner:
    """A partner one of the two courses has, by its id, and the pair's score."""

    course_id: int
    score: float


@dataclass(frozen=True)
class Stored:
    """What the round kept about the two.

    Parameters
    ----------
    is_pair
        Whether the round paired them with each other.
    partners_a, partners_b
        The partners it gave both, the best first.
    price
        The score they had to beat; None where it kept none.
    least_cost
        What forcing them would have cost at least, see `matcher.why_not.least_cost`; None where that is not known.
    """

    is_pair: bool
    partners_a: tuple[Partner, ...]
    partners_b: tuple[Partner, ...]
    price: float | None
    least_cost: float | None


def stored(this_round: Round, a_id: int, b_id: int, score: float | None) -> Stored:
    """Give what a round kept about two courses (ids, the Asian one first); reads, and computes no round.

    Parameters
    ----------
    this_round
        With its frontier.
    score
        Of the two (0..1); None where they have none.
    """
    pairs = why_not_queries.pairs_with(this_round.id, [a_id, b_id])
    prices = (this_round.frontier or {}).get("prices", {})
    found = prices.get(str(a_id)), prices.get(str(b_id))
    price = None if None in found else sum(its for its in found if its is not None)
    certificate = this_round.certificate
    least = None
    if score is not None and price is not None and certificate is not None:
        missing = 0.0 if certificate["is_proven"] else certificate["bound"] - certificate["objective"]
        least = least_cost(score, price, this_round.balance, missing)
    return Stored(
        is_pair=any((pair.course_a_id, pair.course_b_id) == (a_id, b_id) for pair in pairs),
        partners_a=_partners(pairs, a_id),
        partners_b=_partners(pairs, b_id),
        price=price,
        least_cost=least,
    )


def _partners(pairs: Sequence[RoundPair], own: int) -> tuple[Partner, ...]:
    both = [(pair.course_a_id, pair.course_b_id, pair.score) for pair in pairs]
    return tuple(Partner(b if a == own else a, score) for a, b, score in both if own in (a, b))
