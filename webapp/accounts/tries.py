"""Passwords typed wrong, in one request: when nobody may try any more, and the page that says so."""

from datetime import datetime, timedelta

from flask import current_app, render_template, request
from flask_babel import get_timezone

from config import Settings
from webapp.accounts import throttle
from webapp.db import db, reading
from webapp.i18n import clock, zone_name


def _settings() -> Settings:
    settings: Settings = current_app.config["SETTINGS"]
    return settings


def _pause() -> timedelta:
    return timedelta(minutes=_settings().sign_in_pause_minutes)


def refusal(email: str, now: datetime) -> tuple[str, int] | None:
    """Give the page that asks for patience; None when this address may be tried from this place now.

    Ends the running transaction.
    """
    settings, place = _settings(), throttle.place_of(request.remote_addr)
    with reading():
        until = throttle.pause_ends_at(email, place, now, settings.sign_in_tries, _pause())
        db.session.rollback()
    if until is None:
        return None
    zone = zone_name(str(get_timezone()))
    return render_template("accounts/paused.html", until=clock(until), zone=zone), 429


def note_failure(email: str, now: datetime) -> None:
    """Note a wrong password, for the caller to commit."""
    throttle.note_failure(email, throttle.place_of(request.remote_addr), now, _pause())
