"""Vectors of the vocabularies texts are compared with, delivered in data/vectors.npz.

`python -m webapp.syllabus.vectors` makes them anew after a change of the model or of a vocabulary.
"""

from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np

from matcher.background import DETAILED_FIELDS
from matcher.embedders import SentenceModel, cache_key, clean_text, round_vectors
from matcher.pairs import FloatArray
from matcher.vocabulary.sdg import GOAL_TITLES, GOALS
from webapp.syllabus.subjects import field_subjects

_FILE = files("webapp.syllabus").joinpath("data", "vectors.npz")


def subject_texts() -> list[str]:
    """Give what stands for the detailed fields of education besides their names."""
    subjects = field_subjects()
    return [clean_text(f"Course in {subjects[code]}") for code in DETAILED_FIELDS]


def goal_texts() -> tuple[list[str], list[str]]:
    """Give what stands for the goals: their short titles, and both titles together."""
    return list(GOALS.values()), [clean_text(f"Course about {GOALS[n]}: {GOAL_TITLES[n]}") for n in GOALS]


@cache
def delivered() -> dict[str, FloatArray]:
    """Read the delivered vectors, by key of their texts."""
    with _FILE.open("rb") as stream:
        table = np.load(stream, allow_pickle=False)
        return dict(zip(table["keys"].tolist(), table["vectors"].astype(np.float32), strict=True))


def write(target: Path) -> None:
    """Compute them anew."""
    model = SentenceModel()
    texts = sorted({*subject_texts(), *(text for its in goal_texts() for text in its)})
    vectors = round_vectors(model.embed(texts)).astype(np.float16)
    np.savez_compressed(target, keys=np.array([cache_key(model.version, text) for text in texts]), vectors=vectors)


if __name__ == "__main__":
    with as_file(_FILE) as path:
        write(path)
