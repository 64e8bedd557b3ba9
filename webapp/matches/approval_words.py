"""What stands in the way of an approval, and what one would do, in sentences."""

from flask_babel import gettext as _

from webapp.institutions.models import ApprovalPolicy
from webapp.matches.approval import STEPS, Ground, Obstacle, next_step
from webapp.matches.lifecycle import Action, Side
from webapp.matches.models import Match


def second_person(policy: ApprovalPolicy) -> str:
    """Name the second person of an institution, in its own words where it has some."""
    return policy.second_title or str(_("the second person"))


def obstacle_words(match: Match, side: Side, found: Obstacle, on: Ground | None) -> str:
    """Say what stands in the way of an approval and what to do about it."""
    partner = match.course(side.other).institution.name
    second = second_person(on.policies[side]) if on is not None else str(_("the second person"))
    if found is Obstacle.NOT_ACCEPTED:
        return str(_("This match does not wait for the offices at present."))
    if found is Obstacle.DONE:
        return str(_("Your institution has approved this already."))
    if found is Obstacle.NO_AGREEMENT:
        return str(
            _(
                "Your institution approves only with an agreement on file, and there is none with %(partner)s that has "
                "not ended. Add it to your agreements first.",
                partner=partner,
            )
        )
    if found is Obstacle.SECOND_NEEDED:
        return str(_("Your office has approved; now it takes another person: %(second)s.", second=second))
    if found is Obstacle.FIRST_NEEDED:
        return str(_("Somebody of your office approves first; then you are asked."))
    return str(_("You do not sign for your institution. A colleague of your office can change that."))


def missing_paper(match: Match, side: Side, on: Ground) -> str:
    """Say that an agreement must be on file before a side can approve; empty when none is missing."""
    return obstacle_words(match, side, Obstacle.NO_AGREEMENT, on) if side in on.lacks_agreement else ""


def who_approved(match: Match) -> str:
    """Say whose yes made an exchange approved: both offices', one office's, or nobody's where neither is asked."""
    said_yes = [
        side
        for side in Side
        if any(e.side is side and e.turn == match.turn and e.action in STEPS and e.actor_id for e in match.events)
    ]
    if len(said_yes) == len(Side):
        return str(_("Both offices have approved."))
    if not said_yes:
        return str(_("Neither institution asks anybody to approve."))
    return str(
        _(
            "The international office of %(institution)s has approved; %(partner)s asks nobody to approve.",
            institution=match.course(said_yes[0]).institution.name,
            partner=match.course(said_yes[0].other).institution.name,
        )
    )


def outcome_words(match: Match, side: Side, on: Ground) -> str:
    """Say what happens when a person of a side's office says yes now."""
    if next_step(match, side, on.policies[side]) is Action.ENDORSE:
        return str(
            _(
                "You approve for the office; then this person is asked: %(second)s.",
                second=second_person(on.policies[side]),
            )
        )
    if match.has_acted(side.other, Action.APPROVE):
        return str(_("You approve, and with that the exchange is approved by both institutions."))
    partner = match.course(side.other).institution.name
    return str(_("You approve; %(partner)s is still awaited.", partner=partner))
