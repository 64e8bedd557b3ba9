"""Addresses are found however they are written, and dates, times and links are left alone."""

import pytest

from webapp.conversations.contacts import names_contact


@pytest.mark.parametrize(
    "text",
    [
        "Write to mai.nguyen@hanu.example please",
        "mai(at)hanu.edu.vn",
        "mai [at] hanu [dot] edu [dot] vn",
        "mai at hanu dot edu dot vn",
        "ＭＡＩ＠ｈａｎｕ．ｅｘａｍｐｌｅ",
        "mai@\u200bhanu.example",
        "mailto:mai@hanu.example",
        "josé@universität.example",
        "Call +84 24 3854 4338",
        "+351 (21) 796-7624",
        "0084 24 3854 4338",
        "ring me: 090 123 45 67",
        "(021) 796 7624 is the office",
        "01.23.45.67.89",
        "My WhatsApp: 912 345 678",
        "WhatsApp is 912345678",
        "https://wa.me/84912345678",
        "tel:912345678",
        "電話 03-1234-5678",
    ],
)
def test_an_address_is_found(text: str) -> None:
    assert names_contact(text)


@pytest.mark.parametrize(
    "text",
    [
        "We teach from 15.02.2027 to 04.06.2027, Tuesdays 14:00-15:30.",
        "01.02.27-04.06.27 suits us",
        "2027-02-15 08:00 to 2027-02-15 09:30",
        "08.30 - 10.00 on 05/06/2027",
        "Let us meet @ 10.30 at the usual place",
        "28 students, 6 ECTS, room 0.12, 1,200 words and 3.5 hours a week",
        "See https://example.org/course/0987654321098?week=0012345678",
        "ISBN 978-0-306-40615-7",
        "SDG 6 and 11; field 0732; EQF 7",
        "We are at home in Hanoi. Dot plots help.",
        "",
    ],
)
def test_dates_times_numbers_and_links_are_no_address(text: str) -> None:
    assert not names_contact(text)
