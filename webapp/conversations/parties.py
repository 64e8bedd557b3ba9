"""Who talks in a conversation: the two lecturers of a match, and how they are called before they know each other."""

from dataclasses import dataclass

from flask_babel import gettext as _

from webapp.accounts.models import User
from webapp.errors import NotAllowedError, WrongStateError
from webapp.matches.lifecycle import OPEN_STATES, Actor, Side
from webapp.matches.models import Match
from webapp.matches.people import place_of, shows_contacts
from webapp.profiles.models import CourseProfile


@dataclass(frozen=True)
class Party:
    """One of the two lecturers of a match.

    Parameters
    ----------
    match
        The match, with courses, institutions and lecturers loaded.
    side
        The lecturer's side.
    """

    match: Match
    side: Side

    @property
    def own(self) -> CourseProfile:
        """The course of this side."""
        return self.match.course(self.side)

    @property
    def partner(self) -> CourseProfile:
        """The course of the other side."""
        return self.match.course(self.side.other)

    @property
    def other(self) -> "Party":
        """The same conversation from the other end."""
        return Party(self.match, self.side.other)

    @property
    def shows_names(self) -> bool:
        """Whether the lecturers know each other's names and addresses: only once both have accepted."""
        return shows_contacts(self.match)

    @property
    def may_write(self) -> bool:
        """Whether anything can still be written, agreed or ticked."""
        return self.match.state in OPEN_STATES

    def side_of(self, user_id: int | None) -> Side | None:
        """Tell on which side a person (id) stands; None for those who are gone."""
        return next((side for side in Side if self.match.course(side).lecturer_id == user_id), None)

    def is_own(self, user_id: int | None) -> bool:
        """Whether a person (id) is this party."""
        return self.side_of(user_id) is self.side

    def name_of(self, user_id: int | None) -> str:
        """Call a person as this party may: "You", a name, or the lecturer of a course."""
        side = self.side_of(user_id)
        if side is None:
            return str(_("A lecturer who is no longer here"))
        return str(_("You")) if side is self.side else self.partner_name

    @property
    def partner_name(self) -> str:
        """Call the other lecturer: by name once both have accepted, before that by course and institution."""
        if self.shows_names:
            return self.partner.lecturer.name
        course, institution = self.partner.title, self.partner.institution.name
        return str(_("The lecturer of “%(course)s”, %(institution)s", course=course, institution=institution))


def party_of(match: Match, user: User) -> Party:
    """Give the party a person is.

    Raises
    ------
    NotAllowedError
        For everybody but the two lecturers, offices and coordinators too.
    """
    place = place_of(match, user)
    if place is None or place.actor is not Actor.LECTURER:
        raise NotAllowedError(_("Only the two lecturers of a match can read what they write to each other."))
    return Party(match, place.side)


def require_open(party: Party) -> None:
    """Refuse to change anything once a match has ended.

    Raises
    ------
    WrongStateError
        When it has.
    """
    if not party.may_write:
        raise WrongStateError(_("This match has ended. You can still read the conversation, but nothing can be added."))
