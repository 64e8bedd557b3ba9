"""What the audit log tells, in words: one line for every code that `log.note` is called with."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

ACTION_LABELS: dict[str, LazyString] = {
    "accounts.verify": _l("Verified a person"),
    "accounts.refuse": _l("Refused a person"),
    "institutions.add": _l("Added an institution"),
    "institutions.edit": _l("Changed the page of an institution"),
    "institutions.add_term": _l("Added a term"),
    "institutions.edit_term": _l("Changed a term"),
    "institutions.delete_term": _l("Deleted a term"),
    "matches.endorse": _l("Approved a match for the office, before the second person"),
    "matches.approve": _l("Approved a match"),
    "matches.return": _l("Returned a match to its lecturers"),
    "matches.decline": _l("Declined a match"),
    "matches.withdraw": _l("Withdrew from a match"),
    "institutions.policy": _l("Changed how the institution approves"),
    "institutions.agreement_add": _l("Put an agreement on file"),
    "institutions.agreement_change": _l("Changed an agreement on file"),
    "institutions.agreement_remove": _l("Took an agreement off the file"),
}
"""Code of what was done to its words, by folder and then by name; past tense, what was done to what."""


def action_label(action: str) -> str:
    """Say what was done; the code itself when it has no words."""
    return str(ACTION_LABELS.get(action, action))
