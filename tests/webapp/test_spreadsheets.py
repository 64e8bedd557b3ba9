"""No text of ours is computed by a spreadsheet, and every text can be told from a protected one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.spreadsheets import harmless, would_be_computed


@pytest.mark.parametrize("text", ["=1+1", "+49", "-2", "@sum", "\t=1", "\r=1", "'=1", "''@x"])
def test_what_would_be_computed_gets_an_apostrophe(text: str) -> None:
    assert harmless(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Water", "'quoted'", "2027-02-15", "'", "a=b"])
def test_all_else_stays_as_it_is(text: str) -> None:
    assert harmless(text) == text


@given(st.text(alphabet="'=+-@\t\rab 1", max_size=8))
def test_one_apostrophe_taken_off_again_gives_the_text_back(text: str) -> None:
    written = harmless(text)
    assert not written.startswith(("=", "+", "-", "@", "\t", "\r"))
    assert (written[1:] if would_be_computed(written) else written) == text
