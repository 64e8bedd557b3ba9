"""Who is written to about an approval: those who take the step that comes next."""

from webapp.accounts import queries as accounts
from webapp.accounts.models import User
from webapp.institutions.models import Chain
from webapp.matches.approval import Ground, step_event
from webapp.matches.lifecycle import Action, Side
from webapp.matches.models import Match


def signers(match: Match, side: Side, on: Ground) -> list[User]:
    """List the people of a side's office who may take the step that comes next, stand-ins included, by id."""
    people = accounts.offices_of(match.course(side).institution_id)
    first = step_event(match, side, Action.ENDORSE)
    if on.policies[side].chain is Chain.OFFICE_THEN_SECOND and first is not None:
        return [person for person in people if person.signs_as_second and person.id != first.actor_id]
    return [person for person in people if person.signs_for_office]


def asked(match: Match, side: Side, on: Ground) -> list[User]:
    """List whom a side's next step is asked of at once: stand-ins only where there is nobody else."""
    people = signers(match, side, on)
    return [person for person in people if not person.is_stand_in] or people


def informed(match: Match, side: Side) -> list[User]:
    """List whom of a side's office is told what happened: all but stand-ins who have had no part in it."""
    took_part = {event.actor_id for event in match.events}
    people = accounts.offices_of(match.course(side).institution_id)
    return [person for person in people if not person.is_stand_in or person.id in took_part]
