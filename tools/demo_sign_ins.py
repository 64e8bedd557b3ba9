"""Whom one can be in the demonstration: the people around its best proposal, and those who see everything."""

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import selectinload

from webapp.db import db, reading
from webapp.demo.people import ADMINISTRATOR, COORDINATOR, PASSWORD, office_address
from webapp.matches.lifecycle import State
from webapp.matches.models import Match


def best_proposal() -> Match | None:
    """Find the open proposal with the highest score, English-speaking on both sides if there is one."""
    with reading():
        waiting = db.session.scalars(
            sa.select(Match)
            .where(Match.state == State.PROPOSED)
            .options(selectinload(Match.course_a), selectinload(Match.course_b))
            .order_by(Match.score.desc(), Match.id)
        ).all()
    in_english = (m for m in waiting if {m.course_a.lecturer.language, m.course_b.lecturer.language} == {"en"})
    return next(in_english, waiting[0] if waiting else None)


def sign_ins(match: Match | None) -> list[tuple[str, str]]:
    """List roles and addresses, in the order in which one would try them."""
    people = []
    if match is not None:
        for side, course in (("Asia", match.course_a), ("Europe", match.course_b)):
            people.append((f"Lecturer in {side}", course.lecturer.email))
        for side, course in (("Asia", match.course_a), ("Europe", match.course_b)):
            people.append((f"International office in {side}", office_address(course.institution.code or "")))
    return [*people, ("Coordinator", COORDINATOR), ("Administrator", ADMINISTRATOR)]


def print_sign_ins(app: Flask) -> None:
    """Print whom one can be, and the proposal they can carry to its approval."""
    with app.app_context():
        match = best_proposal()
        people = sign_ins(match)
        print("\nSign in as one of")
        for role, address in people:
            print(f"  {role:32} {address}")
        print(f"with the password                  {PASSWORD}")
        if match is not None:
            address = f"{app.config['SETTINGS'].public_url}/matches/{match.id}"
            print(f"The first four can take this proposal to its approval:  {address}")
