"""Digests as mail, each in the language and the time zone of the person it goes to."""

from flask_babel import force_locale

from webapp.access import Role
from webapp.accounts.models import User
from webapp.accounts.tokens import unsubscribe_url
from webapp.mail.render import Mail, render
from webapp.rounds.digest_document import Document, plain
from webapp.rounds.digest_overview import for_coordinator
from webapp.rounds.digest_texts import for_lecturer, for_office
from webapp.rounds.news import PersonalNews, RoundNews


def digest(user: User, news: PersonalNews | RoundNews) -> Mail:
    """Write one person's digest; a lecturer, an office and a coordinator each get their own kind.

    The headers let mail programs offer unsubscribing with one click (RFC 8058).
    """
    with force_locale(user.language_of_mail):
        document = _document(user, news)
    leave = unsubscribe_url(user)
    headers: dict[str, str | None] = {
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return render(
        "digest",
        user.email,
        user.language_of_mail,
        headers=headers,
        document=document,
        text=plain(document),
        unsubscribe_url=leave,
    )


def _document(user: User, news: PersonalNews | RoundNews) -> Document:
    if isinstance(news, RoundNews):
        return for_coordinator(user, news)
    return for_office(user, news) if user.role is Role.OFFICE else for_lecturer(user, news)
