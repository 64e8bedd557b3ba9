"""Commands of the service: ``flask --app webapp <group> <command>``."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Attach the commands."""
