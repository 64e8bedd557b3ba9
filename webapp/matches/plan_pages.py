"""What the pages of a plan show: its parts side by side, who approved which version, and what each version changed."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from flask_babel import gettext as _

from webapp.accounts.models import User
from webapp.matches import approval, plan_documents, plan_versions
from webapp.matches.labels import AFTER_OFFICE_LABEL
from webapp.matches.lifecycle import Action, Actor, Side
from webapp.matches.models import Match, MatchEvent, PlanVersion
from webapp.matches.people import place_of, shows_contacts
from webapp.matches.plan_documents import Change, Document
from webapp.matches.plan_words import Part, part_label


@dataclass(frozen=True)
class Row:
    """One part of a plan: either ``both`` or each side's own; ``edited`` names what was changed by hand."""

    label: str
    both: Part | None
    a: Part | None
    b: Part | None
    edited: frozenset[str]


@dataclass(frozen=True)
class Approval:
    """A side's yes to a version: ``holds`` until the plan changed or the match was returned."""

    words: str
    at: datetime
    holds: bool


@dataclass(frozen=True)
class Version:
    """One version as people read it."""

    number: int
    sha256: str
    why: str
    at: datetime
    approvals: tuple[Approval, ...]
    changes: tuple[Change, ...]

    @property
    def short(self) -> str:
        """The beginning of its fingerprint."""
        return self.sha256[: plan_documents.SHORT_FINGERPRINT]


@dataclass(frozen=True)
class Since:
    """What changed after the reader's institution approved a version that no longer stands."""

    institution: str
    number: int
    changes: tuple[Change, ...]


@dataclass(frozen=True)
class PlanPage:
    """A plan for its page: the version that stands with its rows, and all versions, the newest first.

    ``since`` tells the office of one side what it has not approved yet; ``is_for_office`` whether one reads it.
    """

    standing: Version
    rows: tuple[Row, ...]
    versions: tuple[Version, ...]
    lacks: tuple[str, ...]
    """Names of the parts that say nothing yet, on one side at least."""
    since: Since | None
    is_for_office: bool


def of(match: Match, reader: User) -> PlanPage | None:
    """Gather what the page of a plan shows; None while there is no plan."""
    kept = plan_versions.all_of(match)
    if not kept:
        return None
    versions = versions_of(match, kept, reader)
    document = kept[-1].document
    said = rows(document)
    lacks = tuple(row.label for row in said if any(part and not part.lines for part in (row.both, row.a, row.b)))
    place = place_of(match, reader)
    is_for_office = place is not None and place.actor is Actor.OFFICE
    since = _since(match, kept, place.side) if place is not None and is_for_office else None
    return PlanPage(versions[0], said, versions, lacks, since, is_for_office)


def _since(match: Match, kept: list[PlanVersion], side: Side) -> Since | None:
    """Tell what changed since a side said yes last; None when it never did, or nothing has."""
    said_yes = {event.plan_id for event in match.events if event.side is side and event.plan_id is not None}
    seen = next((version for version in reversed(kept) if version.id in said_yes), None)
    if seen is None:
        return None
    changes = plan_documents.changes(seen.document, kept[-1].document)
    name = match.course(side).institution.name
    return Since(name, seen.number, tuple(changes)) if changes else None


def since_of_each(matches: Iterable[Match], reader: User) -> dict[int, Since]:
    """Tell of each match whose plan changed since the reader's office said yes what changed, in one query for all."""
    places = {match: place_of(match, reader) for match in matches}
    asked_again = {
        match: place.side
        for match, place in places.items()
        if place is not None and any(e.side is place.side and e.plan_id is not None for e in match.events)
    }
    kept = plan_versions.of_each([match.id for match in asked_again])
    found = {match.id: _since(match, kept[match.id], side) for match, side in asked_again.items()}
    return {match_id: since for match_id, since in found.items() if since is not None}


def rows(document: Document) -> tuple[Row, ...]:
    """Put the parts of both sides beside each other, in the order of the page."""
    found = {part.path: part for part in plan_documents.parts(document)}
    names = dict.fromkeys(path.partition(".")[0] for path in plan_documents.PATHS)
    edited = document["edited"]
    return tuple(
        Row(
            label=part_label(name),
            both=found.get(name),
            a=found.get(f"{name}.a"),
            b=found.get(f"{name}.b"),
            edited=frozenset(path for path in edited if path.partition(".")[0] == name),
        )
        for name in names
    )


def versions_of(match: Match, kept: list[PlanVersion], reader: User) -> tuple[Version, ...]:
    """Put all versions of a plan into words, the newest first."""
    said = []
    for at, version in enumerate(kept):
        before = kept[at - 1].document if at else None
        changes = plan_documents.changes(before, version.document) if before is not None else []
        said.append(
            Version(
                number=version.number,
                sha256=version.sha256,
                why=_why(match, version, reader),
                at=version.made_at,
                approvals=tuple(_approval(match, event) for event in match.events if event.plan_id == version.id),
                changes=tuple(changes),
            )
        )
    return tuple(reversed(said))


def _why(match: Match, version: PlanVersion, reader: User) -> str:
    if version.cause == plan_versions.COURSES_CHANGED:
        return str(_("Followed the courses, which had changed"))
    if version.made_by is None:
        return str(_("Made out of the two courses when both lecturers had accepted"))
    if version.made_by_id == reader.id:
        return str(_("Changed by you"))
    side = next((side for side in Side if match.course(side).lecturer_id == version.made_by_id), None)
    institution = match.course(side).institution.name if side else ""
    if not institution:
        return str(_("Changed by a lecturer"))
    if not shows_contacts(match):
        return str(_("Changed by the lecturer at %(institution)s", institution=institution))
    return str(_("Changed by %(name)s, %(institution)s", name=version.made_by.name, institution=institution))


def _approval(match: Match, event: MatchEvent) -> Approval:
    name = match.course(event.side).institution.name if event.side else ""
    if event.action is Action.ENDORSE:
        words = _("Approved by the office of %(institution)s, the second person is awaited", institution=name)
    elif event.actor_id is None and approval.office_had_approved(match, event):
        words = str(AFTER_OFFICE_LABEL) % {"institution": name}
    elif event.actor_id is None:
        words = _("Approved by itself: %(institution)s asks nobody to approve", institution=name)
    else:
        words = _("Approved for %(institution)s", institution=name)
    return Approval(str(words), event.at, holds=event.turn == match.turn)
