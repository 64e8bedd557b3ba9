"""The digests of a known week, letter by letter, in every language.

After a change that is meant, write them anew and look at the difference::

    WRITE_SNAPSHOTS=1 python -m pytest tests/webapp/rounds/test_digest_snapshots.py
    git diff tests/webapp/rounds/snapshots
"""

import os
import re
from pathlib import Path

import pytest
from flask import Flask

from tests.webapp.rounds import known_week
from webapp.i18n import LANGUAGES
from webapp.mail.models import OutboxMessage

FOLDER = Path(__file__).parent / "snapshots"
TOKEN = re.compile(r"/unsubscribe/[\w.-]+")


def parts(message: OutboxMessage) -> dict[str, str]:
    """What is kept of a digest, by the ending of its file; the token that changes with the clock is replaced."""
    text = f"Subject: {message.subject}\n\n{message.text}"
    return {"txt": TOKEN.sub("/unsubscribe/TOKEN", text), "html": TOKEN.sub("/unsubscribe/TOKEN", message.html)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_digests_of_a_known_week_are_as_they_were_read_and_found_good(context: Flask, language: str) -> None:
    known_week.promise(known_week.stage(language))
    made = {
        f"{name}.{language}.{ending}": content
        for name, message in known_week.mails().items()
        for ending, content in parts(message).items()
    }
    if os.environ.get("WRITE_SNAPSHOTS"):
        FOLDER.mkdir(exist_ok=True)
        for name, content in made.items():
            (FOLDER / name).write_text(content, encoding="utf-8")
    kept = {path.name: path.read_text(encoding="utf-8") for path in sorted(FOLDER.glob(f"*.{language}.*"))}
    assert sorted(made) == sorted(kept)
    for name, content in made.items():
        assert content == kept[name], f"{name} changed"
