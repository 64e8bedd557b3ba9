"""An office at work in a browser: verifies a lecturer, returns a match with a question, approves it from the mail, and
is asked again when the plan changes."""

from urllib.parse import urlsplit

import pytest

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
from tests.stories.staging import Stage, Visitor
from tests.stories.test_to_an_approved_exchange import (
    HANOI,
    LISBON,
    OFFICE_A,
    OFFICE_B,
    RIVERS,
    WATER,
    A,
    B,
)

TAM = "tam.le@letters.example"


def open_from_mail(stage: Stage, address: str) -> Visitor:
    """Follow the link in the newest mail to an office, in a browser that has never been here."""
    person = stage.visitor("en")
    link = link_in(last_mail(stage, address), "/open/")
    person.open(link)
    assert "Open as" in person.text
    person.send(urlsplit(link).path)
    return person


@pytest.mark.parametrize("stage", ["phone"], indirect=True)
def test_an_office_verifies_returns_approves_and_is_asked_again_after_a_change(stage: Stage) -> None:
    admin = make_administrator(stage, "en")
    hue = join(stage, "lecturer", "Hue Tran", A, HANOI, "en")
    ana = join(stage, "lecturer", "Ana Costa", B, LISBON, "en")
    office_a = join(stage, "office", "Office Hanoi", OFFICE_A, HANOI, "en")
    join(stage, "office", "Office Lisbon", OFFICE_B, LISBON, "en")
    verify_everyone(admin, 2)

    # Somebody whose address shows nothing waits for the office, which knows them.
    join(stage, "lecturer", "Tam Le", TAM, HANOI, "en")
    verify_everyone(office_a, 1)
    assert "Nobody waits" in office_a.open("/people").text
    tick(stage, "send-mail")
    assert "Hanoi University of Science and Technology" in text_of(last_mail(stage, TAM))

    open_course(hue, "Urban water", WATER, 28, "14:00", "17:00")
    open_course(ana, "Rivers and cities", RIVERS, 24, "08:00", "11:00")
    tick(stage, "weekly-round", "send-mail")
    match = link_in(last_mail(stage, A), "/matches/")
    for person in (hue, ana):
        person.open(match).send("/decisions", holding="accept")

    # The office asks back before it approves; both lecturers accept once more.
    tick(stage, "send-mail")
    office = open_from_mail(stage, OFFICE_A)
    asked = "Which rooms will you use, and who pays for them?"
    office.send("/decisions", {"reason": "other", "note": asked}, holding="return")
    tick(stage, "send-mail")
    assert asked in text_of(last_mail(stage, B))
    for person in (hue, ana):
        assert asked in person.open(match).text
        person.send("/decisions", holding="accept")
    tick(stage, "send-mail")
    offices = []
    for address in (OFFICE_A, OFFICE_B):
        offices.append(open_from_mail(stage, address))
        offices[-1].send("/decisions", holding="approve")
    assert "Both offices have approved" in hue.open(match).text

    # A change of the plan is announced before it is saved, and both offices are asked again with what changed.
    hue.open(f"{match}/plan/edit")
    assert "both offices see what changed and are asked again" in hue.text
    hue.send("/plan/edit", {"contingency": "We send each other a recorded lecture."})
    tick(stage, "send-mail")
    for office, address in zip(offices, (OFFICE_A, OFFICE_B), strict=True):
        assert "We send each other a recorded lecture." in text_of(last_mail(stage, address))
        office.open(match)
        assert "We send each other a recorded lecture." in office.text
        office.send("/decisions", holding="approve")
    assert "Both offices have approved" in ana.open(match).text
    tam = sign_in(stage.visitor("en"), TAM)
    tam.open("/courses/new")
