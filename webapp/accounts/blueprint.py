"""The blueprint that the modules of account pages share."""

from flask import Blueprint

bp = Blueprint("accounts", __name__)
