"""Which matches the balance of a house counts, as the address says it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import LazyString
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField

from webapp.matches.lifecycle import OPEN_STATES, State
from webapp.offices.figures import EXCHANGES

STANDINGS: dict[str, tuple[LazyString, Collection[State]]] = {
    "": (_l("Open or completed"), OPEN_STATES | EXCHANGES),
    "open": (_l("Open: proposed to running"), OPEN_STATES),
    "agreed": (_l("Approved by both institutions"), EXCHANGES),
    "ended": (_l("Ended without an exchange"), frozenset(State) - OPEN_STATES - EXCHANGES),
    "all": (_l("Every proposal ever made"), frozenset(State)),
}
"""What the word in the address stands for: its label and its states."""


@dataclass(frozen=True)
class Wanted:
    """Which matches count.

    Parameters
    ----------
    standing
        Key of `STANDINGS`.
    since, until
        First and last day of their proposal, in UTC; None is open.
    """

    standing: str = ""
    since: date | None = None
    until: date | None = None

    @property
    def states(self) -> Collection[State]:
        """The states of matches that count."""
        return STANDINGS[self.standing][1]

    @property
    def address(self) -> dict[str, str]:
        """What stands in the address of the page; only what is set."""
        found = {"standing": self.standing, "since": _iso(self.since), "until": _iso(self.until)}
        return {name: value for name, value in found.items() if value}


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def read(address: Mapping[str, str]) -> Wanted:
    """Read what stands in an address; what nobody can read counts as not said."""
    standing = address.get("standing", "")
    return Wanted(
        standing if standing in STANDINGS else "",
        _day(address.get("since", "")),
        _day(address.get("until", "")),
    )


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


class FilterForm(FlaskForm):  # type: ignore[misc]
    """The filters as a form; sent with GET."""

    class Meta:
        """A form that changes nothing needs no token, and a token has no place in an address."""

        csrf = False

    standing = SelectField(_l("Which matches"))
    since = DateField(_l("Proposed from"))
    until = DateField(_l("Proposed until"))

    @classmethod
    def of(cls, wanted: Wanted) -> "FilterForm":
        """Show what is wanted."""
        form = cls(formdata=None, data={"standing": wanted.standing, "since": wanted.since, "until": wanted.until})
        form.standing.choices = [(key, str(label)) for key, (label, _states) in STANDINGS.items()]
        return form


def in_words(wanted: Wanted) -> str:
    """Say in one sentence what is counted."""
    label = STANDINGS[wanted.standing][0]
    return str(_("Counted: %(which)s.", which=str(label)[:1].lower() + str(label)[1:]))
