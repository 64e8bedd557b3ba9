"""From sign-up to an approved exchange, with real mail: over HTTP in two languages, and in Chromium."""

import pytest
from babel.support import Translations

from config import ROOT
from tests.smtp import text_of
from tests.stories.cast import (
    join,
    last_mail,
    link_in,
    make_administrator,
    open_course,
    sign_in,
    tick,
    verify_everyone,
)
from tests.stories.staging import Stage

WATER = "Students map floods in their city and compare how residents and planners deal with rising water."
RIVERS = "Students study rivers in cities: floods, planning and the life of residents on the banks."

A, B = "hue.tran@hust.edu.vn", "ana.costa@ulisboa.pt"
OFFICE_A, OFFICE_B = "office@hust.edu.vn", "office@ulisboa.pt"
HANOI, LISBON = "Hanoi University of Science and Technology", "University of Lisbon"


def words(language: str, text: str) -> str:
    """A text of ours in a language, from the compiled catalogue."""
    return str(Translations.load(ROOT / "translations", [language]).gettext(text)) if language != "en" else text


@pytest.mark.parametrize(
    ("stage", "language"),
    [("http", "fr"), ("http", "ja"), ("postgresql", "en"), ("phone", "ja"), ("desk", "fr")],
    indirect=["stage"],
)
def test_two_lecturers_and_two_offices_reach_an_approved_exchange(stage: Stage, language: str) -> None:
    admin = make_administrator(stage, language)

    # Lecturers are verified by the domain of their address, offices and coordinators by the administrator.
    hue = join(stage, "lecturer", "Hue Tran", A, HANOI, language)
    ana = join(stage, "lecturer", "Ana Costa", B, LISBON, language)
    office_a = join(stage, "office", "Office Hanoi", OFFICE_A, HANOI, language)
    office_b = join(stage, "office", "Office Lisbon", OFFICE_B, LISBON, language)
    join(stage, "coordinator", "Noor Net", "noor@asem.example", "", language)
    office_a.open("/approvals", status=403)
    verify_everyone(admin, 3)
    assert words(language, "Nobody waits") in admin.open("/people").text

    open_course(hue, "Urban water", WATER, 28, "14:00", "17:00")
    open_course(ana, "Rivers and cities", RIVERS, 24, "08:00", "11:00")
    tick(stage, "weekly-round", "send-mail")

    # Both read their digest, follow its link and accept; addresses stay hidden until the second one has.
    digest = last_mail(stage, A)
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert words(language, "The next round runs on Monday.") in text_of(digest)
    link = link_in(digest, "/matches/")
    hue.open(link)
    assert hue.page.html is not None
    assert str(hue.page.html["lang"]).startswith(language)
    assert B not in hue.text
    assert hue.page.find("svg") is not None
    hue.send("/decisions", holding="accept")
    assert B not in hue.text
    tick(stage, "send-mail")
    ana.open(link_in(last_mail(stage, B), "/matches/"))
    assert A not in ana.text
    ana.send("/decisions", holding="accept")
    assert A in ana.text
    assert B in hue.open(link).text

    # Both offices are asked by mail and approve.
    tick(stage, "send-mail")
    office_a.open(link_in(last_mail(stage, OFFICE_A), "/matches/")).send("/decisions", holding="approve")
    office_b.open("/approvals")
    office_b.open(link_in(last_mail(stage, OFFICE_B), "/matches/")).send("/decisions", holding="approve")
    assert words(language, "Approved") in office_b.text
    tick(stage, "send-mail")
    for address in (A, B):
        assert link.rpartition("/")[2] in link_in(last_mail(stage, address), "/matches/")

    # The coordinator had a digest, sees the round, and nobody else does.
    noor = sign_in(stage.visitor(language), "noor@asem.example")
    noor.open(link_in(last_mail(stage, "noor@asem.example"), "/rounds/"))
    assert "Urban water" in noor.text
    hue.open("/rounds", status=403)

    # Running everything again proposes nothing and sends nothing twice.
    n_sent = len(stage.mail.received)
    tick(stage, "weekly-round", "deadlines", "send-mail")
    assert len(stage.mail.received) == n_sent
    keys = [message["Message-ID"] for message in stage.mail.received]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("stage", ["http"], indirect=True)
def test_a_declined_match_says_why_and_an_office_can_ask_back(stage: Stage) -> None:
    admin = make_administrator(stage, "en")
    hue = join(stage, "lecturer", "Hue Tran", A, HANOI, "en")
    ana = join(stage, "lecturer", "Ana Costa", B, LISBON, "en")
    office = join(stage, "office", "Office Hanoi", OFFICE_A, HANOI, "en")
    verify_everyone(admin, 1)
    open_course(hue, "Urban water", WATER, 28, "14:00", "17:00")
    open_course(ana, "Rivers and cities", RIVERS, 24, "08:00", "11:00")
    tick(stage, "weekly-round", "send-mail")
    link = link_in(last_mail(stage, A), "/matches/")
    hue.open(link).send("/decisions", holding="accept")
    ana.open(link).send("/decisions", holding="accept")

    asked = "Which rooms will you use?"
    office.open(link).send("/decisions", {"reason": "other", "note": asked}, holding="return")
    tick(stage, "send-mail")
    assert asked in text_of(last_mail(stage, A))
    assert asked in ana.open(link).text

    # The lecturers accept once more, or not: Ana declines, is asked why, and what she typed is kept.
    why = "My dean changed my plan."
    ana.send("/decisions", {"note": why}, holding="decline", status=422)
    assert why in ana.text
    ana.send("/decisions", {"reason": "no_time"}, holding="decline")
    tick(stage, "send-mail")
    assert why in text_of(last_mail(stage, A))
    assert why in hue.open(link).text
