"""The stage of a story: the whole service with its tokens and mail, the real institutions, and a way to visit it."""

from collections.abc import Iterator

import pytest
from flask_migrate import upgrade

from config import Settings
from tests.conftest import no_query_while_rendering
from tests.live import serve
from tests.smtp import MailServer, free_port
from tests.stories.staging import OverHttp, Stage, Windows
from webapp import create_app
from webapp.db import db
from webapp.institutions import reference


@pytest.fixture
def stage(request: pytest.FixtureRequest, settings: Settings, mail_server: MailServer) -> Iterator[Stage]:
    """The service as it really runs: forms need their token, mail goes to a real server.

    Parametrised by how it is visited: "http", the same on "postgresql", or "phone" and "desk" for windows of
    Chromium.
    """
    port = free_port()
    visited_by = request.param
    has_windows = visited_by in ("phone", "desk")
    changes = {"public_url": f"http://localhost:{port}" if has_windows else "http://localhost"}
    if visited_by == "postgresql":
        changes["database_url"] = request.getfixturevalue("postgres_url")
    app = create_app(mail_server.settings(settings).model_copy(update=changes))
    with app.app_context():
        if visited_by == "postgresql":
            upgrade()
        reference.load()
        db.session.commit()
    if not has_windows:
        with no_query_while_rendering(app):
            yield Stage(app, mail_server, OverHttp(app))
    else:
        with serve(app, port) as address, Windows(request.getfixturevalue("browser"), address, visited_by) as windows:
            yield Stage(app, mail_server, windows)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
