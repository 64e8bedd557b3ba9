"""Questions about agreements between institutions."""

from collections.abc import Collection
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import joinedload

from webapp.db import db
from webapp.institutions.models import Institution, PartnerAgreement


def get(agreement_id: int) -> PartnerAgreement | None:
    """Find an agreement by id, with both institutions."""
    return db.session.get(
        PartnerAgreement,
        agreement_id,
        options=[joinedload(PartnerAgreement.institution), joinedload(PartnerAgreement.partner)],
    )


def holds(day: date) -> sa.ColumnElement[bool]:
    """Whether an agreement has not ended on a day."""
    return sa.or_(PartnerAgreement.ends_on.is_(None), PartnerAgreement.ends_on >= day)


def on_file(institution_ids: Collection[int], day: date) -> dict[tuple[int, int], date]:
    """Tell between whom agreements hold on a day, and until when, in one query.

    Parameters
    ----------
    institution_ids
        Whose files are looked at.
    day
        The day on which they must not have ended.

    Returns
    -------
    dict of (int, int) to date
        Ids of the institution that keeps the paper and of its partner, to the last day of the agreement that holds
        longest; ``date.max`` for one without an end.
    """
    rows = db.session.execute(
        sa.select(PartnerAgreement.institution_id, PartnerAgreement.partner_id, PartnerAgreement.ends_on).where(
            PartnerAgreement.institution_id.in_(institution_ids), holds(day)
        )
    )
    found: dict[tuple[int, int], date] = {}
    for own, partner, ends_on in rows.tuples():
        found[own, partner] = max(found.get((own, partner), date.min), ends_on or date.max)
    return found


def of_institution(institution_id: int) -> sa.Select[PartnerAgreement]:
    """Select the agreements an institution keeps, by the partner's name; for ``db.paginate``."""
    return (
        sa.select(PartnerAgreement)
        .join(Institution, PartnerAgreement.partner_id == Institution.id)
        .where(PartnerAgreement.institution_id == institution_id)
        .order_by(Institution.name, PartnerAgreement.reference, PartnerAgreement.id)
        .options(joinedload(PartnerAgreement.partner))
    )


def ending(institution_id: int, first: date, last: date) -> list[PartnerAgreement]:
    """List the agreements of an institution that end between two days, the first to end first."""
    found = of_institution(institution_id).where(PartnerAgreement.ends_on.between(first, last)).order_by(None)
    return list(db.session.scalars(found.order_by(PartnerAgreement.ends_on, PartnerAgreement.id)))


def named(institution_id: int, partner_id: int, reference: str) -> PartnerAgreement | None:
    """Find an agreement with a partner by its name or number."""
    return db.session.scalar(
        sa.select(PartnerAgreement).where(
            PartnerAgreement.institution_id == institution_id,
            PartnerAgreement.partner_id == partner_id,
            PartnerAgreement.reference == reference,
        )
    )
