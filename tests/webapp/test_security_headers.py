"""Headers that keep other hosts, frames and inline script out."""

import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient

TEMPLATES = Path(__file__).resolve().parents[2] / "webapp" / "templates"
PAGES = sorted(path for path in TEMPLATES.rglob("*.html") if path.relative_to(TEMPLATES).parts[0] != "mail")


@pytest.mark.parametrize("address", ["/", "/nowhere", "/healthz"])
def test_every_answer_forbids_other_hosts_frames_and_inline_code(client: FlaskClient, address: str) -> None:
    headers = client.get(address).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == policy["form-action"] == "'self'"
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "same-origin"
    assert headers["Cache-Control"] == "no-store"


def test_strict_transport_is_promised_only_where_transport_is_encrypted(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/").headers
    assert "Strict-Transport-Security" in client.get("/", base_url="https://localhost").headers


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(client: FlaskClient) -> None:
    cookie = client.post("/language", data={"language": "fr"}).headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


@pytest.mark.parametrize("path", PAGES, ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_page_template_needs_what_the_policy_forbids(path: Path) -> None:
    source = path.read_text()
    assert not re.search(r"\sstyle\s*=", source), "inline style"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", source), "inline event handler"
    assert not re.search(r"<style|javascript:|hx-on|hx-vals=.js:", source), "inline code"
    assert not re.search(r"<script(?![^>]*\ssrc=)", source), "inline script"
    assert not re.search(r"(src|<link[^>]*href)\s*=\s*[\"']\s*(https?:)?//", source), "foreign host"


@pytest.mark.parametrize(
    ("name", "kind"), [("css/causeway.css", "text/css"), ("vendor/htmx-4.0.1.min.js", "text/javascript")]
)
def test_static_files_are_served_with_their_types(client: FlaskClient, name: str, kind: str) -> None:
    with client.get(f"/static/{name}") as answer:
        assert answer.status_code == 200
        assert answer.mimetype == kind


def test_what_every_page_loads_is_sent_packed(client: FlaskClient) -> None:
    with client.get("/static/vendor/pico-2.1.1.min.css", headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        assert answer.mimetype == "text/css"
        assert len(answer.data) < 15_000
