"""What comparing two rounds asks of the database."""

from collections.abc import Sequence

import sqlalchemy as sa

from webapp.accounts.models import User
from webapp.db import db
from webapp.rounds import decision_queries
from webapp.rounds.comparing import Key
from webapp.rounds.models import Round, RoundPair


def keys_of(round_id: int) -> list[Key]:
    """List the pairs of a round without anything else."""
    rows = db.session.execute(
        sa.select(RoundPair.id, RoundPair.course_a_id, RoundPair.course_b_id, RoundPair.score).where(
            RoundPair.round_id == round_id
        )
    ).tuples()
    return [Key(pair_id, (a, b), score) for pair_id, a, b, score in rows]


def others(this_round: Round, most: int) -> Sequence[Round]:
    """List the newest other rounds with pairs, for choosing one to compare with."""
    has_pairs = sa.exists().where(RoundPair.round_id == Round.id)
    query = sa.select(Round).where(has_pairs, Round.id != this_round.id).order_by(Round.id.desc()).limit(most)
    return db.session.scalars(query).all()


def course_ids_of(user: User) -> set[int]:
    """Give the ids of the courses a coordinator works for."""
    return set(db.session.scalars(decision_queries.courses_of(user)))
