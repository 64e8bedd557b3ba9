"""The console's pages: what each state of a round shows, what a step answers, and whose pairs one sees."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.db import db
from webapp.matches.lifecycle import State
from webapp.matches.models import Match
from webapp.rounds.matching import week_of
from webapp.rounds.models import Round, RoundPair, RoundState

SignIn = Callable[[int], FlaskClient]

THIS_WEEK = week_of(datetime.now(UTC))


def page(sign_in: SignIn, town: dict[str, int], query: str = "", who: str = "coordinator") -> str:
    """The page of the draft."""
    answer = sign_in(town[who]).get(f"/rounds/{town['draft']}{query}")
    assert answer.status_code == 200
    return answer.text


def set_round(app: Flask, round_id: int, **fields: Any) -> None:
    """Change a round behind everybody's back."""
    with app.app_context():
        db.session.execute(sa.update(Round).where(Round.id == round_id).values(**fields))
        db.session.commit()


def test_a_draft_shows_its_pairs_the_best_first_with_what_to_look_at(sign_in: SignIn, town: dict[str, int]) -> None:
    shown = page(sign_in, town)
    assert "Nobody has been told of these pairs yet." in shown
    assert "3 pairs." in shown
    assert shown.index("Rivers of Hanoi") < shown.index("Rivers of Kyoto") < shown.index("Rivers of Hue")
    assert "warning=sizes_apart#pairs" in shown
    assert shown.count("Class sizes far apart") == 3
    assert "Was kept together in this run" in shown


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("?text=hue+univ", {"Hue"}),
        ("?country=JP", {"Kyoto"}),
        ("?warning=sizes_apart", {"Kyoto"}),
        ("?locked=locked", {"Hue"}),
        ("?locked=free", {"Hanoi", "Kyoto"}),
        ("?at_least=61", {"Hanoi", "Kyoto"}),
        ("?at_least=50&at_most=61", {"Kyoto"}),
        ("?at_least=much&warning=lost&order=no&country=XX", {"Hanoi", "Kyoto", "Hue"}),
    ],
)
def test_each_filter_narrows_the_pairs(sign_in: SignIn, town: dict[str, int], query: str, names: set[str]) -> None:
    shown = page(sign_in, town, query)
    assert {name for name in ("Hanoi", "Kyoto", "Hue") if f"Rivers of {name}" in shown} == names


def test_the_order_stands_in_the_address(sign_in: SignIn, town: dict[str, int]) -> None:
    shown = page(sign_in, town, "?order=worst")
    assert shown.index("Rivers of Hue") < shown.index("Rivers of Hanoi")


def test_a_page_behind_the_last_is_the_last_one(sign_in: SignIn, town: dict[str, int]) -> None:
    shown = page(sign_in, town, "?page=99")
    assert "Rivers of Hanoi" in shown
    assert "found no pair" not in shown
    assert "No pair is like this" in page(sign_in, town, "?text=%25&page=99")
    assert "No round has run yet" not in sign_in(town["coordinator"]).get("/rounds?page=99").text


def test_filters_that_nothing_meets_say_so(sign_in: SignIn, town: dict[str, int]) -> None:
    assert "No pair is like this" in page(sign_in, town, "?text=%25")


def test_a_coordinator_of_countries_sees_and_decides_their_own_pairs_only(
    sign_in: SignIn, town: dict[str, int]
) -> None:
    shown = page(sign_in, town, who="vietnam")
    assert "Rivers of Hanoi" in shown
    assert "Rivers of Kyoto" not in shown
    assert "Run again" not in shown
    browser = sign_in(town["vietnam"])
    assert browser.get(f"/rounds/{town['draft']}/pairs/{town['hanoi']}").status_code == 200
    assert browser.get(f"/rounds/{town['draft']}/pairs/{town['kyoto']}").status_code == 403
    assert browser.get(f"/rounds/{town['draft']}/publish").status_code == 403
    assert browser.post("/rounds").status_code == 403
    assert browser.get(f"/rounds/decisions/places/{town['kyoto_a']}").status_code == 403


def test_a_pair_opens_as_a_part_of_the_list_and_as_a_page_of_its_own(sign_in: SignIn, town: dict[str, int]) -> None:
    browser, path = sign_in(town["coordinator"]), f"/rounds/{town['draft']}/pairs/{town['hanoi']}"
    assert "<html" in browser.get(path).text
    part = browser.get(path, headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert "Keep together" in part
    assert browser.get(f"/rounds/{town['draft']}/pairs/999").status_code == 404


def test_a_pair_whose_course_was_changed_says_that_it_will_not_be_published(
    app: Flask, sign_in: SignIn, town: dict[str, int]
) -> None:
    with app.app_context():
        db.session.execute(sa.update(RoundPair).where(RoundPair.id == town["hanoi"]).values(version_a=7))
        db.session.commit()
    assert "One pair has a course that was changed since" in page(sign_in, town)
    preview = sign_in(town["coordinator"]).get(f"/rounds/{town['draft']}/publish").text
    assert "2 pairs are proposed." in preview


def test_the_preview_says_who_gets_mail_and_publishing_does_it_once(
    app: Flask, sign_in: SignIn, town: dict[str, int]
) -> None:
    browser = sign_in(town["coordinator"])
    preview = browser.get(f"/rounds/{town['draft']}/publish").text
    assert "3 pairs are proposed." in preview
    assert "6 lecturers with proposals" in preview
    assert "3 coordinators" in preview
    assert browser.post(f"/rounds/{town['draft']}/publish").status_code == 303
    assert browser.post(f"/rounds/{town['draft']}/publish").status_code == 409
    assert browser.get(f"/rounds/{town['draft']}/publish").status_code == 409
    with app.app_context():
        assert db.session.scalar(sa.select(sa.func.count(Match.id))) == 3
        assert db.session.get_one(Round, town["draft"]).published_week == THIS_WEEK


def test_a_second_draft_of_a_week_that_is_taken_is_refused(app: Flask, sign_in: SignIn, town: dict[str, int]) -> None:
    with app.app_context():
        factories.round_(THIS_WEEK)
        db.session.commit()
    browser = sign_in(town["coordinator"])
    assert "published already" in browser.get(f"/rounds/{town['draft']}/publish").text
    answer = browser.post(f"/rounds/{town['draft']}/publish")
    assert answer.status_code == 409
    assert "A round of this week has been published already." in answer.text


def test_a_published_round_is_taken_back_from_its_page(app: Flask, sign_in: SignIn, town: dict[str, int]) -> None:
    browser = sign_in(town["coordinator"])
    browser.post(f"/rounds/{town['draft']}/publish")
    assert "Take this round back" in browser.get(f"/rounds/{town['draft']}").text
    assert browser.post(f"/rounds/{town['draft']}/take-back").status_code == 303
    assert browser.post(f"/rounds/{town['draft']}/take-back").status_code == 409
    with app.app_context():
        assert set(db.session.scalars(sa.select(Match.state))) == {State.TAKEN_BACK}
    assert "its pairs count as never proposed" in browser.get(f"/rounds/{town['draft']}").text


def test_a_round_is_asked_for_watched_and_stopped(app: Flask, sign_in: SignIn, town: dict[str, int]) -> None:
    browser = sign_in(town["coordinator"])
    answer = browser.post("/rounds")
    assert answer.status_code == 303
    round_id = int(answer.location.rpartition("/")[2])
    asked_for = browser.get(answer.location).text
    assert "The computation begins within ten seconds." in asked_for
    assert "You asked for a round. Its page shows how far it is." in asked_for
    refused = browser.post("/rounds")
    assert refused.status_code == 409
    assert f'href="/rounds/{round_id}">Go to that round</a>' in refused.text
    set_round(app, round_id, started_at=factories.AT - timedelta(days=30))
    assert "the scheduler may not be running" in browser.get(answer.location).text
    progress = {"tries": 1, "what": "comparing", "done": 30, "total": 100}
    set_round(app, round_id, state=RoundState.COMPUTING, progress=progress)
    part = browser.get(f"/rounds/{round_id}/progress")
    assert "Comparing all pairs: 30 of 100" in part.text
    assert 'hx-trigger="load delay:2s"' in part.text
    assert "HX-Redirect" not in part.headers
    assert browser.post(f"/rounds/{round_id}/discard").status_code == 409
    assert browser.post(f"/rounds/{round_id}/stop").status_code == 303
    assert browser.post(f"/rounds/{round_id}/stop").status_code == 409
    stopped = browser.get(answer.location).text
    assert "Stopped before its computation was over" in stopped
    assert "found no pair" not in stopped


def test_the_page_of_a_computation_goes_on_to_the_draft_and_its_old_form_stops_no_draft(
    app: Flask, sign_in: SignIn, town: dict[str, int]
) -> None:
    browser, address = sign_in(town["coordinator"]), f"/rounds/{town['draft']}"
    set_round(app, town["draft"], state=RoundState.COMPUTING)
    old_page = browser.get(address).text
    assert f'action="{address}/stop"' in old_page
    assert f'<a href="{address}">Look again</a>' in old_page
    set_round(app, town["draft"], state=RoundState.DRAFT)
    part = browser.get(f"{address}/progress")
    assert part.headers["HX-Redirect"] == address
    assert "Show what it found" in part.text
    assert "hx-trigger" not in part.text
    late = browser.post(f"{address}/stop")
    assert late.status_code == 409
    assert "there is nothing to stop. What it found is kept." in late.text
    assert f'href="{address}">Go to that round</a>' in late.text
    draft = browser.get(address).text
    assert "Stop this round" not in draft
    assert "3 pairs." in draft
    assert browser.post(f"{address}/discard").status_code == 303
    assert browser.post(f"{address}/discard").status_code == 409


def test_a_failed_round_says_what_went_wrong_and_can_be_run_again(
    app: Flask, sign_in: SignIn, town: dict[str, int]
) -> None:
    set_round(app, town["draft"], state=RoundState.FAILED, error="MemoryError: no room")
    shown = page(sign_in, town)
    assert "MemoryError: no room" in shown
    answer = sign_in(town["coordinator"]).post(f"/rounds/{town['draft']}/again")
    assert answer.status_code == 303
    with app.app_context():
        again = db.session.get_one(Round, int(answer.location.rpartition("/")[2]))
        assert (again.based_on_id, again.asked_by_id) == (town["draft"], town["coordinator"])


def test_the_list_says_when_the_next_round_comes_and_which_drafts_wait(sign_in: SignIn, town: dict[str, int]) -> None:
    shown = sign_in(town["coordinator"]).get("/rounds").text
    assert "Next round: Mon" in shown
    assert "It publishes itself." in shown
    assert "Start a round now" in shown
    assert shown.count("Draft") >= 2
    assert "Start a round now" not in sign_in(town["vietnam"]).get("/rounds").text


def test_two_runs_are_compared_pair_by_pair(app: Flask, sign_in: SignIn, town: dict[str, int]) -> None:
    browser = sign_in(town["coordinator"])
    assert "There is no other round yet" in browser.get(f"/rounds/{town['draft']}/compare").text
    with app.app_context():
        again = factories.round_(
            "2026-W48", state=RoundState.DRAFT, published_week=None, based_on_id=town["draft"], n_matches=1
        )
        first = db.session.get_one(RoundPair, town["hanoi"])
        db.session.add(
            RoundPair(
                round_id=again.id, course_a_id=first.course_a_id, course_b_id=first.course_b_id,
                version_a=1, version_b=1, score=0.9, confidence=0.5, explanation={},
            )
        )  # fmt: skip
        again_id = again.id
        db.session.commit()
    shown = browser.get(f"/rounds/{again_id}/compare").text
    assert "+8" in shown
    assert shown.count("Rivers of") == 3
    only = browser.get(f"/rounds/{again_id}/compare?found=there&page=99").text
    assert "Rivers of Kyoto" in only
    assert "Rivers of Hanoi" not in only
    partial = sign_in(town["vietnam"]).get(f"/rounds/{again_id}/compare").text
    assert "Rivers of Kyoto" not in partial


def test_the_home_page_names_the_drafts_that_wait_for_a_coordinator_of_all(
    sign_in: SignIn, town: dict[str, int]
) -> None:
    home = sign_in(town["coordinator"]).get("/").text
    assert "Drafts of rounds" in home
    assert "3 pairs, told to nobody yet" in home
    assert "Drafts of rounds" not in sign_in(town["vietnam"]).get("/").text


def test_a_list_of_pairs_takes_no_more_queries_the_longer_it_is(
    app: Flask, sign_in: SignIn, town: dict[str, int]
) -> None:
    asked: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        asked.append(statement)

    with app.app_context():
        engine = db.engine
    browser, numbers = sign_in(town["coordinator"]), []
    for query in ("?text=hue+univ", ""):
        sa.event.listen(engine, "before_cursor_execute", note)
        browser.get(f"/rounds/{town['draft']}{query}")
        sa.event.remove(engine, "before_cursor_execute", note)
        numbers.append(len(asked))
        asked.clear()
    assert numbers[0] == numbers[1]
