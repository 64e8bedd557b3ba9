"""Questions about institutions."""

from collections.abc import Sequence

import sqlalchemy as sa

from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.institutions.models import Institution, InstitutionTerm
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


def terms_of(institution_id: int) -> Sequence[InstitutionTerm]:
    """List the terms an institution states, in order of time."""
    return db.session.scalars(
        sa.select(InstitutionTerm)
        .where(InstitutionTerm.institution_id == institution_id)
        .order_by(InstitutionTerm.starts_on, InstitutionTerm.ends_on, InstitutionTerm.id)
    ).all()


def term_of(institution_id: int, term_id: int) -> InstitutionTerm | None:
    """Find a term of an institution; None when it belongs to another one."""
    return db.session.scalar(
        sa.select(InstitutionTerm).where(
            InstitutionTerm.id == term_id, InstitutionTerm.institution_id == institution_id
        )
    )


def networks_in_use() -> list[str]:
    """List the networks institutions say they belong to, each once, by name."""
    stated = sa.select(Institution.networks).where(sa.cast(Institution.networks, sa.Text) != "[]")
    names = {name for names in db.session.scalars(stated) for name in names}
    return sorted(names, key=lambda name: (name.casefold(), name))


def owners_of(domains: Sequence[str], besides_id: int) -> dict[str, str]:
    """Tell which domains are, or hold, the domain of another institution: domain to that institution's name."""
    found = {}
    for domain in domains:
        column = Institution.website_domain
        name = db.session.scalar(
            sa.select(Institution.name)
            .where(Institution.id != besides_id)
            .where(sa.or_(column == domain, column.endswith(f".{domain}", autoescape=True)))
            .order_by(Institution.name)
            .limit(1)
        )
        if name is not None:
            found[domain] = name
    return found


def edited_columns() -> dict[int, set[str]]:
    """Tell which columns of which institutions (by id) were changed here by people, after the audit log."""
    edits = sa.select(AuditEvent.object_id, AuditEvent.after).where(
        AuditEvent.object_kind == "institutions",
        AuditEvent.action.in_(("institutions.edit", "institutions.identify")),
    )
    found: dict[int, set[str]] = {}
    for institution_id, after in db.session.execute(edits).tuples():
        found.setdefault(institution_id or 0, set()).update(after)
    return found
