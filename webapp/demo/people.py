"""The people of the demonstration: invented, with addresses that reach nobody, and one password for all."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from webapp.access import Role
from webapp.accounts import passwords
from webapp.accounts.models import User
from webapp.db import db
from webapp.demo import queries
from webapp.institutions.models import Institution

# Published on purpose: the demonstration holds no secrets.
PASSWORD = "two shores and a way across"  # noqa: S105  # nosec B105
DOMAIN = "demo.causeway.example"
COORDINATOR = f"coordinator@{DOMAIN}"
ADMINISTRATOR = f"administrator@{DOMAIN}"

# Some people read the pages in a language of their own, so that digests go out in all of them.
LANGUAGES = {"FR": "fr", "JP": "ja"}


def lecturer_address(code: str) -> str:
    """Address of the lecturer of an institution, by the institution's code (``JP-019``)."""
    return f"lecturer.{code.lower()}@{DOMAIN}"


def office_address(code: str) -> str:
    """Address of the international office of an institution, by the institution's code."""
    return f"office.{code.lower()}@{DOMAIN}"


@dataclass(frozen=True)
class Cast:
    """The people of the demonstration.

    Parameters
    ----------
    lecturers
        By the code of their institution.
    n_added
        How many were not there before.
    """

    lecturers: dict[str, User]
    n_added: int


def load(institutions: Iterable[Institution], password: str, now: datetime) -> Cast:
    """Make one lecturer and one office for each institution, one coordinator and one administrator.

    People who are there already stay as they are, but take the password when it is another one. Hashing takes
    its time on purpose, so all share one hash.

    Parameters
    ----------
    institutions
        Institutions with a code.
    password
        The password of everybody.
    now
        The instant (aware).
    """
    present = {user.email: user for user in queries.people_at(DOMAIN)}
    some_hash = next((user.password_hash for user in present.values()), None)
    is_known = some_hash is not None and passwords.matches(some_hash, password)
    password_hash = some_hash if some_hash is not None and is_known else passwords.make(password)
    n_before = len(present)
    for user in present.values():
        user.password_hash = password_hash

    def person(email: str, name: str, role: Role, at: Institution | None = None) -> User:
        if email not in present:
            present[email] = User(
                email=email,
                name=name,
                password_hash=password_hash,
                role=role,
                institution=at,
                language=LANGUAGES.get(at.country, "en") if at else "en",
                time_zone=at.time_zone if at else "UTC",
                created_at=now,
                confirmed_at=now,
                verified_at=now,
            )
            db.session.add(present[email])
        return present[email]

    lecturers = {}
    for its in institutions:
        code = its.code or ""
        lecturers[code] = person(lecturer_address(code), f"Demo lecturer, {its.name}", Role.LECTURER, its)
        person(office_address(code), f"Demo office, {its.name}", Role.OFFICE, its)
    person(COORDINATOR, "Demo coordinator", Role.COORDINATOR)
    person(ADMINISTRATOR, "Demo administrator", Role.ADMINISTRATOR)
    db.session.flush()
    return Cast(lecturers, len(present) - n_before)
