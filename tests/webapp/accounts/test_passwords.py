"""Passwords."""

import pytest

from webapp.accounts import passwords


def test_a_password_matches_its_own_hash_only() -> None:
    kept = passwords.make("three wise herons")
    assert passwords.matches(kept, "three wise herons")
    assert not passwords.matches(kept, "three wise heron")
    assert passwords.make("three wise herons") != kept


@pytest.mark.parametrize("kept", [None, "!", ""])
def test_nobody_comes_in_without_a_hash(kept: str | None) -> None:
    assert not passwords.matches(kept, "the password of nobody")


def test_a_hash_made_with_less_work_is_to_be_made_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    kept = passwords.make("three wise herons")
    assert not passwords.is_outdated(kept)
    monkeypatch.setattr(passwords, "TIME_COST", passwords.TIME_COST + 1)
    assert passwords.is_outdated(kept)
    assert passwords.matches(kept, "three wise herons")


def test_an_address_nobody_has_costs_as_much_work_as_a_wrong_password(monkeypatch: pytest.MonkeyPatch) -> None:
    checked: list[str] = []
    hasher = passwords._hasher()

    class Counting:
        def verify(self, kept: str, password: str) -> bool:
            checked.append(kept)
            return hasher.verify(kept, password)

        def hash(self, password: str) -> str:
            return hasher.hash(password)

    monkeypatch.setattr(passwords, "_hasher", Counting)
    passwords.matches(None, "guess number one")
    passwords.matches(passwords.make("three wise herons"), "guess number one")
    assert len(checked) == 2
    assert checked[0].split("$")[3] == checked[1].split("$")[3]


@pytest.mark.parametrize("password", ["Mai Nguyen", "mai@hanu.example", "mainguyen2026", "aaaaaaaaaaaa", "MAI.NGUYEN1"])
def test_names_addresses_and_repeated_letters_are_easy_to_guess(password: str) -> None:
    assert passwords.is_easy_to_guess(password, "Mai Nguyen", "mai@hanu.example")


@pytest.mark.parametrize("password", ["three wise herons", "mai likes rivers", "5up3rl0ng-secret"])
def test_sentences_are_not(password: str) -> None:
    assert not passwords.is_easy_to_guess(password, "Mai Nguyen", "mai@hanu.example")
