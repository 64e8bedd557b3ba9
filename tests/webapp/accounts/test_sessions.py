"""Who is signed in."""

import pytest
from flask import Flask

from tests import factories
from webapp.accounts.sessions import is_own_path, load_user
from webapp.db import db


def test_a_session_of_an_earlier_version_or_of_nobody_is_worth_nothing(context: Flask) -> None:
    user = factories.user(at=factories.institution())
    key = user.get_id()
    assert load_user(key) is user
    for other in ("", "1", "x:1", f"{user.id}:x", "4711:1", f"{user.id}:2"):
        assert load_user(other) is None
    user.session_version += 1
    db.session.flush()
    assert load_user(key) is None


@pytest.mark.parametrize("field", ["confirmed_at", "closed_at"])
def test_who_is_not_confirmed_or_is_closed_is_not_signed_in(context: Flask, field: str) -> None:
    value = None if field == "confirmed_at" else factories.AT
    user = factories.user(at=factories.institution(), **{field: value})
    assert load_user(user.get_id()) is None


@pytest.mark.parametrize("target", ["/", "/matches/3", "/matches?page=2"])
def test_paths_of_ours_are_known(target: str) -> None:
    assert is_own_path(target)


@pytest.mark.parametrize(
    "target",
    [None, "", "matches", "//x.example", "/\\x.example", "/\t/x.example", "/\n/x.example", "https://x.example"],
)
def test_addresses_of_others_are_known(target: str | None) -> None:
    assert not is_own_path(target)
