"""The blueprint that the modules of profile pages share."""

from flask import Blueprint

bp = Blueprint("profiles", __name__)
