"""What an institution says about itself, as tables: its page, its policy, terms, colleagues and targets."""

from collections.abc import Iterable

from flask_babel import gettext as _

from webapp.accounts.models import User
from webapp.audit.columns import VALUE_LABELS
from webapp.i18n import country_name, language_name, zone_name
from webapp.institutions import credits, data_protection
from webapp.institutions.labels import type_label
from webapp.institutions.models import ApprovalPolicy, BalanceTarget, Institution, InstitutionTerm
from webapp.offices import wording
from webapp.offices.files import Cell, Table, day_cell, instant_cell


def _yes(value: bool) -> str:
    return str(_("yes") if value else _("no"))


def institution(house: Institution, policy: ApprovalPolicy) -> Table:
    """Write what the page of the institution says, and how it approves: a line each."""
    days = policy.answer_days or ""
    lines: list[list[Cell]] = [
        [_("Name"), house.name],
        [_("Country"), country_name(house.country)],
        [_("City"), house.city],
        [_("Institution type"), type_label(house.institution_type)],
        [_("Time zone"), zone_name(house.time_zone)],
        [_("Domain"), house.website_domain or ""],
        [_("Further domains"), "; ".join(house.more_domains)],
        [_("Networks"), "; ".join(house.networks)],
        [_("Credit system"), credits.label(house.credit_system)],
        [_("Data-protection law"), data_protection.regime_label(house.privacy_regime, house.country)],
        [_("Student data across borders"), data_protection.basis_label(house.transfer_basis)],
        [_("Description"), house.description],
        [_("What the office offers"), house.support],
        [_("Who approves"), str(VALUE_LABELS["chain"][policy.chain])],
        [_("Second person"), policy.second_title],
        [_("Agreement needed"), _yes(policy.needs_agreement)],
        [_("Days to answer"), days],
        [_("What is looked at"), policy.asks],
    ]
    return [[str(_("What")), str(_("Says"))], *([str(what), text] for what, text in lines)]


def terms(found: Iterable[InstitutionTerm]) -> Table:
    """Write the teaching periods."""
    header: list[Cell] = [str(_("Term")), str(_("First day")), str(_("Last day")), str(_("Breaks"))]
    return [
        header,
        *(
            [one.name, day_cell(one.starts_on), day_cell(one.ends_on),
             "; ".join(f"{it['from']}/{it['to']}" for it in one.breaks)]
            for one in found
        ),
    ]  # fmt: skip


def colleagues(found: Iterable[User]) -> Table:
    """Write who works in the international office, and what they sign."""
    names = (_("Name"), _("Address"), _("Language"), _("Signs for the office"), _("Signs as second person"),
             _("Stands in"), _("Joined (UTC)"), _("Verified (UTC)"))  # fmt: skip
    return [
        [str(name) for name in names],
        *(
            [one.name, one.email, language_name(one.language), _yes(one.signs_for_office), _yes(one.signs_as_second),
             _yes(one.is_stand_in), instant_cell(one.confirmed_at), instant_cell(one.verified_at)]
            for one in found
        ),
    ]  # fmt: skip


def targets(found: Iterable[BalanceTarget]) -> Table:
    """Write how many matches at once are wanted with whom."""
    names = (_("With whom"), _("Partner institution"), _("Country"), _("At least"), _("At most"), _("Set (UTC)"))
    return [
        [str(name) for name in names],
        *(
            [str(wording.SCOPES[one.scope]), one.partner.name if one.partner else "",
             country_name(one.partner_country) if one.partner_country else "",
             "" if one.at_least is None else one.at_least, "" if one.at_most is None else one.at_most,
             instant_cell(one.set_at)]
            for one in found
        ),
    ]  # fmt: skip
