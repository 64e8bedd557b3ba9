"""Questions about how institutions approve."""

from collections.abc import Collection

import sqlalchemy as sa

from webapp.db import db
from webapp.institutions.models import ApprovalPolicy, Chain


def usual(institution_id: int) -> ApprovalPolicy:
    """Give the policy of an institution that has stated none: its office approves alone. Not part of the session."""
    return ApprovalPolicy(
        institution_id=institution_id, chain=Chain.OFFICE, second_title="", needs_agreement=False, asks=""
    )


def of_each(institution_ids: Collection[int]) -> dict[int, ApprovalPolicy]:
    """Find how each of these institutions approves, in one query; `usual` for those that have stated nothing."""
    rows = db.session.scalars(sa.select(ApprovalPolicy).where(ApprovalPolicy.institution_id.in_(institution_ids)))
    stated = {row.institution_id: row for row in rows}
    return {key: stated.get(key) or usual(key) for key in institution_ids}


def of(institution_id: int) -> ApprovalPolicy:
    """Find how one institution approves."""
    return of_each({institution_id})[institution_id]
