"""The pages of the directory."""

import re
from collections.abc import Callable
from html import unescape

import pytest
import sqlalchemy as sa

from matcher.embedders import HashedNgrams
from tests import factories
from tests.webapp.directory.conftest import WATER, Town, course
from webapp.accounts.models import User
from webapp.db import db
from webapp.directory.index import Work
from webapp.profiles.models import CourseProfile, CourseState

OwnTown = Callable[..., Town]


def titles(text: str) -> list[str]:
    """Titles of the courses a page lists, in order."""
    return [unescape(title) for title in re.findall(r'class="course-title"><a[^>]*>([^<]*)</a>', text)]


def words(text: str) -> str:
    """What a page says, without its tags."""
    return " ".join(unescape(re.sub("<[^>]*>", " ", text)).split())


def test_a_lecturer_sees_possible_partners_of_the_first_open_course_best_first(town: Town) -> None:
    answer = town.client("mai").get("/directory")
    assert answer.status_code == 200
    assert titles(answer.text) == ["Rivers and cities", "Tourisme durable"]
    said = words(answer.text)
    assert "2 more courses cannot be partners of yours because of a rule." in said
    assert re.search(r"Score \d+ of 100 (Very good|Good|Fair|Weak) fit", said)
    assert "what counts is known" in said or "Much is unknown" in said


def test_courses_that_cannot_be_partners_come_last_with_the_reason(town: Town) -> None:
    text = town.client("mai").get("/directory?all=1").text
    assert titles(text)[:2] == ["Rivers and cities", "Tourisme durable"]
    assert sorted(titles(text)[2:]) == ["Harbours", "Nursing ethics"]
    assert "Shared teaching weeks: 0; at least needed: 4." in words(text)
    assert words(text).count("of 100") == 2


def test_filters_stand_in_the_address_as_boxes_and_as_chips(town: Town) -> None:
    text = town.client("mai").get("/directory?course=0&country=PT&country=FR&sdg=11&q=water").text
    assert titles(text) == ["Rivers and cities"]
    assert re.search(r'name="country" value="PT" checked', text)
    assert re.search(r'name="q" value="water"', text)
    chips = dict(re.findall(r'class="chip" href="([^"]*)"><span[^>]*>[^<]*</span>([^<]*)', text))
    labels = [unescape(label).strip() for label in chips.values()]
    assert labels == ["the words “water”", "Portugal", "France", "SDG 11: Sustainable cities and communities"]
    assert [href for href, label in chips.items() if "Portugal" in label] == [
        "/directory?q=water&amp;course=0&amp;country=FR&amp;sdg=11"
    ]
    assert 'class="chip-clear" href="/directory?course=0"' in text


def test_the_form_works_with_and_without_javascript(town: Town) -> None:
    text = town.client("mai").get("/directory").text
    form = re.search(r"<form id=\"directory\"[^>]*>", text)
    assert form is not None
    for attribute in ('method="get"', 'action="/directory"', 'hx-get="/directory"', 'hx-push-url="true"'):
        assert attribute in form.group()
    assert '<button type="submit"' in text
    # The usual order says nothing in the address: words typed later may change what is usual.
    assert '<option value="" selected>Best fit</option>' in text
    assert '<option value="newest">Newest</option>' in text
    assert '<option value="" selected>Nearest to the words</option>' in town.client("noor").get("/directory?q=x").text


def test_an_empty_result_names_the_filter_to_drop(town: Town) -> None:
    text = town.client("mai").get("/directory?country=JP&all=1&region=europe").text
    assert "Dropping one of these would show some:" in words(text)
    assert re.search(r'href="/directory\?all=1&amp;region=europe">Country</a>: 3 courses', text)
    assert "only possible partners</a>: 1 course" in town.client("mai").get("/directory?country=JP").text


def test_offices_and_coordinators_search_without_a_course(town: Town) -> None:
    for person in ("office", "noor"):
        text = town.client(person).get("/directory").text
        assert len(titles(text)) == 5
        assert 'name="course"' not in text
        assert "of 100" not in words(text)


def test_names_are_shown_only_where_wanted_and_addresses_never(town: Town) -> None:
    client = town.client("mai")
    pages = [client.get("/directory").text, client.get(f"/courses/{town.ids['water']}/fits").text]
    pages += [client.get(f"/directory/{town.ids[name]}").text for name in ("rivers", "tourism")]
    assert ["Rui Costa" in page for page in pages] == [True, True, True, False]
    for page in pages:
        assert "Ana Martin" not in page
        assert "rui@" not in page
        assert "ana@" not in page


@pytest.mark.parametrize("name", ["hidden", "closed", "paused", "over", "draft"])
def test_a_course_that_is_not_listed_has_no_page(town: Town, name: str) -> None:
    assert town.client("mai").get(f"/directory/{town.ids[name]}").status_code == 404


def test_the_page_of_a_course_says_why_it_fits_mine(town: Town) -> None:
    text = town.client("mai").get(f"/directory/{town.ids['rivers']}").text
    assert "How it fits “Urban water”" in words(text)
    assert "What fits" in words(text)
    assert WATER in words(text)
    assert "/invitation" in text
    ruled_out = town.client("mai").get(f"/directory/{town.ids['nursing']}").text
    assert "These two cannot be paired:" in words(ruled_out)
    assert "/invitation" not in ruled_out
    mine = town.client("mai").get(f"/directory/{town.ids['water']}")
    assert (mine.status_code, mine.location) == (303, f"/courses/{town.ids['water']}")


@pytest.mark.parametrize(("person", "name"), [("mai", "water"), ("mai", "draft"), ("new", "pending")])
def test_who_would_fit_is_shown_for_open_courses_and_drafts(town: Town, person: str, name: str) -> None:
    answer = town.client(person).get(f"/courses/{town.ids[name]}/fits")
    said = words(answer.text)
    assert answer.status_code == 200
    assert "2 open courses could be partners." in said
    assert said.index("Rivers and cities") < said.index("Tourisme durable")
    assert "What rules others out" in said
    assert "Courses that share fewer than 4 teaching weeks with yours: 1." in said


def test_nobody_else_sees_who_would_fit(town: Town) -> None:
    for person in ("rui", "new"):
        assert town.client(person).get(f"/courses/{town.ids['water']}/fits").status_code == 403
    assert town.client("mai").get("/courses/999999/fits").status_code == 404


def test_until_the_index_is_ready_the_database_answers(own_town: OwnTown) -> None:
    town = own_town(embedder=HashedNgrams())
    waiting: list[Work] = []
    town.app.extensions["directory"].index.run = waiting.append
    client = town.client("mai")
    page = client.get("/directory?q=WATER&country=PT")
    assert sorted(titles(page.text)) == ["Harbours", "Rivers and cities"]
    assert "are being prepared" in words(page.text)
    assert 'name="country" value="PT"' in page.text
    fits = client.get(f"/courses/{town.ids['water']}/fits").text
    assert "The open courses are being read" in words(fits)
    assert 'hx-trigger="load delay:2s"' in fits
    assert "look again in a moment" in words(client.get(f"/directory/{town.ids['rivers']}").text)
    waiting[0]()
    assert titles(client.get("/directory?country=PT").text) == ["Rivers and cities"]


def test_a_course_that_closed_a_moment_ago_is_not_shown(own_town: OwnTown, monkeypatch: pytest.MonkeyPatch) -> None:
    town = own_town(embedder=HashedNgrams())
    client, index = town.client("mai"), town.app.extensions["directory"].index
    assert "Rivers and cities" in titles(client.get("/directory").text)
    with town.app.app_context():
        db.session.get_one(CourseProfile, town.ids["rivers"]).state = CourseState.PAUSED
        db.session.commit()
    monkeypatch.setattr(index, "look", lambda _now: index._snapshot)
    assert titles(client.get("/directory").text) == ["Tourisme durable"]


def test_a_course_nobody_can_read_is_explained(own_town: OwnTown) -> None:
    town = own_town(embedder=HashedNgrams())
    with town.app.app_context():
        db.session.get_one(CourseProfile, town.ids["water"]).exchange_languages = {"en": "very good"}
        db.session.commit()
    client = town.client("mai")
    assert "cannot be compared: something in it cannot be read" in words(client.get("/directory").text)
    assert "cannot be compared yet" in words(client.get(f"/courses/{town.ids['water']}/fits").text)


def test_the_number_of_queries_does_not_grow_with_the_rows(own_town: OwnTown) -> None:
    town = own_town(embedder=HashedNgrams())
    client = town.client("mai")
    with town.app.app_context():
        engine = db.engine
    asked: list[str] = []
    sa.event.listen(engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    pages = ("/directory", "/directory?q=water&region=europe", f"/courses/{town.ids['water']}/fits")
    numbers: dict[str, list[int]] = {page: [] for page in pages}
    for n_more in (5, 45):
        with town.app.app_context():
            rui = db.session.get_one(User, town.people["rui"])
            for number in range(n_more):
                course(rui, f"River {number} of {n_more}", WATER, updated_at=factories.AT)
            db.session.commit()
        client.get("/directory")
        for page in pages:
            asked.clear()
            assert client.get(page).status_code == 200
            numbers[page].append(len(asked))
    assert all(few == many for few, many in numbers.values()), numbers
    assert len(titles(client.get("/directory").text)) == 20
    assert len(titles(client.get("/directory?page=3").text)) == 12
