"""Pages of mail."""

from flask import Blueprint

from webapp.mail import models  # noqa: F401

bp = Blueprint("mail", __name__)
