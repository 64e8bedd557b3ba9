"""Domains of mail addresses: which of them can show that somebody works at an institution."""

import re

from flask_babel import gettext as _

from webapp.institutions.models import Institution
from webapp.institutions.reference import read

PUBLIC = frozenset(row["domain"] for row in read("public_mail_domains"))
"""Where anybody gets an address; an address there shows nothing about an institution."""

SHAPE = re.compile(r"[a-z0-9-]+(\.[a-z0-9-]+)+")
_SHARED = re.compile(r"(ac|co|com|edu|go|gob|gov|mil|ne|net|or|org|res|sch|school|univ)\.[a-z]{2}")


def cut(address: str) -> str:
    """Cut a web or mail address down to its domain: "https://www.hanu.edu.vn/en" becomes "hanu.edu.vn"."""
    small = address.strip().lower()
    return small.rpartition("://")[2].partition("/")[0].rpartition("@")[2].removeprefix("www.")


def is_public(domain: str) -> bool:
    """Tell whether anybody can have an address in a domain, or whether it belongs to many institutions."""
    return domain in PUBLIC or _SHARED.fullmatch(domain) is not None


def problem_of(domain: str) -> str:
    """Say why a domain cannot show where somebody works; empty when it can."""
    if not SHAPE.fullmatch(domain):
        return str(_("A domain looks like hanu.edu.vn."))
    if is_public(domain):
        return str(_("Addresses in %(domain)s belong to many people; leave this domain out.", domain=domain))
    return ""


def of_institution(institution: Institution) -> list[str]:
    """List the domains that addresses of an institution's staff end in."""
    return [one for one in (institution.website_domain, *institution.more_domains) if one]


def shows(email: str, institution: Institution) -> bool:
    """Tell whether a mail address (lower case) ends in a domain of an institution that only its people have."""
    host = email.rpartition("@")[2]
    found = (one.lower() for one in of_institution(institution) if not is_public(one.lower()))
    return any(host == domain or host.endswith(f".{domain}") for domain in found)
