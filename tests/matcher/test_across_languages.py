"""A course finds its partner whatever languages the two are described in."""

from collections import Counter
from collections.abc import Sequence

import pytest

from matcher.criterion import Floats
from matcher.embedders import Embedder, EmbeddingCache, HashedNgrams, SentenceModel
from matcher.evaluation import evaluate
from matcher.profile import CourseProfile
from matcher.rules import RuleSettings
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder
from matcher.text_languages import language_of
from tests.matcher.parallel_courses import (
    COUNTRIES,
    found_in_pool,
    hits_at_1,
    hits_by_language,
    parallel_courses,
    parallel_rows,
    titles_alone,
)

ENOUGH = 0.9
VECTORS: EmbeddingCache = {}


def topic_similarity(courses: Sequence[CourseProfile], embedder: Embedder) -> Floats:
    table = CompatibilityScorer(encoder=TextEncoder(embedder, VECTORS)).fit(courses).score(courses, courses)
    return table.values[table.criteria.index("topic")]


@pytest.fixture(scope="module")
def by_meaning() -> Floats:
    return topic_similarity(parallel_courses(), SentenceModel())


def too_few(shares: dict) -> dict:
    return {its: round(share, 3) for its, share in shares.items() if share < ENOUGH}


def test_every_topic_is_told_once_in_every_language_and_read_as_that_language() -> None:
    rows = parallel_rows()
    topics = {row["topic"] for row in rows}
    assert len(topics) >= 14
    assert Counter((row["topic"], row["language"]) for row in rows) == Counter(
        (topic, language) for topic in topics for language in COUNTRIES
    )
    read = {(row["language"], language_of(f"{row['title']}. {row['description']}")) for row in rows}
    # Malay and Indonesian are one language in two spellings, nearly alike; nobody tells them by fifty words.
    assert read - {("id", "ms")} == {(language, language) for language in COUNTRIES}


def test_the_nearest_course_of_another_language_is_the_same_course_for_every_language(by_meaning: Floats) -> None:
    assert too_few(hits_by_language(hits_at_1(by_meaning))) == {}


def test_no_two_languages_lose_each_other(by_meaning: Floats) -> None:
    assert too_few(hits_at_1(by_meaning)) == {}


def test_all_other_languages_together_bring_the_same_course_first(by_meaning: Floats) -> None:
    assert too_few(found_in_pool(by_meaning, with_own_language=False)) == {}


def test_what_a_course_is_about_counts_for_more_than_its_language(by_meaning: Floats) -> None:
    # The bare sentence model fails here: 0.58 in Chinese, 0.70 in Vietnamese.
    assert too_few(found_in_pool(by_meaning, with_own_language=True)) == {}


def test_titles_alone_lead_to_the_same_course_in_other_languages() -> None:
    assert too_few(hits_by_language(hits_at_1(topic_similarity(titles_alone(), SentenceModel())))) == {}


def test_shared_words_alone_do_not_lead_to_other_languages() -> None:
    # Otherwise the tests above would say nothing of meaning.
    hits = hits_at_1(topic_similarity(parallel_courses(), HashedNgrams()))
    assert max(hits_by_language(hits).values()) < ENOUGH


def test_a_course_in_japanese_finds_its_partner_in_french_by_title_and_description_alone() -> None:
    both = [course for course in parallel_courses() if course.country in {"JP", "FR"}]
    topics = sorted({row["topic"] for row in parallel_rows()})
    pairs = [(f"{topic}-ja", f"{topic}-fr") for topic in topics]
    scorer = CompatibilityScorer(encoder=TextEncoder(SentenceModel(), VECTORS))
    # Thirteen courses of the own country compete with fourteen of the other.
    figures = evaluate(both, pairs, RuleSettings(opposite_regions=False), scorer)
    assert figures.n == 2 * len(topics)
    assert figures.hit_at_1 >= ENOUGH
