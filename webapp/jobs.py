"""What runs by itself, and when."""

from flask import Flask


def init_app(app: Flask) -> None:
    """Attach the commands that run and start jobs."""
