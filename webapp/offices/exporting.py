"""Everything an institution has here as tables, of which the first says what stands in the others.

No student and no private word is among it: class sizes are the only thing said about students, and neither messages
nor notes are. Of the partner's people nobody is named.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from webapp.accounts.models import User
from webapp.i18n import country_name, language_name
from webapp.imports.columns import COLUMNS, OWN_ID
from webapp.imports.keys import our_name
from webapp.imports.writing import cell_of
from webapp.institutions.models import ApprovalPolicy, BalanceTarget, Institution, InstitutionTerm, PartnerAgreement
from webapp.matches.labels import EVENT_LABELS, STATE_LABELS
from webapp.matches.lifecycle import Action, Side
from webapp.matches.models import Match, MatchEvent, PlanVersion
from webapp.matches.wording import score_points
from webapp.offices import export_columns, export_house, export_plans
from webapp.offices.files import Cell, Table, day_cell, instant_cell
from webapp.profiles.labels import COURSE_STATES
from webapp.profiles.models import CourseProfile
from webapp.profiles.rules import values_of

STEPS = (Action.ENDORSE, Action.APPROVE, Action.RETURN, Action.DECLINE, Action.CHANGE)
"""Events of the sheet of approvals."""


@dataclass(frozen=True)
class Everything:
    """What an institution has here, each list by id."""

    courses: Sequence[CourseProfile]
    lecturers: Sequence[User]
    matches: Sequence[Match]
    approvals: Sequence[tuple[MatchEvent, int | None, str | None]]
    """Each event with the number and the fingerprint of the plan it speaks of."""
    agreements: Sequence[PartnerAgreement]
    steps: Sequence[MatchEvent]
    plans: Sequence[PlanVersion]
    colleagues: Sequence[User]
    terms: Sequence[InstitutionTerm]
    targets: Sequence[BalanceTarget]
    policy: ApprovalPolicy


NAMES = (
    *("readme", "institution", "terms", "courses", "lecturers", "colleagues"),
    *("matches", "steps", "plans", "approvals", "agreements", "targets"),
)
"""Names of the files, the same in every language, in the order of the sheets."""


def tables(house: Institution, found: Everything, now: datetime) -> dict[str, Table]:
    """Write everything, by the name of the sheet; the first says what stands where."""
    named = _tables(house, found)
    return {_("Read me"): export_columns.read_me(house, named, now), **named}


def _tables(house: Institution, found: Everything) -> dict[str, Table]:
    sides = {match.id: _side(house, match) for match in found.matches}
    titles = {match.id: match.course(sides[match.id]).title for match in found.matches}
    return {
        _("Institution"): export_house.institution(house, found.policy),
        _("Terms"): export_house.terms(found.terms),
        _("Courses"): [_courses_header(), *_courses(found.courses)],
        _("Lecturers"): [_lecturers_header(), *_lecturers(found.lecturers, found.courses)],
        _("Colleagues"): export_house.colleagues(found.colleagues),
        _("Matches"): [_matches_header(), *_matches(found.matches, sides)],
        _("Steps"): export_plans.steps(found.steps, sides, titles),
        _("Plans"): export_plans.plans(found.plans, sides, titles),
        _("Approvals"): [_approvals_header(), *_approvals(found.approvals, sides, titles)],
        _("Agreements"): [_agreements_header(), *_agreements(found.agreements)],
        _("Targets"): export_house.targets(found.targets),
    }


def file_names(named: dict[str, Table]) -> dict[str, Table]:
    """Give the tables names of files, the same in every language."""
    return dict(zip(NAMES, named.values(), strict=True))


def _side(house: Institution, match: Match) -> Side:
    return Side.A if match.course_a.institution_id == house.id else Side.B


def _courses_header() -> list[Cell]:
    extra = (_("State"), _("Lecturer"), _("Address of the lecturer"), _("Made (UTC)"), _("Published (UTC)"))
    return [*(str(_(column.header)) for column in COLUMNS), *map(str, extra)]


def _courses(courses: Iterable[CourseProfile]) -> Iterator[list[Cell]]:
    for course in courses:
        values = {**values_of(course), OWN_ID: our_name(course)}
        yield [
            *(cell_of(column.key, values) for column in COLUMNS),
            str(COURSE_STATES[course.state]),
            course.lecturer.name,
            course.lecturer.email,
            instant_cell(course.created_at),
            instant_cell(course.published_at),
        ]


def _lecturers_header() -> list[Cell]:
    names = (_("Name"), _("Address"), _("Language"), _("Courses"), _("Joined (UTC)"), _("Verified (UTC)"),
             _("Takes no proposals until"))  # fmt: skip
    return [*map(str, names)]


def _lecturers(lecturers: Iterable[User], courses: Sequence[CourseProfile]) -> Iterator[list[Cell]]:
    owners = [course.lecturer_id for course in courses]
    for person in lecturers:
        yield [
            person.name,
            person.email,
            language_name(person.language),
            owners.count(person.id),
            instant_cell(person.confirmed_at),
            instant_cell(person.verified_at),
            day_cell(person.paused_until),
        ]


def _matches_header() -> list[Cell]:
    names = (_("Match number"), _("State"), _("Fit, of 100"), _("Your course"), _("Your lecturer"), _("Partner course"),
             _("Partner institution"), _("Country"), _("Began as"), _("Proposed (UTC)"), _("Answer by (UTC)"),
             _("Last changed (UTC)"))  # fmt: skip
    return [*map(str, names)]


def _matches(matches: Iterable[Match], sides: dict[int, Side]) -> Iterator[list[Cell]]:
    for match in matches:
        own, partner = match.course(sides[match.id]), match.course(sides[match.id].other)
        origin = _("Invitation") if match.invited_by_id else _("Alternate") if match.is_alternate else _("Round")
        yield [
            match.id,
            str(STATE_LABELS[match.state]),
            score_points(match.score),
            own.title,
            own.lecturer.name,
            partner.title,
            partner.institution.name,
            country_name(partner.institution.country),
            str(origin),
            instant_cell(match.proposed_at),
            instant_cell(match.respond_by),
            instant_cell(match.changed_at),
        ]


def _approvals_header() -> list[Cell]:
    names = (_("Match"), _("Your course"), _("When (UTC)"), _("What"), _("Which side"), _("Who"),
             _("Version of the plan"), _("Fingerprint of the plan (SHA-256)"))  # fmt: skip
    return [*map(str, names)]


def _approvals(
    events: Iterable[tuple[MatchEvent, int | None, str | None]], sides: dict[int, Side], titles: dict[int, str]
) -> Iterator[list[Cell]]:
    for event, number, fingerprint in events:
        is_own = event.side is sides[event.match_id]
        yield [
            event.match_id,
            titles[event.match_id],
            instant_cell(event.at),
            str(EVENT_LABELS[event.action]),
            str(_("Both") if event.side is None else _("Your side") if is_own else _("The partner")),
            event.actor.name if is_own and event.actor else "",
            number or "",
            fingerprint or "",
        ]


def _agreements_header() -> list[Cell]:
    names = (_("Partner institution"), _("Country"), _("Name or number"), _("Kept at"), _("Signed on"), _("Ends on"))
    return [*map(str, names)]


def _agreements(agreements: Iterable[PartnerAgreement]) -> Iterator[list[Cell]]:
    for one in agreements:
        yield [
            one.partner.name,
            country_name(one.partner.country),
            one.reference,
            one.kept_at,
            day_cell(one.signed_on),
            day_cell(one.ends_on),
        ]
