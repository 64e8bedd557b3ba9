"""What the people of a story do, step by step, through pages and mail only."""

import re
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

from flask import Flask

from tests.smtp import MailServer, text_of
from tests.stories.surfing import Surfer
from webapp.jobs import run_job

PASSWORD = "seven green rivers at noon"


def tick(app: Flask, *jobs: str) -> None:
    """Let the scheduler run some jobs now."""
    with app.app_context():
        for job in jobs:
            run_job(job, lambda _said: None)


def link_in(message: EmailMessage, part: str) -> str:
    """Find the address in a message that contains a part."""
    found = [link for link in re.findall(r"http://localhost\S+", text_of(message)) if part in link]
    assert found, f"no link with {part} in: {text_of(message)}"
    return found[0]


def last_mail(server: MailServer, address: str) -> EmailMessage:
    """The newest message to an address."""
    received = server.to(address)
    assert received, f"no mail for {address}"
    return received[-1]


def join(app: Flask, server: MailServer, role: str, name: str, email: str, institution: str, language: str) -> Surfer:
    """Sign up, read the mail, confirm, sign in."""
    person = Surfer(app, language)
    person.open("/sign-up").send(
        "/sign-up",
        {
            "role": role,
            "institution": institution,
            "name": name,
            "email": email,
            "password": PASSWORD,
            "language": language,
            "consent": "y",
        },
    )
    tick(app, "send-mail")
    link = link_in(last_mail(server, email), "/confirm/")
    person.open(link).send(link.removeprefix("http://localhost"))
    return sign_in(person, email)


def sign_in(person: Surfer, email: str, password: str = PASSWORD) -> Surfer:
    """Sign in."""
    person.open("/sign-in").send("/sign-in", {"email": email, "password": password})
    assert person.address == "/"
    return person


def term_ahead() -> tuple[date, date]:
    """A term of fourteen weeks that begins in about two months, on a Monday."""
    today = datetime.now(UTC).date()
    start = today + timedelta(days=60 - today.weekday())
    return start, start + timedelta(days=14 * 7 - 3)


def open_course(person: Surfer, title: str, description: str, students: int, start: str, end: str) -> Surfer:
    """Describe a course and open it for partners."""
    first, last = term_ahead()
    person.open("/courses/new").send(
        "/courses/new",
        {
            "title": title,
            "description": description,
            "level": "bachelor",
            "students": students,
            "exchange_languages-0-language": "en",
            "exchange_languages-0-level": "B2",
            "starts_on": first.isoformat(),
            "ends_on": last.isoformat(),
            "weeks_wanted": 6,
            "slots-0-weekday": "tue",
            "slots-0-start": start,
            "slots-0-end": end,
            "mode": "mixed",
        },
        button=("then", "publish"),
    )
    assert re.fullmatch(r"/courses/\d+", person.address)
    return person
