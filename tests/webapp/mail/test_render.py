"""Mail as values, in the layout that all mail shares."""

from collections.abc import Iterator
from typing import Any

import jinja2
import pytest
from flask import Flask

from webapp.mail.render import Mail, render

SAMPLE = {
    "mail/sample/subject.txt": "A subject\n  for {{ reader }}\n",
    "mail/sample/body.txt": "Dear {{ reader }}\n{% include 'mail/footer.txt' %}\n\n",
    "mail/sample/body.html": (
        "{% extends 'mail/layout.html' %}"
        "{% block preheader %}In short{% endblock %}"
        "{% block content %}<p class='talk'>Dear {{ reader }}</p><a class='button' href='/x'>Go</a>{% endblock %}"
    ),
}


@pytest.fixture
def write(context: Flask) -> Iterator[Any]:
    """Render the sample mail, in English unless another language is given."""
    real = context.jinja_env.loader
    assert real is not None
    context.jinja_env.loader = jinja2.ChoiceLoader([jinja2.DictLoader(SAMPLE), real])

    def _write(language: str = "en", **values: Any) -> Mail:
        return render("sample", "mai@hanu.example", language, **({"reader": "Mai"} | values))

    yield _write
    context.jinja_env.loader = real


def test_a_subject_is_one_line(write: Any) -> None:
    assert write(reader="Mai\r\nBcc: x@y.example").subject == "A subject for Mai Bcc: x@y.example"


def test_styles_stand_in_the_elements_and_the_dark_scheme_stays_in_the_head(write: Any) -> None:
    html = write().html
    assert 'style="margin: 0 0 14px;color: #8a5a00;"' in html
    assert "@media (prefers-color-scheme: dark)" in html
    assert "<table" not in html
    assert "<link" not in html
    assert "<img" not in html


def test_a_mail_says_who_we_are_and_why_one_gets_it(write: Any) -> None:
    mail = write()
    for part in (mail.text, mail.html):
        assert "Causeway brings classes in Asia and Europe together" in part
        assert "there is an account with your address" in part
        assert "http://localhost/" in part


def test_only_a_mail_one_can_leave_shows_the_way_out(write: Any) -> None:
    leave = "http://localhost/unsubscribe/abc"
    mail = write(unsubscribe_url=leave)
    assert leave in mail.text
    assert f'href="{leave}"' in mail.html
    assert "unsubscribe" not in write().html + write().text


def test_what_people_wrote_cannot_become_markup(write: Any) -> None:
    mail = write(reader="<script>x</script>")
    assert "<script>" not in mail.html
    assert "<script>x</script>" in mail.text


def test_a_mail_is_marked_with_the_language_of_its_reader(write: Any) -> None:
    assert '<html lang="fr"' in write("fr").html
    assert '<html lang="ja"' in write("ja").html


def test_the_text_begins_with_words_and_ends_with_one_line_break(write: Any) -> None:
    text = write().text
    assert text.startswith("Dear Mai")
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
