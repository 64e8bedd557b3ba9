"""Searches that are kept: naming, mail on and off, deleting with undo, and the link in mail."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from webapp.accounts.models import User
from webapp.db import db
from webapp.directory import saved
from webapp.directory.models import SavedSearch

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def mai(app: Flask) -> int:
    """A lecturer in Hanoi."""
    with app.app_context():
        user_id = factories.user(at=factories.institution()).id
        db.session.commit()
    return user_id


def kept(app: Flask) -> list[tuple[str, Mapping[str, Any], bool]]:
    with app.app_context():
        found = sa.select(SavedSearch.name, SavedSearch.query, SavedSearch.wants_mail).order_by(SavedSearch.id)
        return list(db.session.execute(found).tuples())


def search(app: Flask, user_id: int, **fields: Any) -> int:
    with app.app_context():
        made = factories.saved_search(db.session.get_one(User, user_id), **fields).id
        db.session.commit()
    return made


def test_a_search_is_kept_as_its_address_states_it(app: Flask, mai: int, sign_in: SignIn) -> None:
    client = sign_in(mai)
    page = client.get("/directory/saved/new?q=rivers&country=PT&country=FR&page=3&nonsense=1").text
    assert 'value="rivers, Portugal, France"' in page
    action = "/directory/saved?q=rivers&country=PT&country=FR"
    assert action.replace("&", "&amp;") in page
    answer = client.post(action, data={"name": " Rivers ", "wants_mail": "y"})
    assert (answer.status_code, answer.location) == (303, "/directory/saved")
    assert kept(app) == [("Rivers", {"q": ["rivers"], "country": ["PT", "FR"]}, True)]
    page = client.get("/directory/saved").text
    assert "“Rivers” is kept." in page
    assert "/directory?q=rivers&amp;country=PT&amp;country=FR" in page
    assert "Portugal" in page


@pytest.mark.parametrize(
    ("name", "said"),
    [("", "Please give the search a name."), ("rivers", "of this name already"), ("x" * 101, "at most 100 characters")],
)
def test_a_name_that_does_not_do_comes_back_with_what_was_typed(
    app: Flask, mai: int, sign_in: SignIn, name: str, said: str
) -> None:
    search_id, other = search(app, mai), search(app, mai, name="Rain")
    client = sign_in(mai)
    answer = client.post("/directory/saved?q=floods", data={"name": name})
    assert answer.status_code == 422
    assert said in answer.text
    assert "/directory/saved?q=floods" in answer.text
    answer = client.post(f"/directory/saved/{other}/name", data={"name": name})
    assert answer.status_code == 422
    assert said in answer.text
    assert [its[0] for its in kept(app)] == ["Rivers", "Rain"]
    assert client.post(f"/directory/saved/{search_id}/name", data={"name": "RIVERS"}).status_code == 303
    assert [its[0] for its in kept(app)] == ["RIVERS", "Rain"]


def test_there_is_an_end_to_how_many_one_keeps(
    app: Flask, mai: int, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved, "MOST", 1)
    search(app, mai)
    answer = sign_in(mai).post("/directory/saved?q=floods", data={"name": "Floods"})
    assert answer.status_code == 422
    assert "Delete one first" in answer.text


def test_mail_is_turned_off_and_on_and_what_came_meanwhile_is_not_told(app: Flask, mai: int, sign_in: SignIn) -> None:
    search_id, client = search(app, mai), sign_in(mai)
    assert "Stop the mail" in client.get("/directory/saved").text
    client.post(f"/directory/saved/{search_id}/mail", data={"wanted": "0"})
    assert kept(app)[0][2] is False
    assert "No mail is sent about it." in client.get("/directory/saved").text
    client.post(f"/directory/saved/{search_id}/mail", data={"wanted": "1"})
    assert kept(app)[0][2] is True
    with app.app_context():
        assert db.session.get_one(SavedSearch, search_id).looked_at > factories.AT.replace(year=2025)
        assert db.session.get_one(SavedSearch, search_id).looked_at != factories.AT


def test_a_deleted_search_can_be_kept_after_all(app: Flask, mai: int, sign_in: SignIn) -> None:
    search_id, client = search(app, mai), sign_in(mai)
    assert client.post(f"/directory/saved/{search_id}/delete").status_code == 303
    assert kept(app) == []
    page = client.get("/directory/saved").text
    assert "“Rivers” is deleted." in page
    assert 'action="/directory/saved?q=rivers"' in page
    client.post("/directory/saved?q=rivers", data={"name": "Rivers", "wants_mail": "y"})
    assert kept(app) == [("Rivers", {"q": ["rivers"]}, True)]
    assert "is deleted" not in client.get("/directory/saved").text


def test_nobody_touches_somebody_elses_search(app: Flask, mai: int, sign_in: SignIn) -> None:
    search_id = search(app, mai)
    with app.app_context():
        rui = factories.user("rui@ulisboa.example", at=factories.institution("University of Lisbon", "PT")).id
        db.session.commit()
    client = sign_in(rui)
    assert "Rivers" not in client.get("/directory/saved").text
    for what in ("name", "mail", "delete"):
        answer = client.post(f"/directory/saved/{search_id}/{what}", data={"name": "Mine", "wanted": "0"})
        assert answer.status_code == 403
        assert client.post(f"/directory/saved/4711/{what}", data={"name": "Mine"}).status_code == 404
    assert kept(app) == [("Rivers", {"q": ["rivers"]}, True)]
    assert client.post("/directory/saved?q=a", data={"name": "Rivers"}).status_code == 303, "names are one's own"


def test_the_link_in_mail_stops_it_with_one_click_and_opening_it_does_not(app: Flask, mai: int) -> None:
    search_id = search(app, mai)
    app.config["WTF_CSRF_ENABLED"] = True
    with app.test_request_context():
        link = saved.stop_url(db.session.get_one(SavedSearch, search_id)).removeprefix("http://localhost")
    client = app.test_client()
    assert "Shall we no longer write to you about “Rivers”?" in client.get(link).text
    assert kept(app)[0][2] is True
    assert "We no longer write to you about “Rivers”." in client.post(link).text
    assert kept(app)[0][2] is False
    assert client.get(f"{link}x").status_code == client.post("/directory/saved/off/abc").status_code == 404


def test_a_link_of_a_deleted_search_or_a_closed_account_does_nothing(app: Flask, mai: int) -> None:
    search_id = search(app, mai)
    with app.test_request_context():
        link = saved.stop_url(db.session.get_one(SavedSearch, search_id)).removeprefix("http://localhost")
        db.session.get_one(User, mai).closed_at = factories.AT
        db.session.commit()
    assert app.test_client().post(link).status_code == 404
    with app.app_context():
        db.session.get_one(User, mai).closed_at = None
        db.session.delete(db.session.get_one(SavedSearch, search_id))
        db.session.commit()
        # Some databases give the number to the next row.
        factories.saved_search(db.session.get_one(User, mai), id=search_id, saved_at=factories.AT.replace(hour=10))
        db.session.commit()
    assert app.test_client().post(link).status_code == 404
    assert kept(app)[0][2] is True
