"""Targets of a house: set, changed, removed, refused when they make no sense, and noted in the audit log."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.imports.building import words
from tests.webapp.offices.conftest import House
from webapp.access import Role
from webapp.audit.models import AuditEvent
from webapp.db import db
from webapp.institutions.models import BalanceTarget, TargetScope
from webapp.matches.house_limits import House as MatchHouse
from webapp.matches.lifecycle import State
from webapp.matches.models import Match
from webapp.offices import wording

Log = Callable[[], list[AuditEvent]]


def targets(app: Flask) -> list[BalanceTarget]:
    with app.app_context():
        return list(db.session.scalars(sa.select(BalanceTarget).order_by(BalanceTarget.id)))


def test_a_target_is_set_shown_changed_and_removed(app: Flask, office: FlaskClient, house: House, noted: Log) -> None:
    page = f"/house/{house.hanoi}"
    sent = {"scope": "country", "partner_country": "PT", "at_most": "1"}
    assert office.post(f"{page}/targets/new", data=sent).location == f"{page}#targets"
    (target,) = targets(app)
    shown = words(office.get(page).text)
    assert "With Portugal: at most 1 1 open now Full: no further proposals" in shown
    address = f"{page}/targets/{target.id}"
    assert "With Portugal: at most 1." in words(office.get(address).text)
    office.post(address, data=sent | {"at_most": "", "at_least": "3"})
    assert "With Portugal: at least 3 1 open now Below what you want" in words(office.get(page).text)
    assert office.post(f"{address}/remove").status_code == 303
    assert targets(app) == []
    assert [(event.action, event.institution_id, event.before, event.after) for event in noted()] == [
        (
            "offices.add_target",
            house.hanoi,
            {},
            {"scope": "country", "partner_id": None, "partner_country": "PT", "at_least": None, "at_most": 1},
        ),
        (
            "offices.change_target",
            house.hanoi,
            {"at_least": None, "at_most": 1},
            {"scope": "country", "partner_id": None, "partner_country": "PT", "at_least": 3, "at_most": None},
        ),
        (
            "offices.remove_target",
            house.hanoi,
            {"scope": "country", "partner_id": None, "partner_country": "PT", "at_least": 3, "at_most": None},
            {},
        ),
    ]


def test_saving_the_same_again_notes_nothing(app: Flask, office: FlaskClient, house: House, noted: Log) -> None:
    with app.app_context():
        target_id = factories.target(db.session.get_one(factories.Institution, house.hanoi)).id
        db.session.commit()
    address = f"/house/{house.hanoi}/targets/{target_id}"
    assert office.post(address, data={"scope": "each_institution", "at_most": "3"}).status_code == 303
    assert noted() == []


@pytest.mark.parametrize(
    ("sent", "problem"),
    [
        ({"scope": "all"}, "Write how many at least, at most, or both."),
        ({"scope": "all", "at_least": "3", "at_most": "2"}, "At most cannot be less than at least."),
        ({"scope": "all", "at_most": "-1"}, "Write a whole number from 0 to 1,000"),
        ({"scope": "all", "at_most": "many"}, "Not a valid integer value."),
        ({"scope": "country", "at_most": "2"}, "Choose the country."),
        ({"scope": "country", "partner_country": "VN", "at_most": "2"}, "none is in Vietnam"),
        ({"scope": "institution", "at_most": "2"}, "Write the name of the institution."),
        (
            {"scope": "institution", "institution": "University of Lisbo", "at_most": "2"},
            "Did you mean University of Lisbon (Portugal)",
        ),
        ({"scope": "institution", "institution": "hanoi university", "at_most": "2"}, "your own institution"),
        ({"scope": "each_country", "at_least": "2"}, "A least number needs one institution, one country or all"),
        ({"scope": "everybody", "at_most": "2"}, "Not a valid choice."),
    ],
)
def test_what_cannot_be_meant_is_refused_and_kept_on_the_page(
    app: Flask, office: FlaskClient, house: House, sent: dict[str, str], problem: str
) -> None:
    answer = office.post(f"/house/{house.hanoi}/targets/new", data=sent)
    assert answer.status_code == 422
    assert problem in words(answer.text).replace("&#39;", "'")
    assert all(f'value="{value}"' in answer.text for name, value in sent.items() if name.startswith("at_"))
    assert targets(app) == []


def test_of_two_institutions_of_one_name_the_country_tells(app: Flask, office: FlaskClient, house: House) -> None:
    with app.app_context():
        factories.institution("University of Lisbon", "FR")
        db.session.commit()
    sent = {"scope": "institution", "institution": "university of lisbon", "at_most": "2"}
    answer = office.post(f"/house/{house.hanoi}/targets/new", data=sent)
    assert "Several countries have an institution of this name." in words(answer.text)
    office.post(f"/house/{house.hanoi}/targets/new", data=sent | {"partner_country": "PT"})
    (target,) = targets(app)
    assert (target.scope, target.partner_id, target.partner_country) == (TargetScope.INSTITUTION, house.lisbon, None)


def test_a_limit_for_each_is_full_only_with_those_who_reached_it(app: Flask, office: FlaskClient, house: House) -> None:
    page = f"/house/{house.hanoi}"
    office.post(f"{page}/targets/new", data={"scope": "each_institution", "at_most": "1"})
    office.post(f"{page}/targets/new", data={"scope": "each_country", "at_most": "1"})
    text = words(office.get(page).text)
    assert (
        "With any one institution: at most 1 1 open now with each of Sorbonne and University of Lisbon "
        "Full with Sorbonne and University of Lisbon, open with others"
    ) in text
    assert "With any one country: at most 1 1 open now with each of France and Portugal Full with France" in text
    assert "no further proposals" not in text
    with app.app_context():
        db.session.execute(sa.update(Match).where(Match.state == State.PROPOSED).values(state=State.EXPIRED))
        db.session.commit()
    text = words(office.get(page).text)
    assert "1 open now, most of all with Portugal Full with Portugal, open with others" in text


def test_a_limit_of_none_for_each_is_full_at_once(office: FlaskClient, app: Flask, house: House) -> None:
    with app.app_context():
        db.session.execute(sa.update(Match).values(state=State.EXPIRED))
        db.session.commit()
    page = f"/house/{house.hanoi}"
    office.post(f"{page}/targets/new", data={"scope": "each_country", "at_most": "0"})
    assert "at most 0 0 open now Full: no further proposals" in words(office.get(page).text)


def test_many_partners_are_named_in_part(context: Flask) -> None:
    own = factories.institution()
    target = factories.target(own, scope=TargetScope.EACH_COUNTRY, at_most=1)
    countries = ("AT", "BE", "DK", "FI", "SE")
    pairs = [(MatchHouse(own.id, "VN"), MatchHouse(n, country)) for n, country in enumerate(countries, own.id + 1)]
    found = wording.standing(target, own, pairs, {})
    assert found.is_now == "1 open now with each of Austria, Belgium, Denmark and 2 others"
    assert found.verdict == "Full with Austria, Belgium, Denmark and 2 others, open with others"


def test_of_each_the_fullest_are_named(app: Flask, office: FlaskClient, house: House) -> None:
    office.post(f"/house/{house.hanoi}/targets/new", data={"scope": "each_institution", "at_most": "0"})
    text = words(office.get(f"/house/{house.hanoi}").text)
    assert (
        "With any one institution: at most 0 1 open now with each of Sorbonne and University of Lisbon Over the limit"
    ) in text


def test_only_the_own_office_and_administrators_set_targets(
    app: Flask, house: House, sign_in: Callable[[int], FlaskClient]
) -> None:
    with app.app_context():
        other = factories.user(
            "office@ulisboa2.example", Role.OFFICE, db.session.get(factories.Institution, house.lisbon)
        )
        coordinator = factories.user("noor@asem.example", Role.COORDINATOR)
        target_id = factories.target(db.session.get_one(factories.Institution, house.hanoi)).id
        refused = (other.id, coordinator.id, house.mai)
        db.session.commit()
        lisbon_id = other.id
    sent = {"scope": "all", "at_most": "5"}
    page = f"/house/{house.hanoi}/targets"
    for person in refused:
        for address in (f"{page}/new", f"{page}/{target_id}", f"{page}/{target_id}/remove"):
            assert sign_in(person).post(address, data=sent).status_code == 403
    # A target is found at its own house only.
    lisbon_office = sign_in(lisbon_id)
    assert lisbon_office.get(f"/house/{house.lisbon}/targets/{target_id}").status_code == 404
    assert lisbon_office.post(f"/house/{house.lisbon}/targets/{target_id}/remove").status_code == 404
    assert sign_in(house.administrator).post(f"{page}/new", data=sent).status_code == 303
    assert [target.at_most for target in targets(app)] == [3, 5]
