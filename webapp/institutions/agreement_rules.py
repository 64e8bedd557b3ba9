"""How agreements between institutions come on file, change and go."""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _

from webapp.audit import log
from webapp.db import db
from webapp.errors import WrongStateError
from webapp.institutions import agreement_queries
from webapp.institutions.models import Institution, PartnerAgreement
from webapp.institutions.rules import Actor, check_may_edit

SOON = timedelta(days=90)
"""An agreement that ends within this time is pointed out."""


@dataclass(frozen=True)
class Paper:
    """What is noted of an agreement: its name or number, where it is kept, and its days."""

    reference: str
    kept_at: str = ""
    signed_on: date | None = None
    ends_on: date | None = None


def add(institution: Institution, partner: Institution, paper: Paper, actor: Actor, now: datetime) -> PartnerAgreement:
    """Put an agreement on file.

    Raises
    ------
    NotAllowedError
        For everybody but the institution's office and administrators.
    WrongStateError
        When it is on file already, or the partner is the institution itself.
    """
    check_may_edit(actor, institution)
    if institution.id == partner.id:
        raise WrongStateError(_("An agreement is made with another institution."))
    _check_new(institution.id, partner.id, paper.reference)
    row = PartnerAgreement(institution=institution, partner=partner, added_at=now, **asdict(paper))
    db.session.add(row)
    db.session.flush()
    _note("institutions.agreement_add", row, actor, now, None, paper)
    return row


def change(row: PartnerAgreement, paper: Paper, actor: Actor, now: datetime) -> bool:
    """Change what is noted of an agreement.

    Returns
    -------
    bool
        Whether anything changed.

    Raises
    ------
    NotAllowedError
        For everybody but the institution's office and administrators.
    WrongStateError
        When another agreement with this partner bears the same name or number.
    """
    check_may_edit(actor, row.institution)
    before = paper_of(row)
    if before == paper:
        return False
    if before.reference != paper.reference:
        _check_new(row.institution_id, row.partner_id, paper.reference)
    for name, value in asdict(paper).items():
        setattr(row, name, value)
    _note("institutions.agreement_change", row, actor, now, before, paper)
    return True


def remove(row: PartnerAgreement, actor: Actor, now: datetime) -> None:
    """Take an agreement off the file; the audit log keeps what was noted of it.

    Raises
    ------
    NotAllowedError
        For everybody but the institution's office and administrators.
    """
    check_may_edit(actor, row.institution)
    _note("institutions.agreement_remove", row, actor, now, paper_of(row), None)
    db.session.delete(row)


def paper_of(row: PartnerAgreement) -> Paper:
    """Give what is noted of an agreement."""
    return Paper(reference=row.reference, kept_at=row.kept_at, signed_on=row.signed_on, ends_on=row.ends_on)


def _check_new(institution_id: int, partner_id: int, reference: str) -> None:
    if agreement_queries.named(institution_id, partner_id, reference) is not None:
        raise WrongStateError(_("An agreement of this name or number with this partner is on file already."))


def _note(
    action: str, row: PartnerAgreement, actor: Actor, now: datetime, before: Paper | None, after: Paper | None
) -> None:
    log.note(
        action,
        actor_id=actor.id,
        now=now,
        kind="partner_agreements",
        object_id=row.id,
        name=f"{row.reference} ({row.partner.name})",
        institution_id=row.institution_id,
        before=asdict(before) if before else None,
        after=asdict(after) if after else None,
    )
