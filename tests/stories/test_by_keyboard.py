"""A lecturer who has never been here, by keyboard alone, on a phone's width and a desk's: from sign-up to an agreed
partner, with real mail."""

import re
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, expect

from tests.smtp import text_of
from tests.stories.cast import PASSWORD, join, last_mail, link_in, open_course, term_ahead, tick
from tests.stories.hands import Hands
from tests.stories.staging import Stage
from tests.stories.test_to_an_approved_exchange import RIVERS, words

MAI, ANA = "mai.nguyen@hust.edu.vn", "ana.costa@ulisboa.pt"
HANOI, LISBON = "Hanoi University of Science and Technology", "University of Lisbon"

SYLLABUS = """Urban Water and Flood Resilience

This bachelor course studies how cities live with rivers and floods. Students map flood risk in their own city,
interview residents and planners, and compare how people in different countries deal with rising water. The course is
taught in English (B2).

Learning outcomes
- read and draw maps of flood risk
- interview residents and planners
- compare how two cities adapt to climate change

Assessment: a report by groups of four students. Maximum 30 students.
"""


@pytest.fixture
def sitting(request: pytest.FixtureRequest, browser: Browser, stage: Stage) -> Iterator[Callable[[str, str], Hands]]:
    """Give people at keyboards, whose windows are closed at the end."""
    people: list[Hands] = []

    def sit(size: str, language: str) -> Hands:
        people.append(Hands(browser, stage.app.config["SETTINGS"].public_url, size, language))
        return people[-1]

    yield sit
    for person in people:
        person.close()


def sign_up(mai: Hands, language: str) -> None:
    """Sign up as a lecturer of Hanoi."""
    mai.go("/").press('a[href="/sign-up"]')
    mai.choose("input[name=role]", "lecturer")
    mai.write("input[name=institution]", HANOI).page.keyboard.press("Escape")
    mai.write("input[name=name]", "Mai Nguyen").write("input[name=email]", MAI).write("input[name=password]", PASSWORD)
    mai.choose("select[name=language]", language)
    mai.tick("input[name=consent]").press("main form button[type=submit]")
    assert mai.path == "/mail-sent"


def describe_a_course(mai: Hands) -> str:
    """Make a course out of a syllabus, open it, and give its address."""
    first, last = term_ahead()
    mai.go("/").press('main a[href="/courses/new"]')
    mai.write(".syllabus-form textarea", SYLLABUS).reach(".syllabus-form button[type=submit]")
    mai.page.keyboard.press("Enter")
    expect(mai.page.locator("[data-take-all]")).to_be_visible(timeout=60_000)
    mai.reach("[data-take-all]").page.keyboard.press("Enter")
    expect(mai.page.locator("input[name=title]")).to_have_value("Urban Water and Flood Resilience")
    expect(mai.page.locator("select[name=level], input[name=level]").first).to_have_value("bachelor")
    mai.look()
    mai.date("input[name=starts_on]", first).date("input[name=ends_on]", last)
    # Tuesday from 14:00 to 17:00, on the week grid, which begins at Monday 9:00.
    mai.reach("[data-week-grid] [role=gridcell][tabindex='0']").keys("ArrowRight").keys("ArrowDown", 10)
    mai.keys("Space").keys("Shift+ArrowDown", 5)
    expect(mai.page.locator("input[name=slots-0-end]")).to_have_value("17:00")
    mai.press("button[name=then][value=publish]:not(.visually-hidden)")
    return mai.path


@pytest.mark.parametrize(
    ("stage", "language"),
    [("phone", "en"), ("phone", "ja"), ("desk", "en"), ("desk", "ja")],
    indirect=["stage"],
)
def test_a_new_lecturer_reaches_an_agreed_partner_by_keyboard_alone(
    stage: Stage, language: str, sitting: Callable[[str, str], Hands], request: pytest.FixtureRequest
) -> None:
    size = request.node.callspec.params["stage"]
    ana = join(stage, "lecturer", "Ana Costa", ANA, LISBON, "en")
    open_course(ana, "Rivers and cities", RIVERS, 24, "08:00", "11:00")

    mai = sitting(size, language)
    sign_up(mai, language)
    tick(stage, "send-mail")
    mai.go(link_in(last_mail(stage, MAI), "/confirm/")).press("main form button[type=submit]")
    mai.write("input[name=email]", MAI).write("input[name=password]", PASSWORD).press("main form button[type=submit]")
    assert mai.path == "/"

    course = describe_a_course(mai)
    mai.go(f"{course.removesuffix('/fits')}/fits")
    expect(mai.page.get_by_text("Rivers and cities").first).to_be_visible(timeout=60_000)
    mai.look()

    # Search, and invite.
    mai.go("/directory").write("input[name=q]", "川と都市の洪水" if language == "ja" else "cities and floods")
    mai.page.keyboard.press("Enter")
    # The search changes the address when its answer is there: what was found before is taken away then.
    expect(mai.page).to_have_url(re.compile(r"[?&]q="))
    found = mai.page.locator('#results a[href^="/directory/"]', has_text="Rivers and cities").first
    expect(found).to_be_visible()
    mai.press(f'#results a[href="{found.get_attribute("href")}"]')
    mai.press('a[href*="/invit"]')
    mai.write("textarea[name=note]", "Our students map floods; yours study rivers. Shall we?")
    mai.press("form.invite button[type=submit]")
    assert urlsplit(mai.page.url).path.startswith("/matches/")
    match = mai.path

    # Ana reads the invitation and asks; Mai answers; Ana accepts.
    tick(stage, "send-mail")
    assert "Our students map floods" in text_of(last_mail(stage, ANA))
    ana.open(match)
    assert MAI not in ana.text
    ana.open(f"{match}/conversation").send("/conversation", {"text": "Gladly. How large are your groups?"})
    tick(stage, "send-mail")
    mai.go(link_in(last_mail(stage, MAI), "/conversation"))
    assert "How large are your groups?" in mai.text
    mai.write("textarea[name=text]", "Four students, two of each side.").press("form.write button[type=submit]")
    assert "Four students" in ana.open(f"{match}/conversation").text
    ana.open(match).send("/decisions", holding="accept")
    mai.go(match)
    assert words(language, "Accepted") in mai.text
    assert ANA in mai.text
