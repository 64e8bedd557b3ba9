"""Whether somebody can take each step of an institution's approval: its policy beside those who sign for it."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Protocol

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext

from webapp.db import db
from webapp.institutions import policy_queries
from webapp.institutions.models import ApprovalPolicy, Chain, Institution


class Gap(StrEnum):
    """What is missing among those who sign."""

    NO_FIRST = "no_first"
    NO_SECOND = "no_second"
    SAME_PERSON = "same_person"


class Signer(Protocol):
    """What is asked of somebody of an office."""

    @property
    def id(self) -> int:
        """Their number."""

    @property
    def signs_for_office(self) -> bool:
        """Whether they take the first step."""

    @property
    def signs_as_second(self) -> bool:
        """Whether they take the second step."""


# Bare tables: institutions know nothing of people and matches, which stand above them.
_users = sa.table(
    "users",
    *map(
        sa.column,
        (
            "id", "role", "institution_id", "closed_at", "confirmed_at", "verified_at", "signs_for_office",
            "signs_as_second",
        ),
    ),
)  # fmt: skip
_matches = sa.table("matches", *map(sa.column, ("id", "course_a_id", "course_b_id", "state", "turn")))
_courses = sa.table("course_profiles", *map(sa.column, ("id", "institution_id")))
_events = sa.table("match_events", *map(sa.column, ("match_id", "turn", "side", "action")))


def gap(policy: ApprovalPolicy, people: Iterable[Signer]) -> Gap | None:
    """Tell which step nobody can take; None where each has somebody, or nobody is asked.

    Parameters
    ----------
    policy
        How the institution approves.
    people
        Everybody at work in its office.
    """
    if policy.chain is Chain.NONE:
        return None
    everybody = list(people)
    first = {one.id for one in everybody if one.signs_for_office}
    second = {one.id for one in everybody if one.signs_as_second}
    if not first:
        return Gap.NO_FIRST
    if policy.chain is not Chain.OFFICE_THEN_SECOND:
        return None
    if not second:
        return Gap.NO_SECOND
    return Gap.SAME_PERSON if len(first | second) == 1 else None


def gap_words(found: Gap, policy: ApprovalPolicy, name: str) -> str:
    """Say what is missing at an institution of this name."""
    if found is Gap.NO_FIRST:
        return str(
            _("Nobody at %(institution)s signs for the office, so nobody can approve a match.", institution=name)
        )
    second = policy.second_title or str(_("the second person"))
    if found is Gap.NO_SECOND:
        return str(
            _(
                "The policy of %(institution)s asks for a second person (%(second)s), but nobody signs as second "
                "person: a match stops once the office has approved it.",
                institution=name,
                second=second,
            )
        )
    return str(
        _(
            "The policy of %(institution)s asks for a second person (%(second)s), but only one person signs, and "
            "nobody takes both steps: a match stops once the office has approved it.",
            institution=name,
            second=second,
        )
    )


def warning(institution: Institution) -> str:
    """Say that nobody can take a step of an institution's approval, and what waits for it; empty where all is well.

    What was changed before must have been flushed.
    """
    policy = policy_queries.of(institution.id)
    at_work = sa.select(_users.c.id, _users.c.signs_for_office, _users.c.signs_as_second).where(
        _users.c.institution_id == institution.id,
        _users.c.role == "office",
        _users.c.closed_at.is_(None),
        _users.c.confirmed_at.is_not(None),
        _users.c.verified_at.is_not(None),
    )
    found = gap(policy, db.session.execute(at_work).all())
    if found is None:
        return ""
    said = gap_words(found, policy, institution.name)
    waiting = n_waiting(institution.id)
    if not waiting:
        return said
    text = ngettext("%(num)d match waits for its approval now.", "%(num)d matches wait for its approval now.", waiting)
    return f"{said} {text}"


def n_waiting(institution_id: int) -> int:
    """Count the matches that wait for an institution's approval."""
    of_side = []
    for side, course_id in (("a", _matches.c.course_a_id), ("b", _matches.c.course_b_id)):
        approved = sa.exists().where(
            _events.c.match_id == _matches.c.id,
            _events.c.turn == _matches.c.turn,
            _events.c.side == side,
            _events.c.action == "approve",
        )
        own = sa.select(_courses.c.id).where(_courses.c.institution_id == institution_id)
        of_side.append(sa.and_(course_id.in_(own), ~approved))
    found = sa.select(sa.func.count()).select_from(_matches).where(_matches.c.state == "accepted", sa.or_(*of_side))
    return db.session.scalar(found) or 0
