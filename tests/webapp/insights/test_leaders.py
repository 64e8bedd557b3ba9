"""Who leads is what the newest version of the plan says, else what the round wrote; else nobody is named."""

from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa
from flask import Flask

from tests import factories
from tests.webapp.insights.market import build
from webapp.db import db
from webapp.insights import queries
from webapp.insights.facts import Leader
from webapp.matches.models import Match, PlanVersion


@pytest.mark.parametrize(
    ("explanation", "plans", "leader"),
    [
        ({}, [], Leader.UNSAID),
        ({"lead": None}, [], Leader.UNSAID),
        ({"lead": "a"}, [], Leader.ASIA),
        ({"lead": "b"}, [], Leader.EUROPE),
        ({"lead": "a"}, [{"leader": "b"}], Leader.EUROPE),
        ({"lead": "a"}, [{"leader": "b"}, {"leader": "both"}], Leader.BOTH),
        ({"lead": "a"}, [{"leader": "b"}, {"leader": None}], Leader.ASIA),
        ({"lead": "b"}, [{"weeks": None}], Leader.EUROPE),
        ({}, [{"leader": "a"}], Leader.ASIA),
        ({"lead": "a"}, [{"leader": "somebody"}], Leader.UNSAID),
    ],
)
def test_the_newest_version_of_a_plan_goes_before_what_the_round_wrote(
    context: Flask, explanation: dict[str, object], plans: list[dict[str, object]], leader: Leader
) -> None:
    build(1)
    match = db.session.scalars(sa.select(Match)).one()
    match.explanation = explanation
    db.session.execute(sa.delete(PlanVersion))
    versions = list(enumerate(plans, 1))
    Random(3).shuffle(versions)
    for number, document in versions:
        db.session.add(
            PlanVersion(
                match=match, number=number, document=document, sha256="0" * 64, cause="edited",
                made_at=factories.AT - timedelta(days=number),
            )
        )  # fmt: skip
        db.session.flush()
    assert [pair.leader for pair in queries.load(None).pairs] == [leader]
