"""What digests say: the same in text and HTML, of whose institutions, and what their figures count."""

import re
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests import factories
from tests.conftest import NOW
from tests.webapp.rounds import known_week
from tests.webapp.rounds.known_week import READERS
from webapp.access import Role
from webapp.accounts.models import User
from webapp.db import db
from webapp.i18n import LANGUAGES
from webapp.mail.models import OutboxMessage
from webapp.matches.lifecycle import Action, State
from webapp.matches.models import Match, MatchEvent
from webapp.profiles.models import CourseProfile
from webapp.rounds.digest_balance import half_year_of
from webapp.rounds.digest_document import Bar
from webapp.rounds.models import DigestIssue

ADDRESS = re.compile(r"https?://\S+")


class Visible(HTMLParser):
    """The words one sees of a mail below its brand, and the addresses behind them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: set[str] = set()
        self._is_below = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_below |= tag == "main"
        if self._is_below and tag == "a":
            self.links.add(str(dict(attrs)["href"]))

    def handle_data(self, data: str) -> None:
        if self._is_below:
            self.words += data.split()


def words_of(text: str) -> list[str]:
    """The words of a text mail without its addresses, bullets, rules and bars."""
    words = ADDRESS.sub(" ", text).split()
    return [word for word in words if not re.fullmatch(r"\*|-+|[█░]+", word)]


@pytest.fixture
def week(context: Flask) -> dict[str, OutboxMessage]:
    """The digests of the known week, in English."""
    known_week.promise(known_week.stage())
    return known_week.mails()


@pytest.mark.parametrize("language", LANGUAGES)
def test_text_and_html_say_the_same_word_for_word_with_the_same_links(context: Flask, language: str) -> None:
    known_week.promise(known_week.stage(language))
    for name, message in known_week.mails().items():
        seen = Visible(message.html)
        home = {"http://localhost/"}
        assert seen.words == words_of(message.text), name
        assert seen.links == set(ADDRESS.findall(message.text)) - home, name


def test_a_bar_in_letters_is_as_long_as_the_bar_of_the_picture(week: dict[str, OutboxMessage]) -> None:
    message = week["coordinator"]
    filled = re.findall(r'<td[^>]*class="bar-(?:asia|europe)"[^>]*>', message.html)
    drawn = [int(re.findall(r'width="(\d+)%"', cell)[0]) for cell in filled]
    written = [bar.count("█") for bar in re.findall(r"[█░]+", message.text)]
    assert drawn == [33, 50, 75, 86, 97, 100]
    assert written == [7, 10, 15, 17, 19, 20]
    assert Bar("", 0.0, "asia").letters == "░" * 20
    assert Bar("", 0.001, "asia").letters == "█" + "░" * 19


def test_every_digest_names_the_time_zone_of_its_times(week: dict[str, OutboxMessage]) -> None:
    assert "All times are those of your time zone: Singapore." in week["coordinator"].text
    for name in ("office", "lecturer", "country_coordinator"):
        assert "All times are those of your time zone: Ho Chi Minh City, Vietnam." in week[name].text
        assert "(Singapore)" not in week[name].text


def test_a_coordinator_reads_of_their_own_countries_only(context: Flask) -> None:
    this = known_week.stage()
    lisbon = db.session.query(CourseProfile).filter_by(title="Harbours").one().institution
    lisbon.networks = ["AUF"]
    factories.user("pt@asem.example", Role.COORDINATOR, countries=["PT"])
    factories.user("auf@asem.example", Role.COORDINATOR, network="AUF")
    known_week.promise(this)
    found = {row.to_address: row.text for row in db.session.query(OutboxMessage)}
    for address in ("pt@asem.example", "auf@asem.example"):
        assert "“Urban water” (Hanoi University) and “Rivers" in found[address]
        assert "“Paper” (Kyoto University) and “Print”" in found[address]
        for title in ("Soil", "Gardens", "Atlas", "Wine", "has no partner"):
            assert title not in found[address]
        assert "Courses with a free place:" not in found[address]
        assert "This round: open courses that got a partner\n  Europe: 1 of 1 courses, 100%" in found[address]
    assert "It counts institutions in Portugal." in found["pt@asem.example"]
    assert "?state=proposed&country=PT" in found["pt@asem.example"]
    assert "It counts institutions of the network AUF." in found["auf@asem.example"]


def test_a_coordinator_with_nothing_in_their_countries_gets_no_mail(context: Flask) -> None:
    this = known_week.stage()
    factories.user("mn@asem.example", Role.COORDINATOR, countries=["MN"])
    known_week.promise(this)
    assert not db.session.query(OutboxMessage).filter_by(to_address="mn@asem.example").count()


def test_the_links_of_a_coordinator_land_on_the_filtered_page(app: Flask) -> None:
    with app.app_context():
        known_week.promise(known_week.stage())
        links = Visible(known_week.mails()["coordinator"].html).links
        noor = db.session.query(User).filter_by(email=READERS["coordinator"][1]).one()
        key = noor.get_id()
        db.session.commit()
    client: FlaskClient = app.test_client()
    with client.session_transaction() as session:
        session["_user_id"] = key
    states = set()
    for link in sorted(links):
        if "/unsubscribe/" in link:
            continue
        assert client.get(link).status_code == 200, link
        states.update(parse_qs(urlsplit(link).query).get("state", []))
    assert states == {"proposed", "expired"}
    page = client.get(next(link for link in links if "state=expired" in link)).text
    assert "Wine" in page
    assert "Gardens" not in page
    page = client.get(next(link for link in links if "reason=left_out_places_taken" in link)).text
    assert "Kabuki" in page
    assert "Tax law" not in page


def test_a_match_that_runs_is_silent_until_somebody_writes_or_meets(context: Flask) -> None:
    this = known_week.stage()
    running = db.session.query(Match).filter_by(state=State.ACTIVE).one()
    factories.meeting(running, running.course_a.lecturer, called_off_at=NOW)
    known_week.promise(this)
    assert "Running, but nobody has written or agreed to meet" in known_week.mails()["coordinator"].text
    db.session.query(OutboxMessage).delete()
    db.session.query(DigestIssue).delete()
    factories.message(running, running.course_a.lecturer)
    known_week.promise(this)
    assert "Running, but" not in known_week.mails()["coordinator"].text


def test_a_step_taken_this_week_is_no_standstill(context: Flask) -> None:
    this = known_week.stage()
    soil = db.session.query(Match).filter_by(state=State.ACCEPTED).one()
    soil.events.append(MatchEvent(turn=1, action=Action.ENDORSE, side="a", at=NOW - timedelta(days=6)))
    known_week.promise(this)
    text = known_week.mails()["coordinator"].text
    still, waits = text.index("Nothing has happened"), text.index("Whom matches wait for")
    assert still < text.index("“Dikes”") < waits < text.index("“Soil”")


def test_a_round_taken_back_does_not_count_in_the_balance(context: Flask) -> None:
    this = known_week.stage()
    known_week.promise(this)
    assert "Asia: 6 of 8 courses" in known_week.mails()["coordinator"].text
    db.session.query(OutboxMessage).delete()
    db.session.query(DigestIssue).delete()
    tea = db.session.query(Match).filter_by(state=State.EXPIRED).one()
    db.session.execute(Match.__table__.update().where(Match.id == tea.id).values(state=State.TAKEN_BACK))
    known_week.promise(this)
    assert "Asia: 5 of 7 courses" in known_week.mails()["coordinator"].text


@pytest.mark.parametrize(
    ("instant", "begins"),
    [
        (datetime(2026, 6, 30, 23, 59, tzinfo=UTC), datetime(2026, 1, 1, tzinfo=UTC)),
        (datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC)),
    ],
)
def test_half_years_begin_in_january_and_july(instant: datetime, begins: datetime) -> None:
    assert half_year_of(instant) == begins


def test_the_office_is_written_to_when_only_a_person_waits(context: Flask) -> None:
    hanoi = factories.institution()
    factories.user("office@hanu.example", Role.OFFICE, hanoi)
    factories.user("new@hanu.example", at=hanoi, verified_at=None)
    known_week.promise(factories.round_())
    [message] = db.session.query(OutboxMessage).all()
    assert message.subject == "One person waits to be verified"
    assert "* New, since Mon, 23 Nov 2026, 09:00 (UTC)" in message.text


def test_a_lecturer_left_out_reads_what_would_bring_a_partner(week: dict[str, OutboxMessage]) -> None:
    said = "What would bring a partner: Also offer French as a language of the exchange"
    assert said in week["lecturer"].text
    assert said in week["lecturer"].html
