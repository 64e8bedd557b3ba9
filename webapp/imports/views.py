"""Pages of this folder."""

from flask import Blueprint

from webapp.imports import models  # noqa: F401

bp = Blueprint("imports", __name__)
