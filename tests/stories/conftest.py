"""The stage of a story: the whole service with its tokens and mail, and the real institutions."""

from collections.abc import Iterator

import pytest
from flask import Flask

from config import Settings
from tests.conftest import no_query_while_rendering
from tests.smtp import MailServer
from webapp import create_app
from webapp.db import db
from webapp.institutions import reference


@pytest.fixture
def stage(settings: Settings, mail_server: MailServer) -> Iterator[Flask]:
    """The service as it really runs, with forms that need their token, sending to a real mail server."""
    app = create_app(mail_server.settings(settings))
    with app.app_context():
        reference.load()
        db.session.commit()
    with no_query_while_rendering(app):
        yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
