"""What the library knows of texts before it sees a catalogue: 192 real courses and 24 languages.

A round with five courses could not tell a usual similarity from a high one; these courses are the yardstick
until the catalogue itself is large enough. Their texts are in data/background_courses.csv, all vectors in
data/vectors.npz; `python -m matcher.background SDG_TITLES.csv` makes the latter anew after a change of
model or texts. Origins and licences are in data/README.md.
"""

from __future__ import annotations

import csv
import sys
from functools import cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from scipy import sparse

from matcher.course_texts import BARE_TITLE
from matcher.embedders import SentenceModel, cache_key, clean_text, embed, round_vectors
from matcher.latent_terms import texts_with_term
from matcher.pairs import FloatArray
from matcher.vocabulary.isced import FIELDS, STANDARD_FIELDS

_DATA = files("matcher").joinpath("data")
_DETAILED_DIGITS = 4
_GOALS = 17

# The fields a text is compared with when its own field is not declared.
DETAILED_FIELDS: tuple[str, ...] = tuple(code for code in STANDARD_FIELDS if len(code) == _DETAILED_DIGITS)

# Put like a title, since it is compared with titles: the bare names were guessed less often rightly.
FIELD_TEXTS: tuple[str, ...] = tuple(f"Course in {FIELDS[code]}" for code in DETAILED_FIELDS)


@cache
def background_courses() -> tuple[tuple[str, str], ...]:
    """Return title and whole text (title, discipline, description) of 192 published courses, in English."""
    text = _DATA.joinpath("background_courses.csv").read_text(encoding="utf-8")
    return tuple((row["title"], row["text"]) for row in csv.DictReader(text.splitlines()))


@cache
def language_offsets() -> dict[str, FloatArray]:
    """Return how far each language's vectors lie from English ones of the same meaning.

    Estimated from the titles of the 17 Sustainable Development Goals, so for 24 languages; valid for the
    sentence model only. Vectors of shape (384,).
    """
    with _DATA.joinpath("vectors.npz").open("rb") as stream:
        table = np.load(stream, allow_pickle=False)
        offsets = table["language_offsets"].astype(np.float32)
        return dict(zip(table["languages"].tolist(), offsets, strict=True))


def background_texts() -> list[str]:
    """Return every text whose vector is delivered: background courses, their titles, names of fields."""
    courses = background_courses()
    bare = [BARE_TITLE.format(title) for title, _ in courses]
    return sorted({clean_text(text) for text in (*(text for pair in courses for text in pair), *bare, *FIELD_TEXTS)})


def write_vectors(sdg_titles: Path, target: Path) -> None:
    """Embed the background anew.

    Parameters
    ----------
    sdg_titles : path
        CSV with the columns goal, lang (BCP 47) and full_title, each goal in each language.
    target : path
        The .npz file to write.
    """
    model = SentenceModel()
    texts = background_texts()
    vectors = round_vectors(model.embed(texts))
    with sdg_titles.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    # Full titles serve better, short ones exist in more languages; only like is compared with like.
    offsets = {**_offsets(rows, "short_title", model), **_offsets(rows, "full_title", model)}
    np.savez_compressed(
        target,
        keys=np.array([cache_key(model.version, text) for text in texts]),
        vectors=vectors.astype(np.float16),
        languages=np.array(sorted(offsets)),
        language_offsets=np.stack([offsets[language] for language in sorted(offsets)]).astype(np.float16),
    )


def write_terms(sdg_titles: Path, target: Path) -> None:
    """Compute the latent terms of the background and of the titles of the goals anew."""
    model = SentenceModel()
    texts = sorted({clean_text(text) for _, text in background_courses()})
    rows = sparse.csr_array(model.terms(texts))
    with sdg_titles.open(encoding="utf-8", newline="") as stream:
        goals = list(csv.DictReader(stream))
    counts = {}
    for language in sorted({row["lang"] for row in goals}):
        titles = [row["full_title"] or row["short_title"] for row in goals if row["lang"] == language]
        if len(titles) == _GOALS and all(titles):
            counts[language] = texts_with_term(sparse.csr_array(model.terms(titles)))
    np.savez_compressed(
        target,
        keys=np.array([cache_key(f"{model.version}-terms", text) for text in texts]),
        weights=rows.data.astype(np.float16),
        columns=rows.indices.astype(np.uint16),
        starts=rows.indptr,
        languages=np.array(list(counts)),
        language_counts=np.stack(list(counts.values())).astype(np.uint8),
        n_titles=_GOALS,
    )


def _offsets(rows: list[dict[str, str]], column: str, model: SentenceModel) -> dict[str, FloatArray]:
    titles: dict[str, list[str]] = {}
    for row in rows:
        titles.setdefault(row["lang"], []).append(row[column])
    means = {language: embed(its, model).mean(axis=0) for language, its in titles.items() if all(its)}
    return {language: mean - means["en"] for language, mean in means.items()}


if __name__ == "__main__":
    write_vectors(Path(sys.argv[1]), Path(str(_DATA.joinpath("vectors.npz"))))
    write_terms(Path(sys.argv[1]), Path(str(_DATA.joinpath("terms.npz"))))
