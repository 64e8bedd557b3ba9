"""Which institutions a coordinator works for, asked of a row and of the database."""

from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from webapp.access import Role
from webapp.accounts import scope
from webapp.accounts.models import User
from webapp.db import db
from webapp.institutions.models import Institution

ALL = {"Hanoi", "Kyoto", "Lisbon", "Paris"}
PEOPLE = [
    ({"role": Role.ADMINISTRATOR}, ALL),
    ({"role": Role.COORDINATOR}, ALL),
    ({"role": Role.COORDINATOR, "countries": ["VN", "FR"]}, {"Hanoi", "Paris"}),
    ({"role": Role.COORDINATOR, "network": 'Ponts "d’été" 川'}, {"Kyoto", "Lisbon"}),
    ({"role": Role.COORDINATOR, "network": "Ponts"}, set()),
    ({"role": Role.COORDINATOR, "network": "%"}, set()),
    ({"role": Role.COORDINATOR, "countries": ["PT"], "network": "AUN"}, {"Hanoi", "Lisbon"}),
    ({"role": Role.OFFICE, "countries": ["VN"], "network": "AUN"}, set()),
    ({"role": Role.LECTURER}, set()),
]


@pytest.mark.parametrize(("facts", "covered"), PEOPLE)
def test_row_and_query_give_the_same_institutions(context: Flask, facts: dict[str, Any], covered: set[str]) -> None:
    rows = [
        factories.institution("Hanoi", "VN", networks=["AUN"]),
        factories.institution("Kyoto", "JP", networks=["AUNT", 'Ponts "d’été" 川']),
        factories.institution("Lisbon", "PT", networks=['Ponts "d’été" 川']),
        factories.institution("Paris", "FR"),
    ]
    person = User(name="Noor", email="noor@asem.example", **({"countries": [], "network": ""} | facts))
    assert {row.name for row in rows if scope.covers(person, row)} == covered
    found = db.session.scalars(sa.select(Institution.name).where(scope.condition(person))).all()
    assert set(found) & ALL == covered
