"""The form of a course over HTTP: nothing typed is ever lost."""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.webapp.profiles.filling import FULL, as_lists, sent_back
from webapp.db import db
from webapp.profiles import rules
from webapp.profiles.models import CourseProfile

SignIn = Callable[[int], FlaskClient]


@pytest.fixture
def mai(app: Flask, sign_in: SignIn) -> Iterator[FlaskClient]:
    """The browser of a lecturer in Hanoi."""
    with app.app_context():
        mai_id = factories.user(at=factories.institution()).id
        db.session.commit()
    return sign_in(mai_id)


def saved(app: Flask, course_id: int) -> dict[str, Any]:
    """What the database holds of a course."""
    with app.app_context():
        return rules.values_of(db.session.get_one(CourseProfile, course_id))


def create(mai: FlaskClient, **changes: Any) -> int:
    """Save a filled-in course and give its id."""
    answer = mai.post("/courses/new", data=FULL | {"then": "save"} | changes)
    assert answer.status_code == 303
    return int(answer.location.rsplit("/", 1)[1])


def test_every_field_is_saved(app: Flask, mai: FlaskClient) -> None:
    values = saved(app, create(mai))
    assert values == {
        "title": "Rivers & cities",
        "discipline": "Hydrology <applied>",
        "description": "Students measure a river.\nThey compare what they find.",
        "outcomes": ["Read a flood map", "Explain it to a council"],
        "keywords": ["floods", "maps", "川"],
        "isced_f": "0521",
        "level": "bachelor",
        "eqf": 6,
        "students": 28,
        "students_most": 34,
        "capacity": 2,
        "exchange_languages": {"en": "B2", "fr": None},
        "native_languages": ["vi"],
        "learning_languages": ["en", "ja"],
        "term_name": "Semester 2",
        "starts_on": date(2027, 2, 15),
        "ends_on": date(2027, 6, 4),
        "breaks": [{"from": "2027-04-26", "to": "2027-05-02"}],
        "time_zone": "Asia/Ho_Chi_Minh",
        "slots": [
            {"weekday": "mon", "start": "15:00", "end": "16:00"},
            {"weekday": "tue", "start": "09:00", "end": "10:30"},
        ],
        "weeks_wanted": 6,
        "mode": "mixed",
        "tools": ["zoom", "miro", "our own wiki"],
        "blocked_tools": ["facebook", "the neighbour's wiki"],
        "bandwidth": "medium",
        "themes": ["flood walls", "town halls"],
        "sdgs": [6, 11],
        "skills": ["U1.5", "D2.4"],
        "wish_field": "complementary",
        "wish_regions": ["europe"],
        "wish_countries": ["FI", "PT"],
        "wish_disciplines": ["geography", "law"],
        "must_have_topic": "water",
    }
    assert set(values) == set(rules.COLUMNS)


def test_opening_and_saving_a_course_changes_nothing(app: Flask, mai: FlaskClient) -> None:
    course_id = create(mai)
    before = saved(app, course_id)
    page = mai.get(f"/courses/{course_id}/edit")
    assert page.status_code == 200
    assert mai.post(f"/courses/{course_id}/edit", data=sent_back(page.text)).status_code == 303
    assert saved(app, course_id) == before


def test_with_an_error_in_each_group_everything_typed_comes_back(mai: FlaskClient) -> None:
    wrong = {
        "title": "",
        "keywords": "x" * 90,
        "eqf": "8",
        "students": "about thirty",
        "capacity": "0",
        "exchange_languages-1-language": "",
        "exchange_languages-1-level": "C1",
        "learning_languages-1": "vi",
        "starts_on": "15/02/2027",
        "weeks_wanted": "six",
        "breaks-0-last": "2027-04-01",
        "slots-0-end": "08:00",
        "slots-1-weekday": "",
        "blocked_tools": ["zoom"],
        "blocked_other": "our own wiki",
        "must_have_topic": "w" * 201,
    }
    typed = FULL | wrong
    answer = mai.post("/courses/new", data=typed)
    assert answer.status_code == 422
    back = sent_back(answer.text)
    assert {name: values for name, values in back.items() if name in typed} == as_lists(typed)
    assert "Nothing you typed is lost" in answer.text
    shown = answer.text.partition('class="error-summary"')[2].partition("</div>")[0]
    for name in (
        *("title", "keywords", "eqf", "students", "capacity", "exchange_languages-1-language", "learning_languages-1"),
        *("starts_on", "weeks_wanted", "breaks-0-last", "slots-0-end", "slots-1-weekday", "blocked_tools"),
        *("blocked_other", "must_have_topic"),
    ):
        assert f'href="#{name}"' in shown, name
        assert f'id="{name}"' in answer.text, name


def test_adding_a_row_saves_nothing_and_keeps_everything_typed(app: Flask, mai: FlaskClient) -> None:
    for name, last in (
        ("slots", "slots-2-weekday"),
        ("breaks", "breaks-1-first"),
        ("exchange_languages", "exchange_languages-2-language"),
        ("native_languages", "native_languages-1"),
    ):
        answer = mai.post("/courses/new", data=FULL | {"students": "about thirty", "add": name})
        assert answer.status_code == 200
        back = sent_back(answer.text)
        assert {key: values for key, values in back.items() if key in FULL} == as_lists(
            FULL | {"students": "about thirty"}
        )
        assert f'id="{last}"' in answer.text
        assert "error-summary" not in answer.text
    with app.app_context():
        assert db.session.query(CourseProfile).count() == 0


def test_an_unknown_list_gets_no_row(mai: FlaskClient) -> None:
    answer = mai.post("/courses/new", data={"title": "Rivers", "add": "title"})
    assert answer.status_code == 200
    assert sent_back(answer.text)["title"] == ["Rivers"]


def test_a_course_saved_elsewhere_meanwhile_is_shown_beside_what_was_typed(app: Flask, mai: FlaskClient) -> None:
    course_id = create(mai)
    first, second = (sent_back(mai.get(f"/courses/{course_id}/edit").text) for _ in range(2))
    assert mai.post(f"/courses/{course_id}/edit", data=first | {"students_most": "40"}).status_code == 303
    answer = mai.post(f"/courses/{course_id}/edit", data=second | {"title": "Rivers only"})
    assert answer.status_code == 409
    assert "saved somewhere else" in answer.text
    table = answer.text.partition('class="table-scroll"')[2].partition("</table>")[0]
    assert all(text in table for text in ("Rivers &amp; cities", "Rivers only", ">28 to 40<", ">28 to 34<"))
    assert "floods" not in table
    assert saved(app, course_id)["students_most"] == 40
    again = sent_back(answer.text)
    assert again["title"] == ["Rivers only"]
    assert mai.post(f"/courses/{course_id}/edit", data=again).status_code == 303
    assert saved(app, course_id)["title"] == "Rivers only"
    assert saved(app, course_id)["students_most"] == 34


def test_a_race_lost_at_the_last_moment_loses_nothing_either(
    app: Flask, mai: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    course_id = create(mai)
    typed = sent_back(mai.get(f"/courses/{course_id}/edit").text) | {"title": ["Rivers only"]}
    save = rules.save

    def save_too_late(course: CourseProfile, values: dict[str, Any], now: datetime) -> None:
        db.session.execute(sa.update(CourseProfile).values(version=9).execution_options(synchronize_session=False))
        save(course, values, now)

    monkeypatch.setattr(rules, "save", save_too_late)
    answer = mai.post(f"/courses/{course_id}/edit", data=typed)
    assert answer.status_code == 409
    assert sent_back(answer.text)["title"] == ["Rivers only"]
    assert saved(app, course_id)["title"] == "Rivers & cities"


def test_a_form_without_its_token_is_refused(app: Flask, mai: FlaskClient) -> None:
    app.config["WTF_CSRF_ENABLED"] = True
    assert mai.post("/courses/new", data=FULL).status_code == 400


def test_saving_and_opening_in_one_step(mai: FlaskClient) -> None:
    answer = mai.post("/courses/new", data=FULL | {"then": "publish"})
    assert answer.status_code == 303
    assert answer.location.endswith("/fits")
    page = mai.get(answer.location.removesuffix("/fits"))
    assert "takes part in the next weekly round" in page.text
    assert "Open for partners" in page.text
    assert "Undo this step" in page.text


def test_no_raw_code_stands_on_the_pages_of_a_full_course(mai: FlaskClient) -> None:
    course_id = create(mai)
    for address in (f"/courses/{course_id}", "/courses", f"/courses/{course_id}/edit"):
        text = mai.get(address).text
        for code in (">0521", ">U1.5", ">zoom<", ">bachelor<", ">asia<", ">draft<", "Asia/Ho_Chi_Minh<", ">mixed<"):
            assert code not in text, (address, code)


def test_control_characters_a_database_refuses_are_dropped(app: Flask, mai: FlaskClient) -> None:
    values = saved(app, create(mai, title="Ri\x00vers", outcomes="One\x00\r\nTwo"))
    assert values["title"] == "Rivers"
    assert values["outcomes"] == ["One", "Two"]


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"ends_on": "2027-02-01"}, "ends_on", "The last day lies before the first"),
        (
            {"ends_on": "2027-02-20", "breaks-0-first": "", "breaks-0-last": "", "weeks_wanted": ""},
            "ends_on",
            "2 weeks",
        ),
        ({"ends_on": "2028-06-04"}, "ends_on", "52 weeks at most"),
        ({"starts_on": "0202-02-15"}, "starts_on", "Check the year"),
        ({"weeks_wanted": "17"}, "weeks_wanted", "only 15 full weeks"),
        ({"breaks-0-first": ""}, "breaks-0-first", "first day of this break"),
        ({"breaks-0-first": "2027-01-01"}, "breaks-0-first", "outside the term"),
        ({"breaks-0-last": "2027-07-01"}, "breaks-0-first", "outside the term"),
        ({"slots-0-start": ""}, "slots-0-start", "time at which these hours start"),
        ({"slots-0-start": "25:00"}, "slots-0-start", "such as 09:30"),
        ({"slots-0-end": "09:00"}, "slots-0-end", "must end after they start"),
        ({"time_zone": ""}, "time_zone", "time zone of your live hours"),
        ({"time_zone": "Mars/Base"}, "time_zone", "Choose one of the entries"),
        ({"exchange_languages-1-language": "en"}, "exchange_languages-1-language", "chosen twice"),
        ({"sdgs": ["18"]}, "sdgs", "Choose from the entries"),
        ({"level": "doctoral"}, "eqf", "does not go with"),
        ({"students_most": "20"}, "students_most", "below the smallest"),
        ({"students": ""}, "students", "fewest students too"),
        ({"wish_field": "similar"}, "wish_field", "Choose one of the entries"),
        ({"tools": ["facebook"]}, "blocked_tools", "You work with Facebook"),
        ({"title": "t" * 201}, "title", "Shorten this to 200 characters; it has 201 now."),
        ({"outcomes": "\n".join(f"Outcome {n}" for n in range(21))}, "outcomes", "20 most important"),
    ],
)
def test_what_does_not_go_together_is_said_at_the_field(
    mai: FlaskClient, changes: dict[str, Any], field: str, message: str
) -> None:
    answer = mai.post("/courses/new", data=FULL | changes)
    assert answer.status_code == 422
    summary = answer.text.partition('class="error-summary"')[2].partition("</div>")[0]
    assert summary.count("<li>") == 1
    line = summary.partition("<li>")[2].partition("</li>")[0]
    assert f'href="#{field}"' in line
    assert message in line
