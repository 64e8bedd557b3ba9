"""Pages of this folder."""

from flask import Blueprint

from webapp.conversations import models  # noqa: F401

bp = Blueprint("conversations", __name__)
