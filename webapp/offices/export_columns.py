"""The sheet that says what stands in the others: how the file was made, and every column with its meaning."""

from collections.abc import Mapping
from datetime import datetime

from flask_babel import gettext as _

from webapp.imports.columns import COLUMNS
from webapp.institutions.models import Institution
from webapp.offices.files import Table, instant_cell


def meanings() -> dict[str, tuple[str, ...]]:
    """Say what stands in each column, by the name of the sheet and in the order of its columns."""
    number = _("The number of the match, the same in all sheets.")
    course = _("The title of the course of this institution.")
    joined = _("When the person showed that the address is theirs, and when they were verified.")
    who = _("The person of this institution who did it; the partner’s people are not named.")
    found = {
        _("Institution"): (_("What the line is about."), _("What the page of the institution or its policy says.")),
        _("Terms"): (
            _("The name of the teaching period."),
            _("Its first day."),
            _("Its last day."),
            _("Weeks without teaching: first and last day, several with semicolons between them."),
        ),
        _("Courses"): (
            *(_(column.help) for column in COLUMNS),
            _("Where the course stands: draft, open, paused or withdrawn."),
            _("Who teaches it."),
            _("Their mail address."),
            _("When the course was written down."),
            _("When it was published first; empty while it is a draft."),
        ),
        _("Lecturers"): (
            _("The lecturer’s name."),
            _("Their mail address."),
            _("The language of their pages."),
            _("How many courses they have here."),
            joined,
            joined,
            _("Until this day the lecturer takes no new proposals."),
        ),
        _("Colleagues"): (
            _("The name of who works in the international office."),
            _("Their mail address."),
            _("The language of their pages."),
            _("Whether they take the first step of an approval."),
            _("Whether they take the second step, as dean or board."),
            _("Whether they are asked only when the others have not answered."),
            joined,
            joined,
        ),
        _("Matches"): (
            number,
            _("Where the match stands now."),
            _("How well the two courses fit."),
            course,
            _("Who teaches it."),
            _("The title of the partner’s course."),
            _("Where the partner teaches."),
            _("The country of the partner institution."),
            _("What brought the match: a round, an invitation, or an alternate."),
            _("When it was proposed."),
            _("Until when the lecturers, and later the offices, have to answer; empty when nobody is awaited."),
            _("When anything happened last."),
        ),
        _("Steps"): (
            number,
            course,
            _("When it happened."),
            _("What happened."),
            _("Whose step it was; “Both” when a round or the clock acted."),
            who,
            _("The reason chosen, where one was asked for; own words are left out."),
        ),
        _("Plans"): (
            number,
            course,
            _("The number of the version; each change makes a new one."),
            _("When the version was made."),
            _("What made it necessary."),
            _("The weeks both teach together."),
            _("Who calls the first meeting and keeps the plan."),
            _("How many students of this institution take part."),
            _("How many students of the partner take part."),
            _("The languages both classes use."),
            _("Live, at one’s own time, or both."),
            _("Tools that work on both sides."),
            _("Hours a week in which both classes can meet live."),
            _("How students of this institution have the exchange recognised."),
            _("How students of the partner have it recognised."),
            _("What the institutions tell each other about students."),
            _("What happens when one side falls away."),
            _("The SHA-256 by which a version is recognised; offices approve exactly this one."),
        ),
        _("Approvals"): (
            number,
            course,
            _("When it happened."),
            _("What an office did: approved, returned or declined; or that the plan was changed."),
            _("Whose step it was; “Both” when a round or the clock acted."),
            who,
            _("The version of the plan that was approved."),
            _("Its SHA-256."),
        ),
        _("Agreements"): (
            _("With whom the agreement was signed."),
            _("Their country."),
            _("How the paper is called."),
            _("Where it is kept."),
            _("When it was signed."),
            _("Its last day; empty when it has none."),
        ),
        _("Targets"): (
            _("Whom the target speaks of."),
            _("The institution, where it speaks of one."),
            _("The country, where it speaks of one."),
            _("Matches open at once that are wanted at least."),
            _("Matches open at once that are allowed at most."),
            _("When it was set or changed."),
        ),
    }
    return {str(name): tuple(map(str, said)) for name, said in found.items()}


def read_me(house: Institution, named: Mapping[str, Table], now: datetime) -> Table:
    """Write what the file is, and the dictionary of its columns."""
    said = meanings()
    about = _("Everything %(name)s has on Causeway, as it was on %(instant)s UTC.",
              name=house.name, instant=instant_cell(now))  # fmt: skip
    notes = (
        about,
        _("Students are counted and never named. Messages, notes and the partner’s people are not in it."),
        _("Days are written year-month-day; times are in UTC."),
        _("Texts that a spreadsheet would compute begin with an apostrophe. An import takes it off again."),
        _("It holds addresses of your colleagues: keep it as your data-protection rules ask."),
    )
    return [
        [str(_("Sheet")), str(_("Column")), str(_("What stands there"))],
        *(["", "", str(note)] for note in notes),
        *(
            [sheet, column, meaning]
            for sheet, table in named.items()
            for column, meaning in zip(table[0], said[sheet], strict=True)
        ),
    ]
