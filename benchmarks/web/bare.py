"""The floor: a Flask page that does nothing."""

from __future__ import annotations

from flask import Flask


def create_app() -> Flask:
    """Build a service of one page of a few words."""
    app = Flask(__name__)

    @app.get("/")
    def index() -> str:
        return "<!doctype html><title>Bare</title><p>Nothing is done here."

    return app
