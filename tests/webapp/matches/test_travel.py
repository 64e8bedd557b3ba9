"""Flights saved: distances between real cities, published factors, two figures, and what is not known in words."""

import csv

import pytest
from flask import Flask
from flask_babel import force_locale

from tests.webapp.matches.conftest import Scene
from webapp.institutions import reference
from webapp.institutions.models import Institution
from webapp.matches import travel
from webapp.matches.travel import Place


def at(country: str, city: str) -> Place:
    found = travel.place_of(Institution(name="x", country=country, city=city))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("one", "other", "kilometres"),
    [
        (("VN", "Hanoi"), ("PT", "Lisbon"), 10_540),
        (("IN", "Delhi"), ("AT", "Vienna"), 5_560),
        (("MM", "Yangon"), ("GB", "London"), 8_970),
        (("AU", "Sydney"), ("FI", "Helsinki"), 15_200),
        (("HK", "Hong Kong"), ("FR", "Paris"), 9_640),
    ],
)
def test_great_circles_agree_with_known_distances(
    one: tuple[str, str], other: tuple[str, str], kilometres: int
) -> None:
    assert travel.distance(at(*one), at(*other)) == pytest.approx(kilometres, rel=0.01)
    assert travel.distance(at(*other), at(*one)) == pytest.approx(travel.distance(at(*one), at(*other)))
    assert travel.distance(at(*one), at(*one)) == 0


def test_every_city_and_country_of_the_reference_list_has_its_place() -> None:
    rows = reference.read("institutions")
    unknown = {
        (row["country"], row["city"]) for row in rows if row["city"] and at(row["country"], row["city"]).is_capital
    }
    assert unknown == set()
    with (travel.DATA / "cities.csv").open(encoding="utf-8", newline="") as file:
        assert all(-60 < float(row["lat"]) < 72 and -180 < float(row["lon"]) < 180 for row in csv.DictReader(file))


def test_accents_do_not_matter_and_capitals_stand_in() -> None:
    assert not at("CH", "Zürich").is_capital
    assert at("CH", "Zurich") == at("CH", "ZÜRICH")
    assert at("VN", "").is_capital
    assert at("VN", "A village").is_capital
    assert travel.place_of(Institution(name="x", country="BR", city="Recife")) is None


@pytest.mark.parametrize(
    ("value", "rounded"), [(23.59, 24), (1.3877, 1.4), (0.0834, 0.083), (138.7, 140), (9.96, 10), (0, 0)]
)
def test_two_figures_are_kept(value: float, rounded: float) -> None:
    assert travel.two_figures(value) == rounded


def test_tonnes_are_there_and_back_for_everyone_with_and_without_height() -> None:
    assert travel.tonnes(10_000, 10, "elsewhere") == (13, 22)
    assert travel.tonnes(10_000, 10, "uk") == (14, 23)


def places(scene: Scene, hanoi: str = "Hanoi", lisbon: str = "Lisbon") -> travel.Travel:
    scene.match.course_a.institution.city, scene.match.course_b.institution.city = hanoi, lisbon
    return travel.saved(scene.match)


def test_the_smaller_class_would_have_flown(scene: Scene) -> None:
    scene.match.course_a.students, scene.match.course_b.students = 24, 10
    said = places(scene)
    assert said.words == (
        "About 14 to 23 tonnes of CO₂ equivalent, had the 10 students of “Rivers and cities” flown there and back."
    )
    method = " ".join(said.method)
    assert "Distance as the crow flies: 10,540 km each way." in method
    assert "0.06449 kg" in method
    assert "0.10916 kg" in method
    assert "8% for detours" in method
    assert "2026" in method
    assert "Open Government Licence" in method
    assert "capital" not in method


def test_unknown_sizes_are_reckoned_for_one_student(scene: Scene) -> None:
    assert places(scene).words.startswith("About 1.4 to 2.3 tonnes of CO₂ equivalent for each student")
    scene.match.course_a.students = 24
    assert "the 24 students of “Urban water”" in places(scene).words


def test_an_unknown_city_is_named_in_the_method(scene: Scene) -> None:
    said = places(scene, hanoi="")
    assert "The city of Hanoi University is not known; the capital of Vietnam stands in for it." in said.method


def test_flights_from_the_united_kingdom_have_their_own_factor(scene: Scene) -> None:
    scene.match.course_b.institution.country = "GB"
    assert any("0.11704" in line for line in places(scene, lisbon="London").method)


def test_what_cannot_be_reckoned_is_said(scene: Scene) -> None:
    scene.match.course_b.institution.country = "BR"
    said = places(scene, lisbon="Recife")
    assert said == travel.Travel(
        "The place of University of Lisbon is not known, so the flights saved cannot be reckoned."
    )
    scene.match.course_a.institution.country = scene.match.course_b.institution.country = "PT"
    near = places(scene, hanoi="Porto", lisbon="Lisbon")
    assert "need not go by air" in near.words
    assert near.method == ()


def test_figures_are_written_as_the_reader_writes_them(scene: Scene, context: Flask) -> None:
    with force_locale("fr"):
        assert any("0,10916" in line for line in places(scene).method)
