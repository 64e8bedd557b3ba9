"""Pages of profiles."""

from flask import Blueprint

from webapp.profiles import models  # noqa: F401

bp = Blueprint("profiles", __name__)
