"""The blueprint that the modules of pages of institutions share."""

from flask import Blueprint

bp = Blueprint("institutions", __name__)
