"""How people stand to what a page is about: to things of their own, and to those of others."""

from enum import StrEnum

from webapp.access import Role


class Standing(StrEnum):
    """How somebody stands to what a page is about."""

    STRANGER = "stranger"
    PENDING = "pending"
    OWN = "own"
    PARTNER = "partner"
    COLLEAGUE = "colleague"
    OFFICE = "office"
    OTHER_OFFICE = "other_office"
    COORDINATOR_HERE = "coordinator_here"
    COORDINATOR_ELSEWHERE = "coordinator_elsewhere"
    COORDINATOR = "coordinator"
    ADMINISTRATOR = "administrator"


S = Standing

WORDS: dict[Standing, str] = {
    S.STRANGER: "stranger",
    S.PENDING: "lecturer not yet verified",
    S.OWN: "lecturer, own",
    S.PARTNER: "lecturer of the other side",
    S.COLLEAGUE: "another lecturer",
    S.OFFICE: "office of this institution",
    S.OTHER_OFFICE: "office of another",
    S.COORDINATOR_HERE: "coordinator of these countries",
    S.COORDINATOR_ELSEWHERE: "coordinator of others",
    S.COORDINATOR: "coordinator of all",
    S.ADMINISTRATOR: "administrator",
}
"""What the columns of the printed table are called."""

ROLES: dict[Standing, Role] = {
    S.PENDING: Role.LECTURER,
    S.OWN: Role.LECTURER,
    S.PARTNER: Role.LECTURER,
    S.COLLEAGUE: Role.LECTURER,
    S.OFFICE: Role.OFFICE,
    S.OTHER_OFFICE: Role.OFFICE,
    S.COORDINATOR_HERE: Role.COORDINATOR,
    S.COORDINATOR_ELSEWHERE: Role.COORDINATOR,
    S.COORDINATOR: Role.COORDINATOR,
    S.ADMINISTRATOR: Role.ADMINISTRATOR,
}
"""The role of each; a stranger has none."""

EVERYONE = set(Standing)
SIGNED_IN = EVERYONE - {S.STRANGER}
VERIFIED = SIGNED_IN - {S.PENDING}
VERIFIED_LECTURERS = {S.OWN, S.PARTNER, S.COLLEAGUE}
LECTURERS = VERIFIED_LECTURERS | {S.PENDING}
SIDES = {S.OWN, S.PARTNER}
OFFICES = {S.OFFICE, S.OTHER_OFFICE}
COORDINATORS = {S.COORDINATOR_HERE, S.COORDINATOR_ELSEWHERE, S.COORDINATOR}
OVERSEERS = {S.COORDINATOR_HERE, S.COORDINATOR, S.ADMINISTRATOR}
OF_ALL = {S.COORDINATOR, S.ADMINISTRATOR}
