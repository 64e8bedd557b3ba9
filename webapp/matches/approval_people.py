"""Who is written to about an approval: those who take the step that comes next."""

from enum import StrEnum

from flask_babel import gettext as _

from webapp.accounts import queries as accounts
from webapp.accounts.models import User
from webapp.institutions.models import Chain
from webapp.institutions.signers import Gap, gap, gap_words
from webapp.matches.approval import Ground, step_event
from webapp.matches.labels import DONE_LABELS
from webapp.matches.lifecycle import Action, Side, State
from webapp.matches.models import Match


class Missing(StrEnum):
    """Why nobody can take a side's next step: it has no office, or nobody there signs for it or as second person."""

    OFFICE = "office"
    FIRST = "first"
    SECOND = "second"


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


def missing(match: Match, side: Side, on: Ground) -> Missing | None:
    """Tell why nobody can take a side's next step; None where somebody can."""
    if signers(match, side, on):
        return None
    if on.policies[side].chain is Chain.OFFICE_THEN_SECOND and step_event(match, side, Action.ENDORSE) is not None:
        return Missing.SECOND
    return Missing.FIRST if accounts.offices_of(match.course(side).institution_id) else Missing.OFFICE


def done_words(match: Match, side: Side, action: Action, on: Ground) -> str:
    """Say to somebody who took an action what was done, and who has been asked next."""
    if action is Action.ENDORSE and missing(match, side, on) is Missing.SECOND:
        return str(
            _(
                "You approved for the office. Nobody else signs as second person yet, so nobody was asked: name a "
                "colleague or invite somebody."
            )
        )
    return str(DONE_LABELS[action])


def nobody_words(match: Match, side: Side, on: Ground, reader: User) -> str:
    """Say to somebody of a side's office that nobody can take its next step, or the one after it; empty for neither.

    Parameters
    ----------
    match, side
        The match, and the side of the office.
    on
        What its approval rests on.
    reader
        Who looks: the only second person is warned before they take the first step themselves.
    """
    policy, institution = on.policies[side], match.course(side).institution
    if match.state is not State.ACCEPTED or match.has_acted(side, Action.APPROVE) or policy.chain is Chain.NONE:
        return ""
    people = accounts.offices_of(institution.id)
    found = gap(policy, people)
    if policy.chain is Chain.OFFICE_THEN_SECOND and not signers(match, side, on) and found is not Gap.NO_FIRST:
        return str(
            _("Nobody can take this step: nobody besides the one who approved for the office signs as second person.")
        )
    if found is not None:
        said = gap_words(found, policy, institution.name)
        return str(_("Nobody can take this step: %(why)s", why=said)) if found is Gap.NO_FIRST else said
    is_second = {person.id for person in people if person.signs_as_second} == {reader.id}
    if policy.chain is Chain.OFFICE_THEN_SECOND and is_second and step_event(match, side, Action.ENDORSE) is None:
        return str(
            _(
                "You are the only one who signs as second person, and nobody takes both steps. Let a colleague approve "
                "for the office first."
            )
        )
    return ""


def informed(match: Match, side: Side) -> list[User]:
    """List whom of a side's office is told what happened: all but stand-ins who have had no part in it."""
    took_part = {event.actor_id for event in match.events}
    people = accounts.offices_of(match.course(side).institution_id)
    return [person for person in people if not person.is_stand_in or person.id in took_part]
