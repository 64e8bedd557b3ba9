"""The blueprint the pages of this folder register with."""

from flask import Blueprint

bp = Blueprint("directory", __name__)
