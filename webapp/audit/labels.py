"""What the audit log tells, in words: one line for every code that `log.note` is called with."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

ACTION_LABELS: dict[str, LazyString] = {
    "accounts.verify": _l("Verified a person"),
    "accounts.refuse": _l("Refused a person"),
    "accounts.invite": _l("Invited somebody"),
    "accounts.invite_again": _l("Sent an invitation again"),
    "accounts.withdraw_invite": _l("Withdrew an invitation"),
    "accounts.decline_invite": _l("Deleted the data of somebody who was invited and asked for that"),
    "accounts.join": _l("Joined by an invitation"),
    "accounts.set_signing": _l("Changed who signs"),
    "accounts.hand_over": _l("Handed the office over"),
    "accounts.change_role": _l("Changed the role of a person"),
    "institutions.add": _l("Added an institution"),
    "institutions.decline": _l("Declined to add an institution"),
    "institutions.edit": _l("Changed the page of an institution"),
    "institutions.identify": _l("Changed the name or the country of an institution"),
    "institutions.add_term": _l("Added a term"),
    "institutions.edit_term": _l("Changed a term"),
    "institutions.delete_term": _l("Deleted a term"),
    "mail.try_again": _l("Put a message back in the line"),
    "mail.try_all_again": _l("Put all resting messages back in the line"),
    "rounds.start": _l("Started a round"),
    "rounds.publish": _l("Published a round"),
    "rounds.discard": _l("Discarded a draft of a round"),
    "rounds.stop": _l("Stopped a round while it was computed"),
    "rounds.take_back": _l("Took a round back"),
    "rounds.choose_dial": _l("Chose a position of the balance dial"),
    "rounds.write": _l("Wrote to the lecturer of a course left out"),
    "rounds.lock": _l("Kept two courses together in coming rounds"),
    "rounds.forbid": _l("Kept two courses apart in coming rounds"),
    "rounds.undo_pair": _l("Undid a decision about two courses"),
    "rounds.places": _l("Changed the places of a course in coming rounds"),
    "rounds.undo_places": _l("Gave a course back the places its lecturer offers"),
    "matches.endorse": _l("Approved a match for the office, before the second person"),
    "matches.approve": _l("Approved a match"),
    "matches.return": _l("Returned a match to its lecturers"),
    "matches.decline": _l("Declined a match"),
    "matches.withdraw": _l("Withdrew from a match"),
    "institutions.policy": _l("Changed how the institution approves"),
    "institutions.agreement_add": _l("Put an agreement on file"),
    "institutions.agreement_change": _l("Changed an agreement on file"),
    "institutions.agreement_remove": _l("Took an agreement off the file"),
    "offices.add_target": _l("Set a target for open matches"),
    "offices.change_target": _l("Changed a target for open matches"),
    "offices.remove_target": _l("Removed a target for open matches"),
    "offices.import": _l("Imported courses of lecturers"),
    "offices.undo_import": _l("Undid an import of courses of lecturers"),
    "offices.export": _l("Exported everything of an institution"),
}
"""Code of what was done to its words, by folder and then by name; past tense, what was done to what."""


def action_label(action: str) -> str:
    """Say what was done; the code itself when it has no words."""
    return str(ACTION_LABELS.get(action, action))
