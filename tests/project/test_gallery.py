"""Every page has its picture in the gallery, so that somebody has looked at it."""

from flask import Flask

from tools.gallery import NO_PAGES, PAGES


def test_every_page_is_in_the_gallery_or_is_said_to_be_none(app: Flask) -> None:
    shown = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert set(PAGES) | NO_PAGES == shown
    assert not set(PAGES) & NO_PAGES
