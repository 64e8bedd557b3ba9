"""Mail about drafts."""

from datetime import datetime

from flask import url_for

from webapp.accounts import queries as accounts
from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.mail.outbox import promise
from webapp.mail.render import Mail, render
from webapp.rounds.models import Round


def promise_to_coordinators(this_round: Round, now: datetime) -> int:
    """Tell every coordinator of all once that a draft waits for them."""
    people = [user for user in accounts.coordinators() if scope.is_of_all(user)]
    return sum(promise(f"round:{this_round.id}:waits:{user.id}", waits(user, this_round), now) for user in people)


def waits(user: User, this_round: Round) -> Mail:
    """Write that the week's round is a draft and waits to be published."""
    link = url_for("rounds.show", round_id=this_round.id, _external=True)
    return render("round_waits", user.email, user.language_of_mail, user=user, round=this_round, link=link)
