"""The blueprint all pages of matches belong to."""

from flask import Blueprint

bp = Blueprint("matches", __name__)
