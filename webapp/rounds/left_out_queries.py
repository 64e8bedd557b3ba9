"""Questions about the courses a round left out."""

from collections.abc import Collection, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import contains_eager

from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.db import db
from webapp.institutions.models import Institution
from webapp.mail.models import OutboxMessage
from webapp.profiles.models import CourseProfile
from webapp.rounds.models import LeftOut

_CODE = LeftOut.reason["code"].as_string()


def _of(round_id: int, person: User) -> sa.Select[LeftOut]:
    """Select a round's left-out courses of the institutions somebody works for."""
    return (
        sa.select(LeftOut)
        .join(LeftOut.course)
        .join(CourseProfile.institution)
        .join(CourseProfile.lecturer)
        .where(LeftOut.round_id == round_id, scope.condition(person))
    )


def listed(
    round_id: int,
    person: User,
    *,
    text: str = "",
    country: str = "",
    code: str = "",
    has_change: bool = False,
    countries: Sequence[str] = (),
) -> sa.Select[LeftOut]:
    """Select them with course, lecturer and institution, by country and title; for ``db.paginate``.

    Parameters
    ----------
    person
        A coordinator or an administrator.
    text
        Only courses whose title or institution contains this text, in any case.
    country
        Only those of this country (ISO 3166-1 alpha-2).
    code
        Only those left out for this reason (code).
    has_change
        Only those a small change would help.
    countries
        Countries (ISO 3166-1 alpha-2) in the order in which they come: that of their names in the reader's language.
    """
    found = _of(round_id, person)
    if text:
        columns = (CourseProfile.title, Institution.name)
        found = found.where(sa.or_(*(column.icontains(text, autoescape=True) for column in columns)))
    if country:
        found = found.where(Institution.country == country)
    if code:
        found = found.where(code == _CODE)
    if has_change:
        found = found.where(LeftOut.change.is_not(None))
    loaded = contains_eager(LeftOut.course)
    return found.options(
        loaded.contains_eager(CourseProfile.institution), loaded.contains_eager(CourseProfile.lecturer)
    ).order_by(*_by_country(countries), CourseProfile.title, CourseProfile.id)


def _by_country(countries: Sequence[str]) -> list[sa.ColumnElement[Any]]:
    places = {code: place for place, code in enumerate(countries)}
    return [sa.case(places, value=Institution.country, else_=len(places))] if places else []


def one(round_id: int, course_id: int, person: User) -> LeftOut | None:
    """Find one of them; None when there is none, or it is of an institution this person does not work for."""
    return db.session.scalar(listed(round_id, person).where(LeftOut.course_id == course_id))


def countries_and_codes(round_id: int, person: User) -> tuple[list[str], list[str]]:
    """List the countries and the reasons (codes) that occur among them."""
    rows = (
        db.session.execute(_of(round_id, person).with_only_columns(Institution.country, _CODE).distinct())
        .tuples()
        .all()
    )
    return sorted({country for country, _ in rows}), sorted({code for _, code in rows if code})


def partners(ids: Collection[int]) -> dict[int, CourseProfile]:
    """Find courses with their institutions, by id."""
    found = (
        sa.select(CourseProfile)
        .join(CourseProfile.institution)
        .where(CourseProfile.id.in_(ids))
        .options(contains_eager(CourseProfile.institution))
    )
    return {row.id: row for row in db.session.scalars(found)}


def letter_key(round_id: int, course_id: int) -> str:
    """Name the letter to the lecturer of a left-out course: there is one for a round."""
    return f"left-out:{round_id}:{course_id}"


def written_to(round_id: int, course_ids: Collection[int]) -> set[int]:
    """Tell to the lecturers of which of these courses somebody has written about this round."""
    keys = {letter_key(round_id, course_id): course_id for course_id in course_ids}
    found = db.session.scalars(sa.select(OutboxMessage.key).where(OutboxMessage.key.in_(keys)))
    return {keys[key] for key in found}
