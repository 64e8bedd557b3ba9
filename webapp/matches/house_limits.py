"""How many matches at once institutions want and allow with whom, and what one more would break.

An exchange is open from the proposal to its end; every open one counts, however it came about.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass

import sqlalchemy as sa
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.orm import aliased

from webapp.db import db
from webapp.i18n import country_name
from webapp.institutions.models import BalanceTarget, Institution, TargetScope
from webapp.matches.lifecycle import OPEN_STATES
from webapp.matches.models import Match
from webapp.profiles.models import CourseProfile


@dataclass(frozen=True)
class House:
    """An institution as limits see it."""

    institution_id: int
    country: str


@dataclass(frozen=True)
class Target:
    """One line of `webapp.institutions.models.BalanceTarget`, free of the database."""

    institution_id: int
    scope: TargetScope
    partner_id: int | None
    partner_country: str | None
    at_least: int | None
    at_most: int | None

    def speaks_of(self, partner: House) -> bool:
        """Whether an exchange with this partner counts for it."""
        if self.scope is TargetScope.INSTITUTION:
            return partner.institution_id == self.partner_id
        return self.scope is not TargetScope.COUNTRY or partner.country == self.partner_country

    def group(self, partner: House) -> tuple[str, int | str]:
        """Name the partners that are counted together with this one."""
        if self.scope in (TargetScope.INSTITUTION, TargetScope.EACH_INSTITUTION):
            return ("institution", partner.institution_id)
        if self.scope in (TargetScope.COUNTRY, TargetScope.EACH_COUNTRY):
            return ("country", partner.country)
        return ("all", "")


class Ledger:
    """Counts open matches of institutions with their partners.

    Parameters
    ----------
    pairs
        The two houses of every open match.
    """

    def __init__(self, pairs: Iterable[tuple[House, House]] = ()) -> None:
        self._counts: Counter[tuple[int, tuple[str, int | str]]] = Counter()
        for one, other in pairs:
            self.add(one, other)

    def add(self, one: House, other: House) -> None:
        """Count one more match between two institutions."""
        for own, partner in ((one, other), (other, one)):
            self._counts[own.institution_id, ("institution", partner.institution_id)] += 1
            self._counts[own.institution_id, ("country", partner.country)] += 1
            self._counts[own.institution_id, ("all", "")] += 1

    def n_open(self, institution_id: int, group: tuple[str, int | str]) -> int:
        """Count the open matches of an institution with a group of partners, see `Target.group`."""
        return self._counts[institution_id, group]

    def broken(self, targets: Iterable[Target], one: House, other: House) -> Target | None:
        """Find the first limit that one more match between two institutions would break; None for none."""
        for target in targets:
            for own, partner in ((one, other), (other, one)):
                if target.institution_id != own.institution_id or target.at_most is None:
                    continue
                if target.speaks_of(partner) and self.n_open(own.institution_id, target.group(partner)) >= (
                    target.at_most
                ):
                    return target
        return None


def house_of(course: CourseProfile) -> House:
    """Give the institution of a course."""
    return House(course.institution_id, course.institution.country)


def targets_of(institution_ids: Collection[int] | None = None, *, hold: bool = False) -> list[Target]:
    """Find the targets of some institutions, or of all, by id.

    Parameters
    ----------
    hold
        Whether nobody else may propose within these limits until the transaction ends. On SQLite every writing
        transaction holds everything anyway.
    """
    found = sa.select(BalanceTarget).order_by(BalanceTarget.id)
    if institution_ids is not None:
        found = found.where(BalanceTarget.institution_id.in_(institution_ids))
    if hold:
        found = found.with_for_update(of=BalanceTarget)
    return [
        Target(row.institution_id, row.scope, row.partner_id, row.partner_country, row.at_least, row.at_most)
        for row in db.session.scalars(found)
    ]


def open_pairs(
    institution_ids: Collection[int] | None = None, *, but_for: int | None = None
) -> list[tuple[House, House]]:
    """Find the houses of every open match, of all or of those with a side at one of these institutions.

    Parameters
    ----------
    institution_ids
        The institutions; None for all.
    but_for
        A match (id) that is left out, as if it had ended.
    """
    a, b, at_a, at_b = aliased(CourseProfile), aliased(CourseProfile), aliased(Institution), aliased(Institution)
    found = (
        sa.select(at_a.id, at_a.country, at_b.id, at_b.country)
        .select_from(Match)
        .join(a, Match.course_a_id == a.id)
        .join(b, Match.course_b_id == b.id)
        .join(at_a, a.institution_id == at_a.id)
        .join(at_b, b.institution_id == at_b.id)
        .where(Match.state.in_(OPEN_STATES))
        .order_by(Match.id)
    )
    if institution_ids is not None:
        found = found.where(sa.or_(at_a.id.in_(institution_ids), at_b.id.in_(institution_ids)))
    if but_for is not None:
        found = found.where(Match.id != but_for)
    return [(House(*row[:2]), House(*row[2:])) for row in db.session.execute(found).tuples()]


def breaks_cap(course: CourseProfile, partner: CourseProfile, *, hold: bool = False) -> str | None:
    """Say which institution's limit one more match between two courses would break; None when it breaks none.

    Parameters
    ----------
    course, partner
        With their institutions loaded.
    hold
        See `targets_of`; for whoever proposes in this transaction.
    """
    one, other = house_of(course), house_of(partner)
    both = {one.institution_id, other.institution_id}
    limits = [target for target in targets_of(both, hold=hold) if target.at_most is not None]
    if not limits:
        return None
    broken = Ledger(open_pairs(both)).broken(limits, one, other)
    if broken is None:
        return None
    own, far = (course, partner) if broken.institution_id == one.institution_id else (partner, course)
    return _sentence(broken, own.institution, far.institution)


def within_caps(own: House, partners: Collection[House], *, but_for: int | None = None) -> set[House]:
    """Tell with which of these houses one more exchange breaks no limit of either, in two queries for all of them.

    Parameters
    ----------
    own
        The house that looks for a partner.
    partners
        The houses it may find one in.
    but_for
        See `open_pairs`.
    """
    everybody = {own.institution_id, *(partner.institution_id for partner in partners)}
    limits = [target for target in targets_of(everybody) if target.at_most is not None]
    if not limits:
        return set(partners)
    ledger = Ledger(open_pairs(everybody, but_for=but_for))
    return {partner for partner in partners if ledger.broken(limits, own, partner) is None}


def _sentence(target: Target, own: Institution, partner: Institution) -> str:
    most = target.at_most or 0
    kind, _which = target.group(House(partner.id, partner.country))
    if kind == "institution":
        if not most:
            return str(
                _("%(institution)s takes no exchanges with %(partner)s.", institution=own.name, partner=partner.name)
            )
        return str(
            ngettext(
                "%(institution)s allows at most %(num)d match at once with %(partner)s, and it is open already.",
                "%(institution)s allows at most %(num)d matches at once with %(partner)s, and they are open already.",
                most,
                institution=own.name,
                partner=partner.name,
            )
        )
    if kind == "country":
        country = country_name(partner.country)
        if not most:
            return str(_("%(institution)s takes no exchanges with %(country)s.", institution=own.name, country=country))
        return str(
            ngettext(
                "%(institution)s allows at most %(num)d match at once with %(country)s, and it is open already.",
                "%(institution)s allows at most %(num)d matches at once with %(country)s, and they are open already.",
                most,
                institution=own.name,
                country=country,
            )
        )
    if not most:
        return str(_("%(institution)s takes no exchanges at present.", institution=own.name))
    return str(
        ngettext(
            "%(institution)s allows at most %(num)d match at once, and it is open already.",
            "%(institution)s allows at most %(num)d matches at once, and they are open already.",
            most,
            institution=own.name,
        )
    )
