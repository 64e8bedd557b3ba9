"""The pages of a plan: reading, changing, keeping and printing it, and who may."""

import hashlib
import json
import re
from collections.abc import Callable

import pytest
from bs4 import BeautifulSoup
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.matches.conftest import Scene
from tests.webapp.matches.test_views import Ids, SignIn, prepare, stored
from webapp.access import Role
from webapp.db import db
from webapp.matches import plan_versions
from webapp.matches.lifecycle import State
from webapp.matches.models import Match


def in_state(state: State) -> Callable[[Scene], object]:
    """Bring the scene's match into a state before the test."""
    return lambda scene: scene.go_to(state)


def form_of(client: FlaskClient, ids: Ids) -> dict[str, str | list[str]]:
    """What a browser would send if the form of the plan were sent as it is."""
    page = BeautifulSoup(client.get(f"/matches/{ids.match}/plan/edit").text, "html.parser")
    form = page.select_one("main form")
    assert form is not None
    sent: dict[str, str | list[str]] = {}
    for box in form.select("input, textarea"):
        if box.get("type") == "checkbox":
            if box.has_attr("checked"):
                sent.setdefault(str(box["name"]), []).append(str(box["value"]))  # type: ignore[union-attr]
        else:
            sent[str(box["name"])] = str(box.get("value") or box.text.strip())
    for menu in form.select("select"):
        chosen = menu.select_one("option[selected]") or menu.select_one("option")
        sent[str(menu["name"])] = str(chosen["value"]) if chosen else ""
    return sent


def send(client: FlaskClient, ids: Ids, **changes: str) -> tuple[int, str]:
    """Open the form, change fields, send it."""
    answer = client.post(f"/matches/{ids.match}/plan/edit", data=form_of(client, ids) | changes)
    return answer.status_code, answer.text


@pytest.mark.parametrize("page", ["plan", "plan/versions/1", "plan/versions/1.json"])
def test_both_sides_and_those_who_oversee_read_a_plan_and_nobody_else(app: Flask, sign_in: SignIn, page: str) -> None:
    ids = prepare(app, in_state(State.ACCEPTED))
    codes = {name: sign_in(ids.people[name]).get(f"/matches/{ids.match}/{page}").status_code for name in ids.people}
    refused = {name for name, code in codes.items() if code == 403}
    assert refused == {"stranger", "other_office"}
    assert set(codes.values()) == {200, 403}


def test_only_the_lecturers_open_its_form(app: Flask, sign_in: SignIn) -> None:
    ids = prepare(app, in_state(State.ACCEPTED))
    page = f"/matches/{ids.match}/plan/edit"
    let_in = {name for name, person in ids.people.items() if sign_in(person).get(page).status_code == 200}
    assert let_in == {"mai", "rui"}
    let_save = {name for name, person in ids.people.items() if sign_in(person).post(page).status_code != 403}
    assert let_save == {"mai", "rui"}


def test_the_page_says_each_part_in_words(app: Flask, sign_in: SignIn) -> None:
    def filled(scene: Scene) -> None:
        scene.match.course_a.students, scene.match.course_a.level = 25, "bachelor"
        scene.match.course_a.institution.privacy_regime = "national"
        scene.match.course_a.institution.credit_system = "VN-TINCHI"
        scene.match.course_b.institution.transfer_basis = "clauses"
        scene.go_to(State.ACCEPTED)

    ids = prepare(app, filled)
    text = sign_in(ids.people["office_a"]).get(f"/matches/{ids.match}/plan").text
    for words in (
        "25 students",
        "Vietnamese credits",
        "The data-protection law of Vietnam",
        "Standard contractual clauses",
        "Only counts, no names",
        "8 weeks, Mon, 22 Feb 2027 to Fri, 16 Apr 2027",
        "Made out of the two courses when both lecturers had accepted",
        "Nobody has approved this version yet.",
        "Not yet said: Who leads, Students, Way of working, Tools both can use, Live hours, Credit system, Credit and"
        " If one side falls away.",
        "If one side falls away",
        '<span class="line quiet">Mai</span>',
        '<span class="line quiet">Rui</span>',
    ):
        assert words in text, words
    assert "Change the plan" not in text


def test_a_plan_that_does_not_exist_yet_says_when_it_will(app: Flask, sign_in: SignIn) -> None:
    ids = prepare(app)
    mai = sign_in(ids.people["mai"])
    assert "There is no plan yet" in mai.get(f"/matches/{ids.match}/plan").text
    assert mai.get(f"/matches/{ids.match}/plan/edit").status_code == 409
    assert mai.get(f"/matches/{ids.match}/plan/versions/1").status_code == 404
    assert mai.get(f"/matches/{ids.match}/plan/versions/1.json").status_code == 404
    assert "Read the whole plan" not in mai.get(f"/matches/{ids.match}").text


def test_the_fingerprint_is_that_of_the_file_one_downloads(app: Flask, sign_in: SignIn) -> None:
    ids = prepare(app, in_state(State.ACCEPTED))
    rui = sign_in(ids.people["rui"])
    send(rui, ids, contingency="Ça continue: 水")
    for number in (1, 2):
        file = rui.get(f"/matches/{ids.match}/plan/versions/{number}.json")
        assert file.mimetype == "application/json"
        sha256 = hashlib.sha256(file.data).hexdigest()
        assert sha256 in rui.get(f"/matches/{ids.match}/plan/versions/{number}").text
        assert sha256[:12] in rui.get(f"/matches/{ids.match}/plan").text
    assert json.loads(file.data)["contingency"] == "Ça continue: 水"
    assert f"sha256sum causeway-plan-{ids.match}-2.json" in rui.get(f"/matches/{ids.match}/plan").text
    assert f"causeway-plan-{ids.match}-2.json" in file.headers["Content-Disposition"]


def test_the_match_page_leads_to_the_plan(app: Flask, sign_in: SignIn) -> None:
    ids = prepare(app, in_state(State.ACCEPTED))
    text = sign_in(ids.people["office_b"]).get(f"/matches/{ids.match}").text
    assert f'href="/matches/{ids.match}/plan"' in text
    with app.app_context():
        standing = plan_versions.current(db.session.get_one(Match, ids.match))
        assert standing is not None
        assert standing.sha256[:12] in text


def test_a_change_after_approval_asks_again_and_shows_what_changed(app: Flask, sign_in: SignIn) -> None:
    ids = prepare(app, in_state(State.APPROVED))
    mai, office = sign_in(ids.people["mai"]), sign_in(ids.people["office_b"])
    assert "both offices see what changed and are asked again" in mai.get(f"/matches/{ids.match}/plan/edit").text
    status, _page = send(mai, ids, a_from="25", a_to="30", contingency="Each goes on alone.", a_number="1,50")
    assert status == 303
    assert stored(app, ids.match)[0] is State.ACCEPTED
    assert "Saved as version 2. Both offices are asked again." in mai.get(f"/matches/{ids.match}/plan").text
    page = BeautifulSoup(office.get(f"/matches/{ids.match}/plan").text, "html.parser")
    first = page.select("ol.plan-versions > li")[0]
    changed = {it.select_one(".plan-part").text: it for it in first.select(".plan-changes > li")}  # type: ignore[union-attr]
    assert set(changed) == {"Students, Hanoi University", "Credit, Hanoi University", "If one side falls away"}
    words = re.sub(r"\s+", " ", changed["Students, Hanoi University"].text).strip()
    assert words == "Students, Hanoi University Before: Not yet said Now: 25 to 30 students"
    assert "Credit points: 1.5" in changed["Credit, Hanoi University"].text
    second = page.select("ol.plan-versions > li")[1].text
    assert "Approved for Hanoi University" in second
    assert "(asked again since)" in second
    asked = office.get(f"/matches/{ids.match}").text
    assert "University of Lisbon approved version 1. Since then the plan has changed:" in asked
    assert "25 to 30 students" in asked
    assert "approved version 1. Since then" not in mai.get(f"/matches/{ids.match}/plan").text


def test_sending_the_form_as_it_is_changes_nothing(app: Flask, sign_in: SignIn) -> None:
    def filled(scene: Scene) -> None:
        a, b = scene.match.course_a, scene.match.course_b
        a.students, a.students_most, b.students = 20, 30, 18
        a.tools = b.tools = ["zoom", "padlet", "our own wiki"]
        a.mode = b.mode = "mixed"
        scene.match.explanation = {**scene.match.explanation, "lead": "b"}
        scene.go_to(State.APPROVED)

    ids = prepare(app, filled)
    mai = sign_in(ids.people["mai"])
    status, _page = send(mai, ids)
    assert status == 303
    assert "Nothing was changed" in mai.get(f"/matches/{ids.match}/plan").text
    assert stored(app, ids.match)[0] is State.APPROVED
    with app.app_context():
        assert len(plan_versions.all_of(db.session.get_one(Match, ids.match))) == 1


def test_of_two_who_edit_at_once_the_later_sees_both_versions(app: Flask, sign_in: SignIn) -> None:
    ids = prepare(app, in_state(State.ACCEPTED))
    mai, rui = sign_in(ids.people["mai"]), sign_in(ids.people["rui"])
    opened = form_of(rui, ids)
    assert send(mai, ids, contingency="Mai's words")[0] == 303
    late = rui.post(f"/matches/{ids.match}/plan/edit", data=opened | {"contingency": "Rui's words"})
    assert late.status_code == 409
    page = BeautifulSoup(late.text, "html.parser")
    table = page.select_one("table.plan-differences")
    assert table is not None
    assert "Mai's words" in table.text
    assert "Rui's words" in table.text
    assert page.select_one("textarea[name=contingency]").text.strip() == "Rui's words"  # type: ignore[union-attr]
    # Saved again knowingly, what was typed stands.
    again = {"version": page.select_one("input[name=version]")["value"]}  # type: ignore[index]
    late = rui.post(f"/matches/{ids.match}/plan/edit", data=opened | {"contingency": "Rui's words"} | again)
    assert late.status_code == 303
    with app.app_context():
        kept = plan_versions.all_of(db.session.get_one(Match, ids.match))
        assert [it.document["contingency"] for it in kept] == ["", "Mai's words", "Rui's words"]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"a_from": "many"}, "Students, from, Hanoi University: Write a whole number"),
        ({"b_from": "30", "b_to": "20"}, "Students, to, University of Lisbon: This is smaller"),
        ({"b_from": "", "b_to": "20"}, "Students, from, University of Lisbon: Give the smallest number too"),
        ({"last": ""}, "Last day of the exchange: Give both days and the number of weeks"),
        ({"first": "2027-04-30"}, "Last day of the exchange: The last day comes before the first one."),
        (
            {"first": "2027-01-04"},
            "First day of the exchange: At Hanoi University teaching begins on Mon, 15 Feb 2027.",
        ),
        ({"count": "40"}, "Weeks of working together: The two days span"),
        ({"a_number": "two"}, "Credit points, Hanoi University: Write a number of credit points"),
        ({"b_number": "2", "b_recognised": "none"}, "Credit points, University of Lisbon: Leave the points empty"),
        ({"mode": "by telepathy"}, "Way of working: Choose one of the entries of the list."),
        ({"leader": "c"}, "Who leads: Choose one of the entries of the list."),
    ],
)
def test_what_cannot_be_is_named_by_its_field_and_nothing_typed_is_lost(
    app: Flask, sign_in: SignIn, fields: dict[str, str], said: str
) -> None:
    ids = prepare(app, in_state(State.ACCEPTED))
    status, text = send(sign_in(ids.people["rui"]), ids, contingency="Typed before the mistake", **fields)
    assert status == 422
    page = BeautifulSoup(text, "html.parser")
    problems = [re.sub(r"\s+", " ", it.text).strip() for it in page.select(".error-summary li")]
    assert any(problem.startswith(said) for problem in problems), problems
    assert "Typed before the mistake" in text
    for link in page.select(".error-summary a"):
        assert page.select_one(str(link["href"])), link["href"]
    with app.app_context():
        assert len(plan_versions.all_of(db.session.get_one(Match, ids.match))) == 1


def test_all_parts_a_lecturer_may_write_are_kept(app: Flask, sign_in: SignIn) -> None:
    ids = prepare(app, in_state(State.ACCEPTED))
    mai = sign_in(ids.people["mai"])
    status, _page = send(
        mai, ids, leader="both", first="2027-03-01", last="2027-03-26", count="4", mode="asynchronous",
        tools="padlet", tools_other="Our own wiki", b_from="18", b_number="2", b_recognised="part",
        b_words="Module GEO-2", sharing="names", sharing_words="Deleted in July.", contingency="One\nTwo",
    )  # fmt: skip
    assert status == 303
    with app.app_context():
        standing = plan_versions.current(db.session.get_one(Match, ids.match))
        assert standing is not None
        document = standing.document
    assert document["leader"] == "both"
    assert document["weeks"] == {"first": "2027-03-01", "last": "2027-03-26", "count": 4}
    assert document["mode"] == "asynchronous"
    assert "padlet" in document["tools"]
    assert document["credit"]["b"] == {"number": "2", "recognised": "part", "words": "Module GEO-2"}
    assert document["students"]["b"] == {"from": 18, "to": 18}
    assert document["sharing"] == {"what": "names", "words": "Deleted in July."}
    assert document["contingency"] == "One\nTwo"
    text = mai.get(f"/matches/{ids.match}/plan").text
    assert "Written by the lecturers" in text
    assert "Changed by you" in text


def test_a_plan_that_rests_says_so_instead_of_a_form(app: Flask, sign_in: SignIn) -> None:
    ids = prepare(app, in_state(State.ACTIVE))
    mai = sign_in(ids.people["mai"])
    assert "Change the plan" not in mai.get(f"/matches/{ids.match}/plan").text
    assert mai.get(f"/matches/{ids.match}/plan/edit").status_code == 409
    assert mai.post(f"/matches/{ids.match}/plan/edit", data={"version": "1"}).status_code == 409


def test_hostile_words_stay_words(app: Flask, sign_in: SignIn) -> None:
    ids = prepare(app, in_state(State.ACCEPTED))
    mai = sign_in(ids.people["mai"])
    send(mai, ids, contingency="<script>alert(1)</script>%(number)d")
    for page in ("plan", "plan/versions/2", "plan/edit"):
        text = mai.get(f"/matches/{ids.match}/{page}").text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert(1)" in text


def test_coordinators_read_plans_of_their_countries_only(app: Flask, sign_in: SignIn) -> None:
    ids = prepare(app, in_state(State.ACCEPTED))
    with app.app_context():
        near = factories.user("pt@asem.example", Role.COORDINATOR, countries=["PT"]).id
        far = factories.user("jp@asem.example", Role.COORDINATOR, countries=["JP"]).id
        db.session.commit()
    page = f"/matches/{ids.match}/plan"
    assert sign_in(near).get(page).status_code == 200
    assert sign_in(far).get(page).status_code == 403
