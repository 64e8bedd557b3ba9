"""Causeway's web service: everything is wired here and nowhere else."""

from datetime import timedelta
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

import config
from webapp import access, assets, cli, db, error_pages, home, i18n, incoming, jobs, roles, security_headers
from webapp.accounts import sessions as accounts_sessions
from webapp.accounts import views as accounts_views
from webapp.conversations import views as conversations_views
from webapp.csrf import csrf
from webapp.directory import views as directory_views
from webapp.imports import views as imports_views
from webapp.insights import views as insights_views
from webapp.institutions import views as institutions_views
from webapp.mail import views as mail_views
from webapp.matches import plan_views
from webapp.matches import views as matches_views
from webapp.offices import views as offices_views
from webapp.own_data import views as own_data_views
from webapp.profiles import calendar_views
from webapp.profiles import views as profiles_views
from webapp.rounds import digest_views
from webapp.rounds import views as rounds_views
from webapp.syllabus import views as syllabus_views


def create_app(settings: config.Settings | None = None) -> Flask:
    """Build the service.

    Parameters
    ----------
    settings
        The settings; read from the environment when not given.

    Returns
    -------
    Flask
        The app, with every route, command and job attached.
    """
    settings = settings or config.load()
    address = urlsplit(settings.public_url)
    app = incoming.Service(__name__)
    app.config.update(
        ROOT=config.ROOT,
        SETTINGS=settings,
        SECRET_KEY=settings.secret_key.get_secret_value(),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        # Errors go to the log with their statements; what people stored and mail we sent must not.
        SQLALCHEMY_ENGINE_OPTIONS={"hide_parameters": True},
        SERVER_NAME=address.netloc,
        PREFERRED_URL_SCHEME=address.scheme,
        SESSION_COOKIE_SECURE=address.scheme == "https",
        SESSION_COOKIE_SAMESITE="Lax",
        REMEMBER_COOKIE_SECURE=address.scheme == "https",
        PERMANENT_SESSION_LIFETIME=timedelta(days=settings.session_days),
        MAX_CONTENT_LENGTH=1024 * 1024,
        WTF_CSRF_TIME_LIMIT=None,
    )
    db.init_app(app)
    incoming.init_app(app)
    i18n.init_app(app)
    csrf.init_app(app)
    security_headers.init_app(app)
    error_pages.init_app(app)
    accounts_sessions.init_app(app)
    for module in (
        home, accounts_views, institutions_views, mail_views, digest_views, profiles_views, matches_views, rounds_views,
        calendar_views, insights_views,
        conversations_views, directory_views, imports_views, syllabus_views,
        offices_views, own_data_views, plan_views,
    ):  # fmt: skip
        app.register_blueprint(module.bp)
    access.init_app(app)
    roles.init_app(app)
    cli.init_app(app)
    jobs.init_app(app)
    if settings.trusted_proxies:
        n = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=n, x_proto=n, x_host=n)  # type: ignore[method-assign]
    assets.init_app(app)
    return app
