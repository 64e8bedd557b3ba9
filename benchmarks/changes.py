"""The smallest change for courses a round left out, against solving the whole market again for each change.

    python -m benchmarks.changes [SIZE ...] [--dial POSITION ...]

Sizes are courses a side, 1,000 and 5,000 by default; at dial 0 far more courses are left out than at 0.5. Each market
has a process of its own. The baseline reads and solves the market with one change made, proven as a round is, for a
few changes; its time for all of them is that many times as long. Each of these few also checks what was found: with
the change made the course must have a partner.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from benchmarks.scaling.measuring import Figures, run_apart

SIZES, DIAL = (1000, 5000), (0.5, 0.0)
# Larger markets take half a minute each time.
MOST_AGAIN, SMALL, FEW_AGAIN = 6, 2000, 2


def line_of(n: int, balance: float, found: Figures) -> str:
    """One line of the table."""
    if "failed" in found:
        return f"{n:>7,}{balance:>6}  {found['failed']}"
    baseline = found["worked_each"] * found["n_changes"]
    return (
        f"{n:>7,}{balance:>6}{found['n_left_out']:>9,}{found['n_changes']:>10,}{found['n_found']:>8,}"
        f"{found['n_unsought']:>9,}{found['seconds']:>9.1f}{found['worked']:>9.1f}"
        f"{found['memory'] / 2**30:>7.2f} GB (before {found['memory_before'] / 2**30:.2f})"
        f"{found['worked_each']:>9.1f}{baseline / 3600:>11.1f}{baseline / found['worked']:>9,.0f}"
        f"   {found['n_confirmed']} of {found['n_again']}"
    )


def main() -> int:
    """Run the markets asked for; 1 when one failed, or a change that was found does not help."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.changes", description=__doc__.partition("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, metavar="SIZE", help="courses a side; default 1000 5000")
    parser.add_argument("--dial", nargs="*", type=float, default=DIAL, help="positions; default 0.5 0")
    asked = parser.parse_args()
    print(
        f"{os.cpu_count()} cores. 'wall' and 'CPU' are seconds for all left-out courses; 'each' CPU seconds of the "
        "baseline for one change,\n'all' its CPU hours for all of them, 'times' how much longer that is; 'confirmed' "
        "are changes that the baseline finds to help, too."
    )
    print(
        f"{'a side':>7}{'dial':>6}{'left out':>9}{'changes':>10}{'found':>8}{'unsought':>9}{'wall':>9}{'CPU':>9}"
        f"{'memory':>25}{'each':>9}{'all, hours':>11}{'times':>9}   confirmed"
    )
    is_right = True
    with tempfile.TemporaryDirectory() as folder:
        for n in asked.sizes or SIZES:
            for balance in asked.dial:
                n_again = MOST_AGAIN if n <= SMALL else FEW_AGAIN
                vectors = str(Path(folder) / "vectors.sqlite")
                found = run_apart("changes_run", n=n, balance=balance, vector_file=vectors, n_again=n_again)
                print(line_of(n, balance, found), flush=True)
                is_right &= "failed" not in found and found["n_confirmed"] == found["n_again"]
    return 0 if is_right else 1


if __name__ == "__main__":
    raise SystemExit(main())
