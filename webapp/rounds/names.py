"""How a round is called: by the days of its week, and by its number where the week has several."""

from flask_babel import gettext as _

from webapp.i18n import week_days
from webapp.rounds.models import Round


def days(this_round: Round) -> str:
    """Name the days of a round's week, for the middle of a sentence, with its number where needed."""
    its_days = week_days(this_round.week)
    if not this_round.has_namesake:
        return its_days
    return str(_("%(days)s (no. %(number)d)", days=its_days, number=this_round.id))


def name(this_round: Round) -> str:
    """Name a round, as headings and links do."""
    return str(_("Round of %(days)s", days=days(this_round)))
