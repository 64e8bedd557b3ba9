"""Mail as values: a name and a context become subject, text and HTML in one person's language."""

import re
from dataclasses import dataclass, field
from typing import Any

import css_inline
from flask import render_template
from flask_babel import force_locale


@dataclass(frozen=True)
class Mail:
    """A finished message to one address.

    Parameters
    ----------
    to_address
        One mail address.
    subject, text, html
        Its parts; text and HTML say the same.
    headers
        Further header fields, such as ``List-Unsubscribe``.
    """

    to_address: str
    subject: str
    text: str
    html: str
    headers: dict[str, str | None] = field(default_factory=dict)


def render(
    name: str, to_address: str, language: str, *, headers: dict[str, str | None] | None = None, **context: Any
) -> Mail:
    """Render ``templates/mail/<name>/{subject.txt,body.txt,body.html}`` in a language.

    Parameters
    ----------
    name
        Folder of the templates.
    to_address
        The receiver.
    language
        BCP 47 code of a language the service speaks.
    headers
        Further header fields.
    **context
        What the templates show.

    Raises
    ------
    jinja2.TemplateNotFound
        When one of the three parts is missing.
    """
    with force_locale(language):
        subject = render_template(f"mail/{name}/subject.txt", **context)
        text = render_template(f"mail/{name}/body.txt", language=language, **context)
        html = render_template(f"mail/{name}/body.html", language=language, **context)
    return Mail(
        to_address=to_address,
        subject=" ".join(subject.split()),
        # Parts that are left out leave their empty lines behind.
        text=re.sub(r"\n\s*\n", "\n\n", text).strip() + "\n",
        html=css_inline.inline(html, keep_at_rules=True, load_remote_stylesheets=False),
        headers=headers or {},
    )
