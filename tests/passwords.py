"""Cheap password hashes for tests; the real ones take a fifth of a second each on purpose."""

import pytest

from webapp.accounts import passwords


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash with the least work Argon2 allows."""
    monkeypatch.setattr(passwords, "TIME_COST", 1)
    monkeypatch.setattr(passwords, "MEMORY_KIB", 8)
    monkeypatch.setattr(passwords, "PARALLELISM", 1)
