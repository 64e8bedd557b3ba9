"""Digests as mail, each in the language and the time zone of the person it goes to."""

from typing import Any

from webapp.access import Role
from webapp.accounts.models import User
from webapp.accounts.tokens import unsubscribe_url
from webapp.mail.render import Mail, render
from webapp.matches import wording as match_wording
from webapp.rounds import labels, wording
from webapp.rounds.models import Round
from webapp.rounds.news import PersonalNews, RoundNews

MOST_LINES = 20
"""Longest list in a coordinator's mail; the page of the round has the rest."""


def digest(user: User, this_round: Round, news: PersonalNews | RoundNews) -> Mail:
    """Write one person's digest; a lecturer, an office and a coordinator each get their own kind.

    The headers let mail programs offer unsubscribing with one click (RFC 8058).
    """
    kind = {Role.LECTURER: "digest_lecturer", Role.OFFICE: "digest_office"}.get(user.role, "digest_coordinator")
    leave = unsubscribe_url(user)
    context: dict[str, Any] = {
        "user": user,
        "round": this_round,
        "news": news,
        "zone": user.time_zone,
        "unsubscribe_url": leave,
        "most_lines": MOST_LINES,
        "top_sentence": match_wording.top_sentence,
        "points": match_wording.score_points,
        "fit_words": match_wording.fit_words,
        "why": wording.why,
        "left_out_label": labels.left_out_label,
        "figures": wording.figures,
        "awaited_sentence": wording.awaited_sentence,
        "pair": wording.pair,
    }
    headers: dict[str, str | None] = {
        "List-Unsubscribe": f"<{leave}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }
    return render(kind, user.email, user.language_of_mail, headers=headers, **context)
