"""What may happen to an institution: what it says about itself, its domains and its terms."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Protocol

from flask_babel import gettext as _

from webapp.access import Role
from webapp.audit.log import note
from webapp.db import db
from webapp.errors import NotAllowedError
from webapp.institutions.models import Institution, InstitutionTerm


class Actor(Protocol):
    """What the rules here ask of a person."""

    @property
    def id(self) -> int:
        """Their number."""

    @property
    def role(self) -> Role:
        """What they do here."""

    @property
    def institution_id(self) -> int | None:
        """Where they work."""


def may_edit(actor: Actor, institution: Institution) -> bool:
    """Whether somebody may change an institution: its own office and administrators may."""
    is_own = actor.role is Role.OFFICE and actor.institution_id == institution.id
    return is_own or actor.role is Role.ADMINISTRATOR


def check_may_edit(actor: Actor, institution: Institution) -> None:
    """Refuse whoever may not change an institution.

    Raises
    ------
    NotAllowedError
        For everybody but its office and administrators.
    """
    if not may_edit(actor, institution):
        raise NotAllowedError(_("Only the international office of this institution can change this."))


def _log(
    action: str,
    institution: Institution,
    actor: Actor,
    now: datetime,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    term: str = "",
) -> None:
    """Note a change; of a term by the term's name, because the institution's says too little."""
    note(
        action,
        actor_id=actor.id,
        now=now,
        kind="institutions",
        object_id=institution.id,
        name=f"{institution.name}: {term}" if term else institution.name,
        institution_id=institution.id,
        before=before,
        after=after,
    )


def add(institution: Institution, actor: Actor, now: datetime) -> None:
    """Add an institution the reference list lacks."""
    db.session.add(institution)
    db.session.flush()
    stated = ("name", "country", "city", "website_domain", "time_zone")
    _log("institutions.add", institution, actor, now, {}, {key: getattr(institution, key) for key in stated})


def edit(institution: Institution, values: Mapping[str, Any], actor: Actor, now: datetime) -> bool:
    """Take over what an institution says about itself.

    Parameters
    ----------
    institution
        The institution.
    values
        New values by column.
    actor, now
        Who changes it, and when (aware).

    Returns
    -------
    bool
        False when everything is as before; nothing is noted then.

    Raises
    ------
    NotAllowedError
        For everybody but its office and administrators.
    """
    check_may_edit(actor, institution)
    before = {key: getattr(institution, key) for key in values}
    changed = {key: value for key, value in values.items() if value != before[key]}
    for key, value in changed.items():
        setattr(institution, key, value)
    if changed:
        _log("institutions.edit", institution, actor, now, {key: before[key] for key in changed}, changed)
    return bool(changed)


def _facts(term: InstitutionTerm) -> dict[str, Any]:
    return {"term_name": term.name, "starts_on": term.starts_on, "ends_on": term.ends_on, "breaks": term.breaks}


def save_term(
    institution: Institution,
    term: InstitutionTerm | None,
    name: str,
    dates: tuple[date, date],
    breaks: list[dict[str, str]],
    actor: Actor,
    now: datetime,
) -> InstitutionTerm:
    """Add a term, or change one.

    Parameters
    ----------
    institution
        Whose term it is.
    term
        The term to change; None adds one.
    name, dates, breaks
        What it is called, its first and last day, and its breaks as `InstitutionTerm` keeps them.
    actor, now
        Who changes it, and when (aware).

    Raises
    ------
    NotAllowedError
        For everybody but its office and administrators.
    """
    check_may_edit(actor, institution)
    before = _facts(term) if term else {}
    saved = term or InstitutionTerm(institution_id=institution.id)
    saved.name, saved.starts_on, saved.ends_on, saved.breaks = name, *dates, breaks
    db.session.add(saved)
    action = "institutions.edit_term" if term else "institutions.add_term"
    after = _facts(saved)
    if before != after:
        _log(action, institution, actor, now, before, after, name)
    return saved


def delete_term(institution: Institution, term: InstitutionTerm, actor: Actor, now: datetime) -> None:
    """Delete a term; courses that took over its days keep them.

    Raises
    ------
    NotAllowedError
        For everybody but its office and administrators.
    """
    check_may_edit(actor, institution)
    _log("institutions.delete_term", institution, actor, now, _facts(term), {}, term.name)
    db.session.delete(term)
