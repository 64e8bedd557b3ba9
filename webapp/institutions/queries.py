"""Questions about institutions."""

from collections.abc import Sequence

import sqlalchemy as sa

from webapp.db import db
from webapp.institutions.models import Institution
from webapp.institutions.names import fold, likeness, trigrams

LONGEST_NAME = 200
"""Characters of a name; longer ones belong to nobody, and would make statements databases refuse."""
LEAST_LIKENESS = 0.3
"""Names less alike than this (0..1) are no help to somebody who mistyped one."""


def get(institution_id: int) -> Institution | None:
    """Find an institution by id."""
    return db.session.get(Institution, institution_id)


def by_code(code: str) -> Institution | None:
    """Find the institution that came from a row of the reference list."""
    return db.session.scalar(sa.select(Institution).where(Institution.code == code))


def everything() -> Sequence[Institution]:
    """List all institutions, by name."""
    return db.session.scalars(sa.select(Institution).order_by(Institution.name, Institution.id)).all()


def search(text: str, limit: int = 20) -> Sequence[Institution]:
    """Find institutions whose name, city or domain holds every word typed, whatever the accents.

    Parameters
    ----------
    text
        What was typed.
    limit
        Most rows to give.

    Returns
    -------
    list of Institution
        Names that begin with the text first, then by name; empty when nothing was typed.
    """
    words = fold(text[:LONGEST_NAME]).split()
    if not words:
        return []
    found = Institution.search_text
    begins = found.startswith(" ".join(words), autoescape=True)
    return db.session.scalars(
        sa.select(Institution)
        .where(*(found.contains(word, autoescape=True) for word in words))
        .order_by(sa.case((begins, 0), else_=1), found, Institution.id)
        .limit(limit)
    ).all()


def by_name(name: str, country: str | None = None) -> Sequence[Institution]:
    """Find the institutions of exactly this name, accents and case aside; one a country at most, usually one.

    Parameters
    ----------
    name
        The name in full.
    country
        ISO 3166-1 alpha-2 code; None looks in all countries.
    """
    folded = fold(name)
    if not folded or len(name) > LONGEST_NAME:
        return []
    query = sa.select(Institution).where(Institution.search_text.startswith(folded, autoescape=True))
    if country is not None:
        query = query.where(Institution.country == country)
    rows = db.session.scalars(query.order_by(Institution.country, Institution.id))
    return [row for row in rows if fold(row.name) == folded]


def nearest(text: str, limit: int = 6) -> list[Institution]:
    """Find the institutions whose name and city look most like what was typed, the likest first."""
    typed = trigrams(fold(text[:LONGEST_NAME]))
    rows = db.session.execute(sa.select(Institution.id, Institution.name, Institution.city)).all()
    likest = sorted(
        ((max(likeness(typed, trigrams(fold(name))), likeness(typed, trigrams(fold(f"{name} {city}")))), -key)
         for key, name, city in rows),
        reverse=True,
    )[:limit]  # fmt: skip
    keys = [-key for like, key in likest if like >= LEAST_LIKENESS]
    found = {row.id: row for row in db.session.scalars(sa.select(Institution).where(Institution.id.in_(keys)))}
    return [found[key] for key in keys]
