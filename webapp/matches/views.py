"""Pages of matches."""

from flask import Blueprint

from webapp.matches import models  # noqa: F401

bp = Blueprint("matches", __name__)
