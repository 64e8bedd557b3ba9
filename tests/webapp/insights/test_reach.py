"""Who is below their fair share, how far, and whom a coordinator may write to."""

import csv
from collections.abc import Callable
from io import StringIO

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from matcher.reasons import make_reason
from tests import factories
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.insights.reach import Offer, gaps
from webapp.profiles.models import CourseProfile
from webapp.rounds.models import LeftOut

SignIn = Callable[[int], FlaskClient]


def offer(country: str, places: int, taken: int, region: str = "asia", *, inside: bool = True) -> Offer:
    """An open course."""
    return Offer(1, 1, 1, country, region, "bachelor", "university", places, taken, inside)


def test_the_fair_share_splits_a_regions_partnerships_by_what_is_offered() -> None:
    offers = [offer("VN", 6, 1), offer("JP", 2, 3), offer("PT", 9, 4, "europe")]
    found = gaps(offers, lambda one: one.country)
    assert [(gap.key, gap.offered, gap.has, gap.fair, gap.below) for gap in found] == [("VN", 6, 1, 3.0, 2.0)]


def test_groups_at_their_share_or_just_below_it_are_not_named() -> None:
    assert gaps([offer("VN", 3, 3), offer("JP", 3, 3)], lambda one: one.country) == []
    assert gaps([offer("VN", 10, 6), offer("JP", 9, 6)], lambda one: one.country) == []


def test_a_group_without_any_match_is_named_however_small_its_share_and_comes_first() -> None:
    offers = [offer("VN", 20, 8), offer("LA", 1, 0), offer("JP", 20, 14)]
    assert [(gap.key, gap.has) for gap in gaps(offers, lambda one: one.country)] == [("LA", 0), ("VN", 8)]


def test_where_nobody_has_a_match_nobody_is_below_a_share() -> None:
    assert gaps([offer("VN", 2, 0), offer("JP", 3, 0)], lambda one: one.country) == []


def test_a_coordinator_of_some_institutions_reads_of_their_part_of_a_country() -> None:
    offers = [offer("VN", 2, 0), offer("VN", 2, 1, inside=False), offer("JP", 4, 3, inside=False)]
    assert [(gap.key, gap.offered, gap.has, gap.fair) for gap in gaps(offers, lambda one: one.country)] == [
        ("VN", 2, 0, 1.0)
    ]


@pytest.fixture
def town(app: Flask) -> dict[str, int]:
    """Japan has a partner; Vietnam's three courses have none, one of them through two rounds."""
    with app.app_context():
        rounds = [factories.round_("2026-W46"), factories.round_("2026-W47"), factories.round_("2026-W48")]
        hanoi = factories.institution()
        hue = factories.institution("Hue University", "VN", networks=["COIL Circle"], institution_type="vocational")
        kyoto = factories.institution("Kyoto University", "JP")
        lisbon = factories.institution("University of Lisbon", "PT")
        fields = {"starts_on": None, "ends_on": None}
        mai = factories.user("mai@hanu.example", at=hanoi)
        ha = factories.user("ha@hue.example", at=hue)
        yui = factories.user("yui@kyoto.example", at=kyoto)
        rui = factories.user("rui@ulisboa.example", at=lisbon)
        twice = factories.course(mai, "Urban water", **fields)
        once = factories.course(mai, "Rice", **fields)
        other = factories.course(ha, "Tombs & rivers", **fields)
        for this_round in rounds:
            for course in (twice, other):
                reason = make_reason("left_out_places_taken", n_partners=4).to_dict()
                db.session.add(LeftOut(round=this_round, course=course, reason=reason))
        db.session.add(LeftOut(round=rounds[-1], course=once, reason={}))
        tea = factories.course(yui, "Tea", **fields)
        for title in ("Glass", "Clay", "Stone"):
            factories.match(tea, factories.course(rui, title, **fields), rounds[-1])
        factories.user("office@hanu.example", Role.OFFICE, hanoi)
        factories.user("closed@hanu.example", Role.OFFICE, hanoi, closed_at=factories.AT)
        factories.user("office@hue.example", Role.OFFICE, hue)
        factories.user("office@kyoto.example", Role.OFFICE, kyoto)
        ids = {
            "all": factories.user("noor@asem.example", Role.COORDINATOR).id,
            "japan": factories.user("jun@asem.example", Role.COORDINATOR, countries=["JP"]).id,
            "network": factories.user("lea@asem.example", Role.COORDINATOR, network="COIL Circle").id,
            "lecturer": mai.id,
        }
        db.session.commit()
    return ids


def test_the_page_names_the_country_below_its_share_and_whom_to_write_to(sign_in: SignIn, town: dict[str, int]) -> None:
    page = sign_in(town["all"]).get("/insights/reach").text
    assert '<tr data-key="VN">' in page
    assert '<tr data-key="JP">' not in page
    assert 'class="number">2.2<' in page
    assert "mailto:office@hanu.example?subject=Causeway%3A%20partner%20classes%20for%20Hanoi%20University" in page
    assert "mailto:mai@hanu.example?subject=" in page
    assert "Urban water" in page
    assert "Rice" not in page
    assert "closed@hanu.example" not in page
    assert "office@kyoto.example" not in page


def test_types_of_institutions_below_their_share_are_named_too(sign_in: SignIn, town: dict[str, int]) -> None:
    page = sign_in(town["all"]).get("/insights/reach").text
    assert '<tr data-key="vocational">' in page
    assert "Vocational college or training centre" in page


def test_offices_with_the_most_courses_without_a_match_come_first(
    app: Flask, sign_in: SignIn, town: dict[str, int]
) -> None:
    page = sign_in(town["all"]).get("/insights/reach").text
    assert page.index("office@hanu.example") < page.index("office@hue.example")
    assert "2 open courses without a match" in page
    with app.app_context():
        ha = db.session.scalars(sa.select(User).where(User.email == "ha@hue.example")).one()
        for title in ("Fish", "Salt"):
            factories.course(ha, title, starts_on=None, ends_on=None)
        db.session.commit()
    page = sign_in(town["all"]).get("/insights/reach").text
    assert page.index("office@hue.example") < page.index("office@hanu.example")


def test_a_coordinator_of_a_network_reads_its_people_only(sign_in: SignIn, town: dict[str, int]) -> None:
    page = sign_in(town["network"]).get("/insights/reach").text
    assert "ha@hue.example" in page
    assert "office@hue.example" in page
    assert "hanu.example" not in page


def test_a_coordinator_of_a_country_that_has_its_share_reads_of_nobody(sign_in: SignIn, town: dict[str, int]) -> None:
    page = sign_in(town["japan"]).get("/insights/reach?country=VN").text
    assert "hanu.example" not in page
    assert "hue.example" not in page
    assert "Nobody is below their fair share" in page


def test_the_file_has_a_line_for_everybody_to_write_to(sign_in: SignIn, town: dict[str, int]) -> None:
    text = sign_in(town["all"]).get("/insights/reach.csv?country=VN").text
    lines = list(csv.DictReader(StringIO(text.removeprefix("\ufeff"))))
    assert [line["Email address"] for line in lines] == [
        "office@hanu.example", "office@hue.example", "mai@hanu.example", "ha@hue.example",
    ]  # fmt: skip
    assert {line["Country"] for line in lines} == {"Vietnam"}
    assert lines[-1]["Course"] == "Tombs & rivers"
    assert sign_in(town["network"]).get("/insights/reach.csv").text.count("@") == 2


def test_a_course_with_a_partner_since_the_rounds_is_not_named(
    app: Flask, sign_in: SignIn, town: dict[str, int]
) -> None:
    with app.app_context():
        water, glass = (
            db.session.scalars(sa.select(CourseProfile).where(CourseProfile.title == title)).one()
            for title in ("Urban water", "Glass")
        )
        factories.match(water, glass, factories.round_("2026-W45"))
        db.session.commit()
    page = sign_in(town["all"]).get("/insights/reach").text
    assert "mai@hanu.example" not in page
    assert "ha@hue.example" in page


def test_lecturers_may_not_read_it(sign_in: SignIn, town: dict[str, int]) -> None:
    assert sign_in(town["lecturer"]).get("/insights/reach").status_code == 403
    assert sign_in(town["lecturer"]).get("/insights/reach.csv").status_code == 403
