"""Our own style sheets, scripts and pictures: served with addresses that change when the files do."""

from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Flask
from whitenoise import WhiteNoise

from webapp import security_headers

A_YEAR = 365 * 24 * 3600
"""How long browsers may keep a file (seconds): a changed one has another address."""


def versions(folder: Path) -> dict[str, str]:
    """Give each file below a folder ten characters that stand for its content."""
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()[:10]
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def init_app(app: Flask) -> None:
    """Serve the folder ``static`` in front of the app, and put the version into every address built for it."""
    folder = Path(app.root_path) / "static"
    known = versions(folder)

    def add_version(endpoint: str, values: dict[str, Any]) -> None:
        if endpoint == "static" and values.get("filename") in known:
            values["v"] = known[values["filename"]]

    app.url_defaults(add_version)
    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(folder),
        prefix="static/",
        max_age=A_YEAR,
        add_headers_function=security_headers.add_to_file,
    )
