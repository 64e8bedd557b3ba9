"""The blueprint of all pages of rounds; their views stand in modules by what they are about."""

from flask import Blueprint

bp = Blueprint("rounds", __name__, url_prefix="/rounds")
