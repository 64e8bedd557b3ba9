"""Whom a change of the plan asks again is said as it is, also where an institution asks nobody."""

import pytest
from flask import Flask

from tests.webapp.matches.conftest import Scene, policy
from tests.webapp.matches.test_plan_views import send
from tests.webapp.matches.test_views import SignIn, prepare
from webapp.institutions.models import Chain
from webapp.matches.lifecycle import Action, Side


@pytest.mark.parametrize(
    ("alone", "before", "button", "after"),
    [
        (
            [Side.A],
            "the office of University of Lisbon sees what changed and is asked again",
            "Save and ask the office again",
            "Saved as version 2. The office of University of Lisbon is asked again.",
        ),
        (list(Side), "", "Save the plan", "Saved as version 2.</"),
    ],
)
def test_only_offices_that_are_asked_are_announced(
    app: Flask, sign_in: SignIn, alone: list[Side], before: str, button: str, after: str
) -> None:
    def stage(scene: Scene) -> None:
        for side in alone:
            policy(scene, side, chain=Chain.NONE)
        scene.act(Action.ACCEPT, scene.mai)
        scene.act(Action.ACCEPT, scene.rui)
        if len(alone) == 1:
            scene.act(Action.APPROVE, scene.office_b)

    ids = prepare(app, stage)
    mai = sign_in(ids.people["mai"])
    page = mai.get(f"/matches/{ids.match}/plan/edit").text
    assert before in page
    assert ("asked again" in page) == bool(before)
    assert button in page
    assert send(mai, ids, contingency="Each goes on alone.")[0] == 303
    assert after in mai.get(f"/matches/{ids.match}/plan").text
