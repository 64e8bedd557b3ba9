"""The bare matrix product of all pairs, block by block, nothing done with the numbers: the floor of the search."""

from __future__ import annotations

import numpy as np

from benchmarks.scaling.measuring import Figures, Stopwatch, answer
from matcher.candidates import BLOCK_COLUMNS, BLOCK_ROWS
from matcher.embedders import SentenceModel

# Whole text and title side by side are one inner product.
DIMENSION = 2 * SentenceModel.dimension


def run(n: int) -> Figures:
    """Seconds for the products of ``n`` by ``n`` vectors in the matcher's blocks, on all cores."""
    rng = np.random.default_rng(0)
    left, right = (rng.standard_normal((n, DIMENSION), dtype=np.float32) for _ in range(2))
    block = np.empty((min(n, BLOCK_ROWS), min(n, BLOCK_COLUMNS)), dtype=np.float32)
    watch = Stopwatch()
    with watch:
        for row in range(0, n, BLOCK_ROWS):
            for column in range(0, n, BLOCK_COLUMNS):
                rows, columns = left[row : row + BLOCK_ROWS], right[column : column + BLOCK_COLUMNS]
                np.matmul(rows, columns.T, out=block[: len(rows), : len(columns)])
    return {"seconds": watch.seconds, "gflops": 2 * n * n * DIMENSION / watch.seconds / 1e9}


if __name__ == "__main__":
    answer(run)
