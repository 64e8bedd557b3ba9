"""Figures and targets of a house in words."""

from dataclasses import dataclass
from datetime import date

from babel.dates import format_skeleton
from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.i18n import country_name, join, locale
from webapp.institutions.models import BalanceTarget, Institution, TargetScope
from webapp.matches.house_limits import House, Ledger, Target
from webapp.matches.wording import decimal
from webapp.offices.figures import Group, Waits

HALF_A_DAY = 0.5
MOST_NAMED = 3

SCOPES: dict[TargetScope, LazyString] = {
    TargetScope.INSTITUTION: _l("With one institution"),
    TargetScope.COUNTRY: _l("With one country"),
    TargetScope.EACH_INSTITUTION: _l("With any one institution"),
    TargetScope.EACH_COUNTRY: _l("With any one country"),
    TargetScope.ALL: _l("In all"),
}
"""Whom a target speaks of, as the form offers it."""

DEFINITIONS: dict[str, LazyString] = {
    "matches": _l(
        "Matches with a course of this institution on one side. Each is counted once, by the country of the other "
        "course and by the term of your own."
    ),
    "exchanges": _l("Those of the matches that are approved: to begin, running or completed."),
    "students": _l(
        "Students as the plan of the match says, or as the two courses say where there is no plan; of a range its "
        "middle. Matches where nobody said a number are not in the sum."
    ),
    "leads": _l(
        "Who leads calls the first meeting and keeps the plan. Taken from the plan, or from the proposal where there "
        "is no plan; matches that name nobody are not counted."
    ),
    "lecturers": _l(
        "From the proposal, or from the day it was returned, to the yes or no of your lecturer. Questions nobody has "
        "answered yet are not counted, nor is the yes of whoever invites."
    ),
    "office": _l(
        "From the day both lecturers had accepted, or the plan changed, to the first step of your office: approved, "
        "returned or declined. Questions nobody has answered yet are not counted."
    ),
}
"""What each figure is, for the page and the file."""


@dataclass(frozen=True)
class Standing:
    """A target beside what is.

    Parameters
    ----------
    words
        The target as a sentence.
    is_now
        What is open now, in words.
    verdict
        Whether it is kept, in a word; `tone` is that of its badge.
    """

    target: BalanceTarget
    words: str
    is_now: str
    verdict: str
    tone: str


def country_label(code: object) -> str:
    """Name a country."""
    return country_name(str(code))


def term_label(key: tuple[str, str]) -> str:
    """Name a term by its own name and the month it begins in."""
    month, name = key
    if month == "9999":
        return name or str(_("No dates stated"))
    begins = str(format_skeleton("yMMMM", date.fromisoformat(f"{month}-01"), locale=locale()))
    return (
        str(_("%(term)s, from %(month)s", term=name, month=begins)) if name else str(_("From %(month)s", month=begins))
    )


def students(total: int, base: int, n: int) -> str:
    """Write a sum of students with the matches it rests on."""
    if not base:
        return str(_("not stated"))
    if base == n:
        return str(total)
    return str(_("%(total)d (%(base)d of %(n)d matches)", total=total, base=base, n=n))


def leads(group: Group) -> str:
    """Say who leads in how many matches."""
    if not group.lead_base:
        return str(_("nobody is named yet"))
    return str(
        _(
            "you %(own)d, the partner %(partner)d, both %(both)d, of %(base)d with a leader",
            own=group.own_leads,
            partner=group.partner_leads,
            both=group.both_lead,
            base=group.lead_base,
        )
    )


def waits(found: Waits) -> str:
    """Say how long answers took."""
    if found.middle is None or found.most is None:
        return str(_("No answer yet."))
    return str(
        ngettext(
            "Half %(middle)s, 90 of 100 %(most)s. %(num)d answer.",
            "Half %(middle)s, 90 of 100 %(most)s. %(num)d answers.",
            found.n,
            middle=_time_taken(found.middle),
            most=_time_taken(found.most),
        )
    )


def _time_taken(days: float) -> str:
    """Say how long an answer took, as part of a sentence; less than half a day is no number of days."""
    if days < HALF_A_DAY:
        return str(_("the same day"))
    if round(days, 1) == 1:
        return str(_("within a day"))
    return str(_("within %(n)s days", n=decimal(days)))


def target_words(target: BalanceTarget) -> str:
    """Say a target: "With Portugal: at most 3"."""
    return str(_("%(whom)s: %(bounds)s", whom=_whom(target), bounds=_bounds(target)))


def _whom(target: BalanceTarget) -> str:
    if target.scope is TargetScope.INSTITUTION:
        return str(_("With %(partner)s", partner=target.partner.name if target.partner else ""))
    if target.scope is TargetScope.COUNTRY:
        return str(_("With %(country)s", country=country_name(target.partner_country)))
    return str(SCOPES[target.scope])


def _bounds(target: BalanceTarget) -> str:
    if target.at_least is None:
        return str(_("at most %(n)d", n=target.at_most))
    if target.at_most is None:
        return str(_("at least %(n)d", n=target.at_least))
    return str(_("at least %(least)d, at most %(most)d", least=target.at_least, most=target.at_most))


def standing(
    target: BalanceTarget, own: Institution, pairs: list[tuple[House, House]], names: dict[int, str]
) -> Standing:
    """Put a target beside the matches that are open now.

    Parameters
    ----------
    own
        The institution whose target it is.
    pairs
        The two houses of every open match of it.
    names
        Names of the partner institutions by id.
    """
    ledger = Ledger(pairs)
    seen = Target(own.id, target.scope, target.partner_id, target.partner_country, target.at_least, target.at_most)
    partners = {other if one.institution_id == own.id else one for one, other in pairs}
    groups = {seen.group(partner) for partner in partners if seen.speaks_of(partner)}
    counts = [(ledger.n_open(own.id, group), group) for group in groups]
    n = max((count for count, _group in counts), default=0)
    is_each = target.scope in (TargetScope.EACH_INSTITUTION, TargetScope.EACH_COUNTRY)
    most = sorted(_name_of(group, names) for count, group in counts if count == n) if is_each else []
    verdict, tone = _verdict(target, n, most)
    return Standing(target, target_words(target), _is_now(n, most), verdict, tone)


def _name_of(group: tuple[str, int | str], names: dict[int, str]) -> str:
    kind, which = group
    return names.get(int(which), "") if kind == "institution" else country_name(str(which))


def _is_now(n: int, most: list[str]) -> str:
    """Say how many are open; of those that are counted apart, the most.

    Parameters
    ----------
    most
        With whom so many are open, where each partner is counted apart; else empty.
    """
    if not most:
        return str(_("%(n)d open now", n=n))
    if len(most) == 1:
        return str(_("%(n)d open now, most of all with %(partner)s", n=n, partner=most[0]))
    return str(_("%(n)d open now with each of %(partners)s", n=n, partners=_named(most)))


def _named(partners: list[str]) -> str:
    """Name a few partners; of many, the first and how many more."""
    if len(partners) <= MOST_NAMED:
        return join(partners)
    rest = len(partners) - MOST_NAMED
    more = ngettext("%(num)d other", "%(num)d others", rest)
    return join([*partners[:MOST_NAMED], more])


def _verdict(target: BalanceTarget, n: int, most: list[str]) -> tuple[str, str]:
    if target.at_most is not None and n > target.at_most:
        return str(_("Over the limit")), "not"
    if target.at_least is not None and n < target.at_least:
        return str(_("Below what you want")), "talk"
    if target.at_most is not None and n == target.at_most:
        if most and n:
            return str(_("Full with %(partners)s, open with others", partners=_named(most))), "talk"
        return str(_("Full: no further proposals")), "talk"
    return str(_("Within")), "fits"
