"""The blueprint that the modules of the office's pages share."""

from flask import Blueprint

bp = Blueprint("offices", __name__)
