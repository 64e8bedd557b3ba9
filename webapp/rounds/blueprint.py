"""The blueprint of all pages of rounds; their views stand in modules by what they are about."""

from flask import Blueprint

from webapp.rounds import names

bp = Blueprint("rounds", __name__, url_prefix="/rounds")
bp.add_app_template_filter(names.days, "round_days")
bp.add_app_template_filter(names.name, "round_name")
