"""What an institution is called and where it is: who may correct it, and what follows from it."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from matcher.vocabulary.asem import region_of
from webapp.access import Role
from webapp.audit.log import note
from webapp.db import UtcDateTime, db
from webapp.errors import NotAllowedError, WrongStateError
from webapp.institutions.models import Institution
from webapp.institutions.rules import Actor

# A bare table: institutions know nothing of courses, which stand above them.
_courses = sa.table(
    "course_profiles", sa.column("institution_id"), sa.column("version"), sa.column("updated_at", UtcDateTime())
)


def identify(institution: Institution, name: str, country: str, actor: Actor, now: datetime) -> bool:
    """Give an institution another name or country.

    Its courses count as changed, so that the directory reads them again; after a change of country what earlier rounds
    kept in reserve for them holds no longer. Plans that name it follow by the hourly job. Matches stay.

    Parameters
    ----------
    institution
        The institution.
    name, country
        What it is called, and where it is (ISO 3166-1 alpha-2).
    actor, now
        Who changes it, and when (aware).

    Returns
    -------
    bool
        False when everything is as before; nothing is noted then.

    Raises
    ------
    NotAllowedError
        For everybody but administrators.
    WrongStateError
        For a country outside ASEM, and when that country has an institution of this name.
    """
    if actor.role is not Role.ADMINISTRATOR:
        raise NotAllowedError(_("Only administrators change the name or the country of an institution."))
    if region_of(country) is None:
        raise WrongStateError(_("This country belongs to neither region of ASEM."))
    before = {"name": institution.name, "country": institution.country}
    after = {"name": name, "country": country}
    if before == after:
        return False
    institution.name, institution.country = name, country
    note(
        "institutions.identify",
        actor_id=actor.id,
        now=now,
        kind="institutions",
        object_id=institution.id,
        name=name,
        institution_id=institution.id,
        before=before,
        after=after,
    )
    try:
        db.session.flush()
    except IntegrityError as error:
        raise WrongStateError(_("This country has an institution of this name already.")) from error
    values: dict[str, Any] = {"version": _courses.c.version + 1}
    if before["country"] != country:
        values["updated_at"] = now
    db.session.execute(sa.update(_courses).where(_courses.c.institution_id == institution.id).values(**values))
    return True
