"""Columns the audit log tells of, in words: a line for every key of ``before`` and ``after``."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

COLUMN_LABELS: dict[str, LazyString] = {
    "asks": _l("What is looked at"),
    "answer_days": _l("Days to answer"),
    "breaks": _l("Breaks"),
    "chain": _l("Who approves"),
    "city": _l("City"),
    "closed_at": _l("Account closed"),
    "countries": _l("Countries"),
    "country": _l("Country"),
    "credit_system": _l("Credit system"),
    "description": _l("Description"),
    "email": _l("Mail address"),
    "ends_on": _l("Last day"),
    "institution_id": _l("Institution"),
    "invited_at": _l("Invited"),
    "is_stand_in": _l("Stands in"),
    "kept_at": _l("Where it is kept"),
    "more_domains": _l("Further domains"),
    "name": _l("Name"),
    "needs_agreement": _l("Agreement needed"),
    "network": _l("Network"),
    "networks": _l("Networks"),
    "partner_id": _l("Partner"),
    "privacy_regime": _l("Data-protection law"),
    "reason": _l("Reason"),
    "reference": _l("Name or number"),
    "role": _l("Role"),
    "second_title": _l("Second person"),
    "signed_on": _l("Signed"),
    "signs_as_second": _l("Signs as second person"),
    "signs_for_office": _l("Signs for the office"),
    "starts_on": _l("First day"),
    "support": _l("What the office offers"),
    "taken_over_by": _l("Taken over by"),
    "term_name": _l("Term"),
    "time_zone": _l("Time zone"),
    "transfer_basis": _l("Student data across borders"),
    "verified_at": _l("Verified"),
    "web_page": _l("Web page"),
    "website_domain": _l("Domain"),
}
"""Key to its words; several tables may share one."""

VALUE_LABELS: dict[str, dict[str, LazyString]] = {
    "chain": {
        "none": _l("nobody"),
        "office": _l("the office"),
        "office_then_second": _l("the office, then a second person"),
    },
}
"""Codes of a column in words, where the column holds codes."""


def column_label(column: str) -> str:
    """Name a column; one without words by its own name, spelled out."""
    return str(COLUMN_LABELS.get(column) or column.removesuffix("_id").replace("_", " ").capitalize())
