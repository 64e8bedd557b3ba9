"""Writing to the lecturer of a course a round left out."""

from datetime import datetime

from flask import url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from webapp.accounts.models import User
from webapp.audit.log import note as audit
from webapp.errors import WrongStateError
from webapp.mail.outbox import promise
from webapp.mail.render import Mail, render
from webapp.rounds import changes, wording
from webapp.rounds.left_out_queries import letter_key
from webapp.rounds.models import LeftOut, Round, RoundState

LONGEST_NOTE = 2000
"""Letters of what a coordinator adds."""


def write(row: LeftOut, writer: User, words: str, now: datetime) -> None:
    """Promise a letter to the lecturer: why no partner was found, what would help, and the coordinator's own words.

    Parameters
    ----------
    row
        The left-out course, with course, lecturer and institution loaded.
    writer
        A coordinator of its institution, or an administrator; answers go to their address.
    words
        Their own words; may be empty.
    now
        The instant (aware).

    Raises
    ------
    WrongStateError
        When the round is not published, somebody has written about it before, or the lecturer has left.
    """
    require_published(row.round)
    lecturer = row.course.lecturer
    if not lecturer.is_active:
        raise WrongStateError(_("The lecturer has left, so there is nobody to write to."))
    if not promise(letter_key(row.round_id, row.course_id), letter(row, writer, words), now):
        raise WrongStateError(_("Somebody has written to this lecturer about this round already."))
    audit(
        "rounds.write",
        actor_id=writer.id,
        now=now,
        kind="course_profiles",
        object_id=row.course_id,
        name=row.course.title,
        institution_id=row.course.institution_id,
        # The words are for the lecturer; the office of the institution reads the log.
        after={"week": row.round.published_week or row.round.week},
    )


def require_published(of: Round) -> None:
    """Refuse letters about a round that nobody has been told of, or that no longer counts.

    Raises
    ------
    WrongStateError
        When the round is not published.
    """
    if of.state is not RoundState.PUBLISHED:
        raise WrongStateError(_("This round is not published, so there is nothing to write to the lecturer yet."))


def letter(row: LeftOut, writer: User, words: str) -> Mail:
    """Write the letter in the lecturer's language of mail."""
    lecturer = row.course.lecturer
    with force_locale(lecturer.language_of_mail):
        reason, steps = wording.why(row), changes.steps(row)
    return render(
        "left_out_letter",
        lecturer.email,
        lecturer.language_of_mail,
        headers={"Reply-To": writer.email},
        lecturer=lecturer,
        writer=writer,
        course=row.course,
        reason=reason,
        steps=steps,
        words=words.strip(),
        link=url_for("profiles.show", course_id=row.course_id, _external=True),
    )
