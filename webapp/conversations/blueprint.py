"""The blueprint that the modules of conversation pages share, and how much a message with files may weigh."""

from typing import Any

from flask import Blueprint, request, session

from webapp.conversations.files import LARGEST_FILE, MOST_FILES

bp = Blueprint("conversations", __name__)

LARGEST_BODY = (MOST_FILES + 1) * LARGEST_FILE
"""A file that is a little too large still gets an answer beside its field (bytes)."""


@bp.url_value_preprocessor
def take_files(_endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let this one form carry files, for those who have a session; strangers keep the limit of every other page.

    It runs before the form is read, and asks no database: nothing may be held while a slow line sends a file.
    """
    if request.endpoint == f"{bp.name}.send" and "_user_id" in session:
        request.max_content_length = LARGEST_BODY
