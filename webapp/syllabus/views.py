"""Pages of this folder."""

from flask import Blueprint

bp = Blueprint("syllabus", __name__)
