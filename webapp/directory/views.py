"""Pages of this folder."""

from flask import Blueprint

from webapp.directory import models  # noqa: F401

bp = Blueprint("directory", __name__)
