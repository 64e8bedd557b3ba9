"""What people wrote, made safe to show: links one can follow, and sizes in words."""

import re
from urllib.parse import urlsplit

from babel.numbers import format_decimal
from flask_babel import gettext as _
from markupsafe import Markup, escape

from webapp.i18n import locale

_LINK = re.compile(r"https?://[^\s<>\"“”„«»`]+", re.IGNORECASE)
_CLOSING = {")": "(", "]": "[", "}": "{"}


def with_links(text: str) -> Markup:
    """Escape a plain text and make its web addresses links; line breaks stay for the style sheet to show."""
    parts: list[Markup] = []
    end = 0
    for found in _LINK.finditer(text):
        address = _trimmed(found[0])
        if not _is_web(address):
            continue
        parts.append(escape(text[end : found.start()]))
        link = Markup('<a href="{address}" rel="noopener noreferrer nofollow" target="_blank">{address}</a>')
        parts.append(link.format(address=address))
        end = found.start() + len(address)
    parts.append(escape(text[end:]))
    return Markup("").join(parts)


def _trimmed(address: str) -> str:
    """Leave out what ends the sentence rather than the address."""
    while address:
        last = address[-1]
        is_open = last in _CLOSING and address.count(_CLOSING[last]) < address.count(last)
        if not is_open and last not in ".,;:!?'*_、。，；：！？）」』】":
            break
        address = address[:-1]
    return address


def _is_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return False
    return parts.scheme.lower() in ("http", "https") and bool(host)


def size(n_bytes: int) -> str:
    """Write the size of a file: "12 kB", "3.4 MB"."""
    if n_bytes >= 1_000_000:
        return str(_("%(n)s MB", n=format_decimal(round(n_bytes / 1_000_000, 1), locale=locale())))
    return str(_("%(n)s kB", n=format_decimal(max(1, round(n_bytes / 1_000)), locale=locale())))
