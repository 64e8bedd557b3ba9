"""How an institution changes the way it approves."""

from dataclasses import asdict, dataclass
from datetime import datetime

from webapp.audit import log
from webapp.db import db
from webapp.institutions import policy_queries
from webapp.institutions.models import Chain, Institution
from webapp.institutions.rules import Actor, check_may_edit


@dataclass(frozen=True)
class Terms:
    """What a policy says.

    Parameters
    ----------
    chain
        Who approves, one after the other.
    second_title
        Who the second person is, in the institution's words; empty where there is none.
    needs_agreement
        Whether an agreement with the partner institution must be on file.
    answer_days
        Days until its people answer; None for the setting of this installation.
    asks
        What its people look at before they approve.
    """

    chain: Chain
    second_title: str = ""
    needs_agreement: bool = False
    answer_days: int | None = None
    asks: str = ""


def save(institution: Institution, terms: Terms, actor: Actor, now: datetime) -> bool:
    """State how an institution approves from now on; matches that wait already are held to it as well.

    Returns
    -------
    bool
        Whether anything changed; what did stands in the audit log.

    Raises
    ------
    NotAllowedError
        For everybody but its office and administrators.
    """
    check_may_edit(actor, institution)
    row = policy_queries.of(institution.id)
    values = asdict(terms)
    before = {name: getattr(row, name) for name in values}
    if before == values:
        return False
    for name, value in values.items():
        setattr(row, name, value)
    row.changed_at = now
    db.session.add(row)
    log.note(
        "institutions.policy",
        actor_id=actor.id,
        now=now,
        kind="institutions",
        object_id=institution.id,
        name=institution.name,
        institution_id=institution.id,
        before=before,
        after=values,
    )
    return True
