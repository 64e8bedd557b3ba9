"""People of an office: lists, who signs, handing over; and roles, which administrators change."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.accounts.steps import mails
from webapp.access import Role
from webapp.accounts.models import AccountInvite, User
from webapp.accounts.office import Signing
from webapp.audit.models import AuditEvent
from webapp.db import db

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def ids(app: Flask) -> dict[str, int]:
    """Two people in the office of Hanoi, one in Lisbon's, and others."""
    with app.app_context():
        hanoi = factories.institution()
        lisbon = factories.institution("University of Lisbon", "PT", networks=["Unica"])
        people = {
            "lan": factories.user("lan@hanu.example", Role.OFFICE, hanoi),
            "dean": factories.user("dean@hanu.example", Role.OFFICE, hanoi, signs_for_office=False),
            "rui": factories.user("rui@lisbon.example", Role.OFFICE, lisbon),
            "mai": factories.user("mai@hanu.example", at=hanoi),
            "noor": factories.user("noor@asem.example", Role.COORDINATOR),
            "root": factories.user("root@causeway.example", Role.ADMINISTRATOR),
        }
        db.session.commit()
        return {name: user.id for name, user in people.items()}


def the(app: Flask, user_id: int) -> User:
    """A person, loaded and let go."""
    with app.app_context():
        user = db.session.get_one(User, user_id)
        db.session.expunge_all()
        return user


def last_event(app: Flask) -> AuditEvent:
    """The newest line of the audit log."""
    with app.app_context():
        return db.session.scalars(sa.select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one()


def test_an_office_lists_its_own_people_and_finds_them(sign_in: SignIn, ids: dict[str, int]) -> None:
    lan = sign_in(ids["lan"])
    page = lan.get("/people/all").text
    assert "3 people" in page
    assert "rui@lisbon.example" not in page
    found = lan.get("/people/all?q=MAI&role=lecturer").text
    assert ("1 person" in found, "dean@hanu.example" in found) == (True, False)
    assert "Nobody fits" in lan.get("/people/all?q=%25").text
    everyone = sign_in(ids["root"]).get("/people/all?q=lisbon").text
    assert "rui@lisbon.example" in everyone
    assert "mai@hanu.example" not in everyone


def test_the_list_offers_the_roles_its_people_may_have(sign_in: SignIn, ids: dict[str, int]) -> None:
    def offered(page: str) -> list[str]:
        return re.findall(r'<option[^>]* value="(\w*)"', page)

    lan = sign_in(ids["lan"])
    assert offered(lan.get("/people/all").text) == ["", "lecturer", "office"]
    # An address written by hand does not filter in secret.
    by_hand = lan.get("/people/all?role=coordinator").text
    assert ("3 people" in by_hand, "Show everyone" in by_hand) == (True, False)
    everyone = sign_in(ids["root"]).get("/people/all?role=coordinator").text
    assert offered(everyone) == ["", "lecturer", "office", "coordinator", "administrator"]
    assert ("1 person" in everyone, "noor@asem.example" in everyone) == (True, True)


@pytest.mark.parametrize("who", ["mai", "noor"])
def test_others_see_no_people(sign_in: SignIn, ids: dict[str, int], who: str) -> None:
    client = sign_in(ids[who])
    assert client.get("/people/all").status_code == 403
    assert client.get(f"/people/{ids['lan']}").status_code == 403
    assert client.get("/people/hand-over").status_code == 403
    assert client.post(f"/people/{ids['lan']}/role", data={"role": "lecturer"}).status_code == 403


def test_people_of_another_institution_are_out_of_reach(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    rui = sign_in(ids["rui"])
    assert rui.get(f"/people/{ids['lan']}").status_code == 403
    assert rui.post(f"/people/{ids['lan']}/signing", data={"is_stand_in": "y"}).status_code == 403
    assert rui.get("/people/4711").status_code == 404
    assert Signing.of(the(app, ids["lan"])) == Signing()


def test_who_signs_is_chosen_and_noted(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    lan = sign_in(ids["lan"])
    assert lan.post(f"/people/{ids['dean']}/signing", data={"signs_as_second": "y"}).status_code == 303
    assert Signing.of(the(app, ids["dean"])) == Signing(False, True, False)
    event = last_event(app)
    assert (event.action, event.before, event.after) == (
        "accounts.set_signing",
        {"signs_as_second": False},
        {"signs_as_second": True},
    )
    assert "Signs as second person" in lan.get("/people/all").text


@pytest.mark.parametrize("data", [{}, {"signs_as_second": "y"}, {"signs_for_office": "y", "is_stand_in": "y"}])
def test_somebody_always_signs_for_the_office(
    app: Flask, sign_in: SignIn, ids: dict[str, int], data: dict[str, str]
) -> None:
    answer = sign_in(ids["lan"]).post(f"/people/{ids['lan']}/signing", data=data)
    assert (answer.status_code, "Somebody must sign for the office" in answer.text) == (422, True)
    assert Signing.of(the(app, ids["lan"])) == Signing()


def test_a_stand_in_stands_in_for_something(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    answer = sign_in(ids["lan"]).post(f"/people/{ids['dean']}/signing", data={"is_stand_in": "y"})
    assert (answer.status_code, "Choose what this person signs as a stand-in." in answer.text) == (422, True)


def test_lecturers_sign_nothing(sign_in: SignIn, ids: dict[str, int]) -> None:
    lan = sign_in(ids["lan"])
    assert "What this person signs" not in lan.get(f"/people/{ids['mai']}").text
    assert lan.post(f"/people/{ids['mai']}/signing", data={"signs_for_office": "y"}).status_code == 409


def test_an_office_is_handed_to_a_colleague(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    lan = sign_in(ids["lan"])
    assert "Dean (dean@hanu.example)" in lan.get("/people/hand-over").text
    empty = lan.post("/people/hand-over")
    assert (empty.status_code, "Choose who takes over." in empty.text) == (422, True)
    stranger = lan.post("/people/hand-over", data={"successor": str(ids["rui"]), "sure": "y"})
    assert stranger.status_code == 422
    assert lan.post("/people/hand-over", data={"successor": str(ids["dean"]), "sure": "y"}).location == "/"
    assert the(app, ids["lan"]).role is Role.LECTURER
    assert Signing.of(the(app, ids["dean"])) == Signing()
    assert [mail.to_address for mail in mails(app)] == ["dean@hanu.example"]
    event = last_event(app)
    assert event.before == {"role": "office", "signs_for_office": True}
    assert event.after == {"role": "lecturer", "signs_for_office": False, "taken_over_by": ids["dean"]}
    assert lan.get("/people/hand-over").status_code == 403


def test_the_last_one_hands_the_office_to_the_administrators(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    rui = sign_in(ids["rui"])
    assert "You are the only one in this office." in rui.get("/people/hand-over").text
    assert rui.post("/people/hand-over", data={"successor": "nobody", "sure": "y"}).location == "/"
    [mail] = mails(app)
    assert mail.to_address == "root@causeway.example"
    assert mail.subject.strip() == "Nobody is left in the office of University of Lisbon"


def test_with_a_colleague_there_the_office_cannot_be_left_to_nobody(
    app: Flask, sign_in: SignIn, ids: dict[str, int]
) -> None:
    answer = sign_in(ids["lan"]).post("/people/hand-over", data={"successor": "nobody", "sure": "y"})
    assert answer.status_code == 422
    assert the(app, ids["lan"]).role is Role.OFFICE


def role(**changes: Any) -> dict[str, Any]:
    """What the form of a role sends."""
    return {"role": "coordinator", "institution": "", "network": ""} | changes


def test_an_administrator_makes_a_coordinator_of_countries_and_a_network(
    app: Flask, sign_in: SignIn, ids: dict[str, int]
) -> None:
    root, here = sign_in(ids["root"]), f"/people/{ids['noor']}"
    assert root.post(f"{here}/role", data=role(countries=["PT", "VN"], network="Unica")).location == here
    noor = the(app, ids["noor"])
    assert (noor.countries, noor.network) == (["PT", "VN"], "Unica")
    assert "Portugal and Vietnam" in root.get(here).text
    assert last_event(app).before == {"countries": [], "network": ""}
    assert [mail.to_address for mail in mails(app)] == ["noor@asem.example"]
    root.post(f"{here}/role", data=role())
    assert the(app, ids["noor"]).countries == []
    assert "All institutions" in root.get(here).text


def test_an_administrator_moves_a_lecturer_to_another_institution(
    app: Flask, sign_in: SignIn, ids: dict[str, int]
) -> None:
    root, here = sign_in(ids["root"]), f"/people/{ids['mai']}"
    data = role(role="office", institution="University of Lisbon (Portugal)", countries=["PT"])
    assert root.post(f"{here}/role", data=data).location == here
    mai = the(app, ids["mai"])
    assert (mai.role, mai.institution_id, mai.countries) == (Role.OFFICE, the(app, ids["rui"]).institution_id, [])


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"role": "lecturer"}, "Lecturers and offices need an institution."),
        ({"institution": "Atlantis"}, "We know no institution of exactly this name."),
        ({"network": "Nowhere"}, "No institution says that it belongs to this network."),
        ({"countries": ["US"]}, "is not a valid choice"),
        ({"role": "king"}, "Not a valid choice"),
    ],
)
def test_a_role_that_cannot_be_is_refused(
    app: Flask, sign_in: SignIn, ids: dict[str, int], changes: dict[str, Any], sentence: str
) -> None:
    answer = sign_in(ids["root"]).post(f"/people/{ids['noor']}/role", data=role(**changes))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert mails(app) == []


def test_the_last_administrator_stays_one(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    answer = sign_in(ids["root"]).post(f"/people/{ids['root']}/role", data=role())
    assert (answer.status_code, "This is the only administrator." in answer.text) == (409, True)


def test_an_office_whose_signer_is_moved_away_goes_on(app: Flask, sign_in: SignIn, ids: dict[str, int]) -> None:
    root = sign_in(ids["root"])
    root.post(f"/people/{ids['lan']}/role", data=role())
    assert Signing.of(the(app, ids["dean"])) == Signing()
    page = root.post(f"/people/{ids['dean']}/role", data=role(), follow_redirects=True).text
    assert "Nobody is left in the international office of Hanoi University." in page


def test_closing_an_account_leaves_no_office_silently_empty(
    app: Flask, sign_in: SignIn, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.accounts.passwords.matches", lambda *_: True)
    sign_in(ids["rui"]).post("/preferences/leave", data={"password": "x", "sure": "y"})
    assert the(app, ids["rui"]).closed_at is not None
    assert [mail.to_address for mail in mails(app)] == ["root@causeway.example"]


def test_who_closes_their_account_is_named_in_the_log_no_longer(
    app: Flask, sign_in: SignIn, ids: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("webapp.accounts.passwords.matches", lambda *_: True)
    lan, root = sign_in(ids["lan"]), sign_in(ids["root"])
    lan.post("/people/hand-over", data={"successor": str(ids["dean"]), "sure": "y"})
    assert "Handed the office over: <strong>Lan</strong>" in root.get("/audit").text
    assert "Taken over by: Dean" in root.get("/audit").text
    sign_in(ids["dean"]).post(f"/people/{ids['lan']}/signing", data={})
    lan.post("/preferences/leave", data={"password": "x", "sure": "y"})
    page = root.get("/audit").text
    assert "Lan<" not in page
    assert "A former member" in page


def test_who_is_taken_out_of_an_office_lets_nobody_into_it_any_longer(
    app: Flask, sign_in: SignIn, ids: dict[str, int]
) -> None:
    lan = sign_in(ids["lan"])
    for email, as_what in (("second@lan.example", "office"), ("binh@hanu.example", "lecturer")):
        lan.post("/people/invitations", data={"email": email, "role": as_what, "language": "en"})
    sign_in(ids["root"]).post(f"/people/{ids['lan']}/role", data=role())
    with app.app_context():
        assert db.session.scalars(sa.select(AccountInvite.email)).all() == ["binh@hanu.example"]
        withdrawn = sa.select(AuditEvent).where(AuditEvent.action == "accounts.withdraw_invite")
        event = db.session.scalars(withdrawn).one()
        assert (event.actor_id, event.object_name) == (ids["root"], "second@lan.example")
