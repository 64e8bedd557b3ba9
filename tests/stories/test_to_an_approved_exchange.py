"""From sign-up to an approved exchange, over HTTP and real mail, in French and in Japanese."""

import pytest
from babel.support import Translations
from flask import Flask

from config import ROOT
from tests.smtp import MailServer, text_of
from tests.stories.cast import PASSWORD, join, last_mail, link_in, open_course, sign_in, tick
from tests.stories.surfing import Surfer

WATER = "Students map floods in their city and compare how residents and planners deal with rising water."
RIVERS = "Students study rivers in cities: floods, planning and the life of residents on the banks."

A, B = "hue.tran@hust.edu.vn", "ana.costa@ulisboa.pt"
OFFICE_A, OFFICE_B = "office@hust.edu.vn", "office@ulisboa.pt"
HANOI, LISBON = "Hanoi University of Science and Technology", "University of Lisbon"


def words(language: str, text: str) -> str:
    """A text of ours in a language, from the compiled catalogue."""
    return str(Translations.load(ROOT / "translations", [language]).gettext(text))


@pytest.mark.parametrize("language", ["fr", "ja"])
def test_two_lecturers_and_two_offices_reach_an_approved_exchange(
    stage: Flask, mail_server: MailServer, language: str
) -> None:
    made = stage.test_cli_runner().invoke(
        args=["accounts", "create-administrator", "--email", "admin@causeway.example", "--name", "Kei Admin",
              "--language", language, "--password", PASSWORD]
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    admin = sign_in(Surfer(stage, language), "admin@causeway.example")

    # Lecturers are verified by the domain of their address, offices and coordinators by the administrator.
    hue = join(stage, mail_server, "lecturer", "Hue Tran", A, HANOI, language)
    ana = join(stage, mail_server, "lecturer", "Ana Costa", B, LISBON, language)
    office_a = join(stage, mail_server, "office", "Office Hanoi", OFFICE_A, HANOI, language)
    office_b = join(stage, mail_server, "office", "Office Lisbon", OFFICE_B, LISBON, language)
    join(stage, mail_server, "coordinator", "Noor Net", "noor@asem.example", "", language)
    office_a.open("/approvals", status=403)
    for _ in range(3):
        form = admin.open("/people").page.find("form", action=lambda to: bool(to and to.endswith("/verify")))
        assert form is not None
        admin.send(str(form["action"]))
    assert words(language, "Nobody waits") in admin.open("/people").text

    open_course(hue, "Urban water", WATER, 28, "14:00", "17:00")
    open_course(ana, "Rivers and cities", RIVERS, 24, "08:00", "11:00")
    tick(stage, "weekly-round", "send-mail")

    # Both read their digest, follow its link and accept; addresses stay hidden until the second one has.
    digest = last_mail(mail_server, A)
    assert digest["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert words(language, "The next round runs on Monday.") in text_of(digest)
    link = link_in(digest, "/matches/")
    hue.open(link)
    assert hue.page.html is not None
    assert hue.page.html["lang"] == language
    assert B not in hue.text
    assert hue.page.find("svg") is not None
    hue.send("/decisions")
    assert B not in hue.text
    tick(stage, "send-mail")
    ana.open(link_in(last_mail(mail_server, B), "/matches/"))
    assert A not in ana.text
    ana.send("/decisions")
    assert A in ana.text
    assert B in hue.open(link).text

    # Both offices are asked by mail and approve.
    tick(stage, "send-mail")
    office_a.open(link_in(last_mail(mail_server, OFFICE_A), "/matches/")).send("/decisions")
    office_b.open("/approvals").open(link_in(last_mail(mail_server, OFFICE_B), "/matches/")).send("/decisions")
    assert words(language, "approved") in office_b.text.casefold() or words(language, "Approved") in office_b.text
    tick(stage, "send-mail")
    for address in (A, B):
        assert link.rpartition("/")[2] in link_in(last_mail(mail_server, address), "/matches/")

    # The coordinator had a digest, sees the round, and nobody else does.
    noor = sign_in(Surfer(stage, language), "noor@asem.example")
    assert mail_server.to("noor@asem.example")
    noor.open(link_in(last_mail(mail_server, "noor@asem.example"), "/rounds/"))
    assert "Urban water" in noor.text
    hue.open("/rounds", status=403)

    # Running everything again proposes nothing and sends nothing twice.
    n_sent = len(mail_server.received)
    tick(stage, "weekly-round", "deadlines", "send-mail")
    assert len(mail_server.received) == n_sent
    keys = [message["Message-ID"] for message in mail_server.received]
    assert len(keys) == len(set(keys))


def test_a_declined_match_says_why_and_an_office_can_ask_back(stage: Flask, mail_server: MailServer) -> None:
    made = stage.test_cli_runner().invoke(
        args=["accounts", "create-administrator", "--email", "admin@causeway.example", "--name", "Kei Admin",
              "--language", "en", "--password", PASSWORD]
    )  # fmt: skip
    assert made.exit_code == 0, made.output
    admin = sign_in(Surfer(stage), "admin@causeway.example")
    hue = join(stage, mail_server, "lecturer", "Hue Tran", A, HANOI, "en")
    ana = join(stage, mail_server, "lecturer", "Ana Costa", B, LISBON, "en")
    office = join(stage, mail_server, "office", "Office Hanoi", OFFICE_A, HANOI, "en")
    form = admin.open("/people").page.find("form", action=lambda to: bool(to and to.endswith("/verify")))
    assert form is not None
    admin.send(str(form["action"]))
    open_course(hue, "Urban water", WATER, 28, "14:00", "17:00")
    open_course(ana, "Rivers and cities", RIVERS, 24, "08:00", "11:00")
    tick(stage, "weekly-round", "send-mail")
    link = link_in(last_mail(mail_server, A), "/matches/")
    hue.open(link).send("/decisions")
    ana.open(link).send("/decisions")

    office.open(link)
    returning = next(f for f in office.page.find_all("form") if f.find("input", attrs={"value": "return"}))
    reason = returning.find("input", attrs={"name": "reason"})
    assert reason is not None
    office.client.post(
        str(returning["action"]),
        data={
            **{str(i["name"]): str(i["value"]) for i in returning.find_all("input", type="hidden")},
            "reason": str(reason["value"]),
            "note": "Which rooms will you use?",
        },
    )
    tick(stage, "send-mail")
    assert "Which rooms will you use?" in text_of(last_mail(mail_server, A))
    assert "Which rooms will you use?" in ana.open(link).text

    # The lecturers accept once more, or not: Ana declines and says why.
    declining = next(f for f in ana.page.find_all("form") if f.find("input", attrs={"value": "decline"}))
    hidden = {str(i["name"]): str(i["value"]) for i in declining.find_all("input", type="hidden")}
    refused = ana.client.post(str(declining["action"]), data=hidden)
    assert refused.status_code == 422
    ana.client.post(str(declining["action"]), data={**hidden, "reason": "no_time", "note": "My dean changed my plan."})
    tick(stage, "send-mail")
    assert "My dean changed my plan." in text_of(last_mail(mail_server, A))
    assert "My dean changed my plan." in hue.open(link).text
