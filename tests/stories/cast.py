"""What the people of a story do, step by step, through pages and mail only."""

import re
from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage
from urllib.parse import urlsplit

from tests.smtp import text_of
from tests.stories.staging import Stage, Visitor
from webapp.jobs import run_job

PASSWORD = "seven green rivers at noon"


def tick(stage: Stage, *jobs: str) -> None:
    """Let the scheduler run some jobs now."""
    with stage.app.app_context():
        for job in jobs:
            run_job(job, lambda _said: None)


def link_in(message: EmailMessage, part: str) -> str:
    """Find the address in a message that contains a part."""
    found = [link for link in re.findall(r"http://localhost\S+", text_of(message)) if part in link]
    assert found, f"no link with {part} in: {text_of(message)}"
    return found[0]


def last_mail(stage: Stage, address: str) -> EmailMessage:
    """The newest message to an address."""
    received = stage.mail.to(address)
    assert received, f"no mail for {address}"
    return received[-1]


def join(stage: Stage, role: str, name: str, email: str, institution: str, language: str) -> Visitor:
    """Sign up, read the mail, confirm, sign in."""
    person = stage.visitor(language)
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
    tick(stage, "send-mail")
    link = link_in(last_mail(stage, email), "/confirm/")
    person.open(link).send(urlsplit(link).path)
    return sign_in(person, email)


def make_administrator(stage: Stage, language: str) -> Visitor:
    """Make the first administrator by the command, and sign in."""
    email = "admin@causeway.example"
    options = {"--email": email, "--name": "Kei Admin", "--language": language, "--password": PASSWORD}
    words = [word for option in options.items() for word in option]
    made = stage.app.test_cli_runner().invoke(args=["accounts", "create-administrator", *words])
    assert made.exit_code == 0, made.output
    return sign_in(stage.visitor(language), email)


def verify_everyone(admin: Visitor, n: int) -> None:
    """Verify people until so many are."""
    for _ in range(n):
        form = admin.open("/people").page.find("form", action=lambda to: bool(to and to.endswith("/verify")))
        assert form is not None, "nobody waits"
        admin.send(str(form["action"]))


def sign_in(person: Visitor, email: str, password: str = PASSWORD) -> Visitor:
    """Sign in."""
    person.open("/sign-in").send("/sign-in", {"email": email, "password": password})
    assert person.address == "/"
    return person


def term_ahead() -> tuple[date, date]:
    """A term of fourteen weeks that begins in about two months, on a Monday."""
    today = datetime.now(UTC).date()
    start = today + timedelta(days=60 - today.weekday())
    return start, start + timedelta(days=14 * 7 - 3)


def open_course(person: Visitor, title: str, description: str, students: int, start: str, end: str) -> Visitor:
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
    assert re.fullmatch(r"/courses/\d+(/fits)?", person.address)
    return person
