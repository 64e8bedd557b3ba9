"""What the audit log tells, in words: one line for every code that `log.note` is called with."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

ACTION_LABELS: dict[str, LazyString] = {
    "accounts.verify": _l("Verified a person"),
    "accounts.refuse": _l("Refused a person"),
}
"""Code of what was done to its words, by folder and then by name; past tense, what was done to what."""


def action_label(action: str) -> str:
    """Say what was done; the code itself when it has no words."""
    return str(ACTION_LABELS.get(action, action))
