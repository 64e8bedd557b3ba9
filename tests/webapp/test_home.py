"""The front page and what stands beside it."""

from flask.testing import FlaskClient


def test_a_load_balancer_gets_an_answer(client: FlaskClient) -> None:
    assert client.get("/healthz").get_json() == {"status": "ok"}


def test_a_language_chosen_goes_back_only_to_our_own_pages(client: FlaskClient) -> None:
    answer = client.post("/language", data={"language": "fr", "back": "//elsewhere.example/"})
    assert answer.location == "/"
