"""An exchange can be approved although one institution asks nobody: pages that count exchanges do not name offices."""

from flask import Flask

from webapp.insights.labels import row_label
from webapp.offices.filters import STANDINGS


def test_what_is_approved_is_said_of_institutions_not_of_offices(context: Flask) -> None:
    words = [str(STANDINGS["agreed"][0]), str(row_label("funnel", "approved"))]
    assert words == ["Approved by both institutions"] * 2
