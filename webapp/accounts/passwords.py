"""Passwords: kept as Argon2id hashes, checked in the same time whether or not the account exists."""

from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

# RFC 9106's choice for servers without memory to spare; about a fifth of a second on a small machine.
TIME_COST = 3
MEMORY_KIB = 64 * 1024
PARALLELISM = 4

SHORTEST = 10
LONGEST = 200
"""Long enough for any sentence; without a limit one request could keep the machine busy."""


@cache
def _hasher_for(time_cost: int, memory_kib: int, parallelism: int) -> PasswordHasher:
    return PasswordHasher(time_cost=time_cost, memory_cost=memory_kib, parallelism=parallelism)


def _hasher() -> PasswordHasher:
    return _hasher_for(TIME_COST, MEMORY_KIB, PARALLELISM)


@cache
def _nobodys_hash(hasher: PasswordHasher) -> str:
    return hasher.hash("the password of nobody")


def make(password: str) -> str:
    """Hash a password; takes a noticeable time on purpose, so hold no database lock meanwhile."""
    return _hasher().hash(password)


def matches(password_hash: str | None, password: str) -> bool:
    """Tell whether a password is the right one.

    Parameters
    ----------
    password_hash
        The stored hash; None for an address nobody has, which takes as long to refuse as a wrong password.
    password
        What was typed.
    """
    try:
        is_right = _hasher().verify(password_hash or _nobodys_hash(_hasher()), password[: LONGEST + 1])
    except (VerificationError, InvalidHashError):
        return False
    return is_right and bool(password_hash)


def is_outdated(password_hash: str) -> bool:
    """Tell whether a hash was made with other parameters than today's, and should be made anew."""
    return _hasher().check_needs_rehash(password_hash)


def is_easy_to_guess(password: str, *personal: str) -> bool:
    """Tell whether a password is what somebody who knows the person would try first.

    Parameters
    ----------
    password
        What was typed.
    *personal
        The person's name and mail address.
    """
    plain = _letters(password)
    known = {_letters(text) for text in personal} | {_letters(text.partition("@")[0]) for text in personal}
    return len(set(password)) < 4 or plain.rstrip("0123456789") in known or plain in known


def _letters(text: str) -> str:
    return "".join(sign for sign in text.casefold() if sign.isalnum())
