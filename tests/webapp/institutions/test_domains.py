"""Domains of mail addresses that show where somebody works."""

import pytest
from flask import Flask

from tests import factories
from webapp.institutions import domains


@pytest.mark.parametrize(
    ("email", "is_shown"),
    [
        ("mai@hanu.edu.vn", True),
        ("mai@staff.hanu.edu.vn", True),
        ("mai@fhanu.edu.vn", False),
        ("mai@students-hanu.vn", True),
        ("mai@gmail.com", False),
        ("mai@ulisboa.pt", False),
    ],
)
def test_an_address_shows_its_institution_by_any_of_its_domains(context: Flask, email: str, is_shown: bool) -> None:
    hanoi = factories.institution(website_domain="hanu.edu.vn", more_domains=["students-hanu.vn", "gmail.com"])
    assert domains.shows(email, hanoi) is is_shown


def test_an_institution_without_domains_is_shown_by_none(context: Flask) -> None:
    assert not domains.shows("mai@hanu.edu.vn", factories.institution())


@pytest.mark.parametrize("domain", ["gmail.com", "qq.com", "ac.uk", "edu.vn", "mail.ru"])
def test_domains_of_many_people_are_known(domain: str) -> None:
    assert domains.is_public(domain)


@pytest.mark.parametrize(
    ("typed", "domain"),
    [
        ("https://www.HANU.edu.vn/en/", "hanu.edu.vn"),
        ("office@hanu.edu.vn", "hanu.edu.vn"),
        ("@hanu.edu.vn", "hanu.edu.vn"),
        (" hanu.edu.vn ", "hanu.edu.vn"),
    ],
)
def test_addresses_are_cut_down_to_their_domain(typed: str, domain: str) -> None:
    assert domains.cut(typed) == domain
