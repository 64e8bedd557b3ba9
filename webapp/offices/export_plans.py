"""What happened to the matches of an institution step by step, and every version of their plans, as tables."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from webapp.matches import plan_words
from webapp.matches.labels import EVENT_LABELS, INVITED_LABEL, reason_label
from webapp.matches.lifecycle import Action, Side
from webapp.matches.models import MatchEvent, PlanVersion
from webapp.offices.files import Cell, Table, instant_cell, rows_of

CAUSES = {
    "accepted": _l("Both lecturers accepted"),
    "edited": _l("Somebody changed it"),
    "courses_changed": _l("A course changed"),
}
"""Why a version was made."""


def whose(side: Side | None, own: Side) -> str:
    """Say which side acted."""
    return str(_("Both") if side is None else _("Your side") if side is own else _("The partner"))


def steps(events: Iterable[MatchEvent], sides: Mapping[int, Side], titles: Mapping[int, str]) -> Table:
    """Write every step of every match; of the partner's people nobody is named."""
    names = (_("Match number"), _("Your course"), _("When (UTC)"), _("What"), _("Which side"), _("Who"), _("Reason"))
    rows: list[Sequence[Cell]] = [
        [
            event.match_id,
            titles[event.match_id],
            instant_cell(event.at),
            _what(event),
            whose(event.side, sides[event.match_id]),
            event.actor.name if event.actor and event.side is sides[event.match_id] else "",
            str(reason_label(event.reason, event.action)),
        ]
        for event in events
    ]
    return rows_of([str(name) for name in names], rows)


def _what(event: MatchEvent) -> str:
    is_invitation = event.action is Action.PROPOSE and event.side is not None
    return str(INVITED_LABEL if is_invitation else EVENT_LABELS[event.action])


def plans(versions: Iterable[PlanVersion], sides: Mapping[int, Side], titles: Mapping[int, str]) -> Table:
    """Write every version of every plan, in words."""
    names = (_("Match number"), _("Your course"), _("Version of the plan"), _("Made (UTC)"), _("Why"), _("Weeks"),
             _("Who leads"), _("Your students"), _("Students of the partner"), _("Languages of the exchange"),
             _("Way of working"), _("Tools both can use"), _("Live hours"), _("Your credit"),
             _("Credit of the partner"), _("Data shared about students"), _("If one side falls away"),
             _("Fingerprint of the plan (SHA-256)"))  # fmt: skip
    rows: list[Sequence[Cell]] = []
    for one in versions:
        own = sides[one.match_id]
        paths = ("weeks", "leader", f"students.{own}", f"students.{own.other}", "languages", "mode", "tools", "live",
                 f"credit.{own}", f"credit.{own.other}", "sharing", "contingency")  # fmt: skip
        said = [_said(one.document, path) for path in paths]
        made: list[Cell] = [
            one.match_id,
            titles[one.match_id],
            one.number,
            instant_cell(one.made_at),
            str(CAUSES[one.cause]),
        ]
        rows.append([*made, *said, one.sha256])
    return rows_of([str(name) for name in names], rows)


def _said(document: Mapping[str, Any], path: str) -> str:
    """Put a part into words; empty when nothing is said, or the version is of a time that did not know the part."""
    if path.partition(".")[0] not in document:
        return ""
    return "\n".join(plan_words.part(document, path).lines)
