"""Time, memory and quality at growing sizes: the matcher, what one would write first, HiGHS, and the floor.

    python -m benchmarks.scale [SIZE ...] [--large] [--limit SECONDS]

Sizes are courses a side, 1,000 and 10,000 by default; ``--large`` adds 100,000. Every contender runs in a
process of its own, one after the other on the same machine. Results go to benchmarks/results/scale.json, where
those of sizes not run this time are kept, and the growth curve to docs/pictures/growth.svg.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import platform
import tempfile
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

from benchmarks.scaling.growth_picture import growth_picture
from benchmarks.scaling.measuring import Figures, run_apart

SIZES, LARGE = (1000, 10_000), 100_000
# Up to here texts are also embedded for good; beyond, it would take the better part of an hour.
MOST_EMBEDDED = 1000
HIGHS_LIMIT = 600.0
# Beyond, a second run of the matcher would take the better part of an hour.
MOST_AT_ZERO = 20_000
# Up to here rounds are proven optimal; beyond, they stop once they are within half a hundredth of the bound.
MOST_PROVEN, LARGE_GAP = 20_000, 0.005
DIAL = 0.5

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks" / "results" / "scale.json"
PICTURE = ROOT / "docs" / "pictures" / "growth.svg"

MATCHER, MATCHER_AT_ZERO = f"matcher, dial {DIAL}", "matcher, dial 0"
NEW, CACHED = "matcher, dial 0, real text, not cached", "matcher, dial 0, real text, cached"
BASELINE, PRODUCT, FLOW, HIGHS = "TF-IDF + neighbours + SciPy", "floor: matrix product", "floor: one flow", "HiGHS"
# Lines of the picture: these contenders' seconds, added up. Solvers alone are no whole round.
LINES = {
    "the matcher, proven": (MATCHER,),
    "TF-IDF + SciPy": (BASELINE,),
    "floor: product, one flow": (PRODUCT, FLOW),
}
GROWING = {**LINES, "one flow": (FLOW,), "HiGHS on the same model": (HIGHS,)}
BASELINE_LIMIT = 3600.0


def run_size(n: int, limit: float, folder: Path) -> dict[str, Figures]:
    """Run every contender with ``n`` courses a side and print each when it is done."""
    vectors, model, pairs = folder / "vectors.sqlite", folder / f"model-{n}.npz", folder / f"pairs-{n}.npz"
    found: dict[str, Figures] = {}

    def add(name: str, figures: Figures) -> None:
        found[name] = figures
        print(line_of(name, figures), flush=True)

    print(f"\n{n:,} courses a side\n{HEADING}")
    add(BASELINE, run_apart("baseline", BASELINE_LIMIT, n=n, pair_file=str(pairs)))
    known: Figures = {"n": n, "vector_file": str(vectors)}
    others = str(pairs) if "failed" not in found[BASELINE] else None
    if n <= MOST_EMBEDDED:
        add(NEW, run_apart("matcher_run", balance=0.0, vectors="new", **known))
        add(CACHED, run_apart("matcher_run", balance=0.0, vectors="cached", judge=others, **known))
    if n <= MOST_AT_ZERO:
        add(MATCHER_AT_ZERO, run_apart("matcher_run", balance=0.0, vectors="made", judge=others, **known))
    gap = 0.0 if n <= MOST_PROVEN else LARGE_GAP
    add(MATCHER, run_apart("matcher_run", balance=DIAL, vectors="made", record=str(model), max_gap=gap, **known))
    add(PRODUCT, run_apart("bare_product", n=n))
    if model.exists():
        add(FLOW, run_apart("one_flow", model_file=str(model)))
        is_there = importlib.util.find_spec("highspy") is not None
        absent = {"failed": "highspy is not installed", "seconds": None}
        # Some time more than its own limit: reading the model does not count.
        add(HIGHS, run_apart("highs", 2 * limit, model_file=str(model), time_limit=limit) if is_there else absent)
    for line in judgements(found):
        print(line)
    return found


HEADING = (
    f"  {'':40}{'seconds':>9}{'memory':>9}{'pairs':>9}{'of bound':>10}{'mean fit':>9}"
    f"{'Asia':>7}{'Europe':>8}{'Gini':>7}{'proven gap':>12}{'candidates':>12}{'rounds':>7}"
)


def line_of(name: str, figures: Figures) -> str:
    """One line of the table; a cell is empty where a contender has no such figure."""
    if "failed" in figures:
        return f"  {name:40}  {figures['failed']}"
    cells = [f"{figures['seconds']:9.2f}", f"{figures['memory'] / 2**30:6.2f} GB"]
    forms = {
        "n_pairs": "9,", "share": "10.2%", "mean_score": "9.3f", "coverage_a": "7.1%", "coverage_b": "8.1%",
        "gini_countries": "7.3f", "gap": "12.4%", "n_candidates": "12,", "n_rounds": "7",
    }  # fmt: skip
    # The bound is one of the total fit only with the dial at 0.
    at_zero = name in (MATCHER_AT_ZERO, NEW, CACHED)
    shown = {**figures, "share": figures["total"] / figures["bound"]} if at_zero and figures.get("bound") else figures
    for key, form in forms.items():
        width = int("".join(filter(str.isdigit, form.partition(".")[0])))
        cells.append(" " * width if shown.get(key) is None else f"{shown[key]:{form}}")
    return f"  {name:40}{''.join(cells)}".rstrip()


def judgements(found: dict[str, Figures]) -> list[str]:
    """What the baseline's pairs are worth by the matcher's score, and ratios of the solvers."""
    lines = []
    for judge, vectors in ((CACHED, "real vectors"), (MATCHER_AT_ZERO, "made vectors")):
        judged = found.get(judge, {}).get("judged")
        if judged:
            share = judged["total"] / found[judge]["bound"]
            lines.append(
                f"  {BASELINE}, judged by the matcher ({vectors}): of {judged['n_pairs']:,} pairs "
                f"{judged['n_broken']:,} break a hard rule and {judged['n_too_low']:,} score too low to be proposed; "
                f"the others reach {share:.2%} of the bound, mean fit {judged['mean_score']:.3f}, "
                f"a partner for {judged['coverage_a']:.1%} in Asia and {judged['coverage_b']:.1%} in Europe"
            )
    flow, highs = found.get(FLOW, {}), found.get(HIGHS, {})
    if flow.get("seconds") and highs.get("seconds"):
        lines.append(
            f"  HiGHS takes {highs['seconds'] / flow['seconds']:.0f} times as long as the flow on the same "
            f"{flow['n_arcs']:,} arcs; objective {highs['objective'] / flow['objective']:.9f} of the flow's"
        )
    return lines


def growth(sizes: dict[str, dict[str, Figures]]) -> list[str]:
    """How time grows from each size to the next."""
    lines = []
    ordered = sorted(map(int, sizes))
    for small, large in pairwise(ordered):
        for label, names in GROWING.items():
            times = [total_seconds(sizes[str(n)], names) for n in (small, large)]
            if times[0] and times[1]:
                lines.append(
                    f"  {label}: {times[1] / times[0]:.1f} times the time for {large / small:g} times the courses "
                    f"({(large / small) ** 2:g} times the pairs), {small:,} to {large:,} a side"
                )
    return lines


def total_seconds(found: dict[str, Figures], names: tuple[str, ...]) -> float | None:
    """Seconds of contenders together; None when one has none."""
    seconds = [found.get(name, {}).get("seconds") for name in names]
    return None if None in seconds else sum(filter(None, seconds))


def main() -> None:
    """Run the sizes asked for, print, keep the results and draw the picture."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__.partition("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, metavar="SIZE", help="courses a side; default 1000 10000")
    parser.add_argument("--large", action="store_true", help=f"{LARGE:,} too")
    parser.add_argument("--limit", type=float, default=HIGHS_LIMIT, help="seconds for HiGHS; default 600")
    parser.add_argument("--no-write", action="store_true", help="leave the kept results and the picture as they are")
    asked = parser.parse_args()
    sizes = sorted({*(asked.sizes or SIZES), *([LARGE] if asked.large else [])})
    print(
        f"{os.cpu_count()} cores, Python {platform.python_version()}. 'of bound': total fit as a share of the proven "
        "upper bound over all permitted pairs. 'Asia', 'Europe': courses with a partner; 'Gini': European countries.\n"
        "Where it does not say 'real text', vectors are put together from some 900 real ones of the phrases that the\n"
        "invented texts consist of, plus noise, and count as cached: 200,000 courses would take hours to embed."
    )
    with tempfile.TemporaryDirectory() as folder:
        run = {str(n): run_size(n, asked.limit, Path(folder)) for n in sizes}
    kept = json.loads(RESULTS.read_text(encoding="utf-8"))["sizes"] if RESULTS.exists() and not asked.no_write else {}
    together = dict(sorted({**kept, **run}.items(), key=lambda item: int(item[0])))
    print("\nGrowth", *growth(together), sep="\n")
    if asked.no_write:
        return
    about = {
        "date": datetime.now(UTC).date().isoformat(),
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "vectors": "made of phrases",
    }
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text(json.dumps({"machine": about, "sizes": together}, indent=1) + "\n", encoding="utf-8")
    lines = {
        label: [(int(n), seconds) for n, found in together.items() if (seconds := total_seconds(found, names))]
        for label, names in LINES.items()
    }
    PICTURE.write_text(growth_picture("Time of one round on two cores", lines), encoding="utf-8")
    print(f"\nwritten: {RESULTS.relative_to(ROOT)}, {PICTURE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
