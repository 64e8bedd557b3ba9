"""Style sheets and scripts are kept by browsers for long, under addresses that change with their content."""

import re

from flask.testing import FlaskClient


def test_every_file_a_page_loads_has_its_version_in_the_address(client: FlaskClient) -> None:
    page = client.get("/sign-in").get_data(as_text=True)
    loaded = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert loaded
    assert [address for address in loaded if not re.search(r"\?v=[0-9a-f]{10}$", address)] == []


def test_files_may_be_kept_and_carry_our_headers(client: FlaskClient) -> None:
    page = client.get("/sign-in").get_data(as_text=True)
    found = re.search(r'"(/static/css/causeway\.css[^"]*)"', page)
    assert found is not None
    with client.get(found.group(1)) as answer:
        assert answer.status_code == 200
        assert "max-age=31536000" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
