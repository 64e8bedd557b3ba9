"""The index of names finds what trying every language's patterns finds."""

import re
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matcher.vocabulary.taught_languages import (
    MENTIONED,
    NAMED_AS_SUBJECT,
    PRACTISED,
    language_names,
    language_patterns,
    taught_languages,
)
from tests.matcher.parallel_courses import parallel_rows

NAMES = sorted({name for names in language_names().values() for name in names})
AROUND = [
    " language",
    " culture",
    " course",
    "learners of ",
    "practise their ",
    "s",
    "x",
    "_",
    " ",
    "\n",
    ".",
    "्",
    "語",
]
SHORT = ["IELTS", "DaF", "jlpt", "tiếng", "langue", "İ", "и", "ह"]
texts = st.lists(st.sampled_from([*NAMES, *map(str.title, NAMES)]) | st.sampled_from(AROUND + SHORT), max_size=7).map(
    "".join
)


def by_every_pattern(heading: str, text: str) -> Mapping[str, float]:
    """What the strengths are defined as, without an index."""
    heading, text = heading.casefold(), text.casefold()
    found = {}
    for code in language_names():
        subject, mention, practice, unspaced = language_patterns(code)
        if subject.search(heading) or any(name in heading for name in unspaced):
            found[code] = NAMED_AS_SUBJECT
        elif practice.search(text) or any(name in text for name in unspaced):
            found[code] = PRACTISED
        elif mention.search(heading):
            found[code] = MENTIONED
    return found


# The first example compiles the patterns of all languages.
@settings(deadline=None)
@given(texts, texts)
def test_no_pattern_matches_that_the_index_leaves_out(heading: str, text: str) -> None:
    assert dict(taught_languages(heading, text)) == by_every_pattern(heading, text)


def test_courses_in_ten_languages_teach_what_every_pattern_finds() -> None:
    for row in parallel_rows():
        found = taught_languages(row["title"], row["description"])
        assert dict(found) == by_every_pattern(row["title"], row["description"])


def test_every_name_of_a_language_is_found_at_the_start_of_a_heading() -> None:
    missed = {name for name in NAMES if NAMED_AS_SUBJECT not in taught_languages(f"{name}; A1").values()}
    assert missed == set()


def test_every_name_begins_with_a_letter_as_the_index_needs() -> None:
    assert [name for name in NAMES if not re.match(r"\w", name) or name != name.casefold()] == []


@pytest.mark.parametrize(
    ("heading", "text", "expected"),
    [
        ("日本語と中国語", "", {"ja": NAMED_AS_SUBJECT, "zh": NAMED_AS_SUBJECT}),
        ("Germanistics", "learners of Germany", {}),
        ("Tiếng", "tiếng nói", {}),
        ("", "TOEIC", {}),
    ],
)
def test_a_name_is_looked_for_whole(heading: str, text: str, expected: dict[str, float]) -> None:
    assert dict(taught_languages(heading, text)) == expected
