"""Words are compared without case, accents and punctuation."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matcher.words import CourseText, plain, stems
from tests.matcher.making import make_profile
from tests.matcher.parallel_courses import parallel_rows

ACCENTS = re.compile("[\u0300-\u036f]")


def sign_by_sign(text: str) -> str:
    """What `plain` is defined as."""
    decomposed = ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold()))
    composed = unicodedata.normalize("NFC", decomposed.replace("&", " and "))
    kept = (char if unicodedata.category(char)[0] in "LMN" else " " for char in composed)
    return " ".join("".join(kept).split())


@given(st.text() | st.text(st.sampled_from("aÉß&＆\u0301\u0327 \n\u00a0_-9Ⅳ²İกำบंガ가Ά")))
def test_a_plain_text_keeps_letters_vowel_signs_and_digits_only(text: str) -> None:
    assert plain(text) == sign_by_sign(text)


def test_plain_texts_in_ten_languages_are_those_read_sign_by_sign() -> None:
    for row in parallel_rows():
        assert plain(row["description"]) == sign_by_sign(row["description"])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  Économie & Gestion ", "economie and gestion"),
        ("E-commerce_2 (B2B)", "e commerce 2 b2b"),
        ("हिन्दी भाषा", "हिन्दी भाषा"),
        ("ガイド", "ガイド"),
        ("!?", ""),
    ],
)
def test_accents_and_punctuation_go_and_vowel_signs_stay(text: str, expected: str) -> None:
    assert plain(text) == expected


@given(st.lists(st.text(max_size=8), min_size=4, max_size=4))
def test_a_course_has_the_words_of_all_its_texts(parts: list[str]) -> None:
    title, discipline, description, keyword = (f"{part}x" for part in parts)
    profile = make_profile(title=title, discipline=discipline, description=description, keywords=(keyword,))
    text = CourseText.of(profile)
    together = "\n".join((title, discipline, description, keyword))
    assert text == CourseText(True, stems(together), sign_by_sign(together))
