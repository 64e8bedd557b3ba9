"""The command line: ``python -m matcher propose | rank | evaluate``.

Results go to standard output or a file, everything else to standard error; exit status 0 when it worked, 2
when the command or its input is wrong. Sentence vectors are kept between runs, see `cache_file`.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import sqlite3
import sys
from collections.abc import Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import NoReturn

from tqdm import tqdm

from matcher.embedders import EmbeddingCache
from matcher.evaluation import PairsError, evaluate, read_pairs
from matcher.explanation import Explanation
from matcher.file_cache import FileCache
from matcher.partner_matcher import MIN_SCORE, PartnerMatcher
from matcher.profile import CourseProfile, ProfileFileError, Region, read_profiles
from matcher.proposals import Proposals, Ranked
from matcher.reasons import english
from matcher.rules import RuleSettings
from matcher.scorer import CompatibilityScorer
from matcher.text import TextEncoder

COLUMNS = ("kind", "a_id", "b_id", "for_id", "rank", "score", "confidence", "reason")
WRONG_INPUT = 2
PATIENCE_SECONDS = 2.0
_STEPS = {
    "embedding": "reading texts seen for the first time",
    "reading": "reading courses",
    "comparing": "comparing all pairs",
    "proving": "looking for better pairs",
    "explaining": "explaining",
}
_TABLE = "{:>4}  {:>5}  {:>10}  {:<20}  {}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        output: str = options.run(options)
    except (ProfileFileError, PairsError) as error:
        return _complain(options.pairs if isinstance(error, PairsError) else options.profiles, str(error))
    except OSError as error:
        return _complain(error.filename, error.strerror or str(error))
    except _UnknownIdError as error:
        return _complain(options.profiles, str(error))
    # The data hold every script of the region, whatever the terminal's own encoding is.
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(encoding="utf-8")
    sys.stdout.write(output)
    return 0


class _UnknownIdError(Exception):
    """No profile has the id that was asked for."""


def cache_file() -> Path:
    """Where sentence vectors are kept between runs.

    The file named by the environment variable CAUSEWAY_EMBEDDINGS, or embeddings.sqlite in the folder
    causeway of XDG_CACHE_HOME, by default ~/.cache.
    """
    named = os.environ.get("CAUSEWAY_EMBEDDINGS")
    folder = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(named) if named else Path(folder) / "causeway" / "embeddings.sqlite"


def _cache() -> EmbeddingCache:
    path = cache_file()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return FileCache(path)
    except (OSError, sqlite3.Error) as error:
        # Only speed is lost.
        print(f"texts are not kept between runs: {path}: {error}", file=sys.stderr)
        return {}


def _scorer(progress: Progress) -> CompatibilityScorer:
    return CompatibilityScorer(encoder=TextEncoder(cache=_cache(), done=partial(progress, "embedding")))


class Progress:
    """A bar on a terminal for each step that takes longer than two seconds; silent elsewhere."""

    def __init__(self) -> None:
        self._what = ("", 0)
        self._bar: tqdm | None = None

    def __call__(self, what: str, done: int, total: int) -> None:
        """Show how many of how many steps are done."""
        if self._bar is None or self._what != (what, total):
            self.close()
            self._what = (what, total)
            self._bar = tqdm(
                total=total, desc=_STEPS[what], delay=PATIENCE_SECONDS, disable=None, leave=False, file=sys.stderr
            )
        self._bar.update(done - self._bar.n)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()


def _propose(options: argparse.Namespace) -> str:
    profiles = read_profiles(options.profiles)
    with closing(Progress()) as progress:
        matcher = PartnerMatcher(
            balance=options.balance,
            alternates=options.alternates,
            scorer=_scorer(progress),
            min_score=options.min_score,
            say=progress,
        )
        proposals = matcher.propose(profiles)
    table = proposals_csv(proposals, profiles)
    report = proposals.report
    print(
        f"partnerships: {report.n_pairs}; courses with a partner: {report.coverage_a:.0%} of {report.n_a} in Asia, "
        f"{report.coverage_b:.0%} of {report.n_b} in Europe; price of balance: {report.price:.1%} of the fit; "
        f"left out: {len(proposals.left_out)}",
        file=sys.stderr,
    )
    if options.out is None:
        return table
    options.out.write_text(table, encoding="utf-8", newline="")
    return ""


def proposals_csv(proposals: Proposals, profiles: Sequence[CourseProfile]) -> str:
    """The outcome of a round as CSV: the pairs, then alternates, then who is left out; scores 0..1.

    ``a_id`` is the Asian, ``b_id`` the European course (a country outside ASEM stands under ``a_id``);
    ``for_id`` is the course an alternate is kept for or that is left out.
    """
    regions = {profile.id: profile.region for profile in profiles}
    rows: list[tuple[str | int, ...]] = [
        ("proposed", one.a_id, one.b_id, "", "", *_figures(one.explanation), _top_reason(one.explanation))
        for one in proposals.pairs
    ]
    for alternate in proposals.alternates:
        ends = (alternate.profile_id, alternate.partner_id)
        a_id, b_id = ends if regions[ends[0]] is Region.ASIA else ends[::-1]
        figures = (f"{alternate.score:.4f}", f"{alternate.confidence:.4f}")
        rows.append(("alternate", a_id, b_id, alternate.profile_id, alternate.rank, *figures, ""))
    for left_out in proposals.left_out:
        key = left_out.profile_id
        a_id, b_id = ("", key) if regions[key] is Region.EUROPE else (key, "")
        rows.append(("left_out", a_id, b_id, key, "", "", "", english(left_out.reason)))
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return file.getvalue()


def _figures(explanation: Explanation) -> tuple[str, str]:
    return f"{explanation.score:.4f}", f"{explanation.confidence:.4f}"


def _top_reason(explanation: Explanation) -> str:
    """The weightiest thing that speaks for the pair, or else the first to talk about."""
    ordered = sorted(explanation.reasons, key=lambda reason: ("fits", "talk", "not").index(reason.kind))
    return english(ordered[0]) if ordered else ""


def _rank(options: argparse.Namespace) -> str:
    profiles = read_profiles(options.profiles)
    by_id = {profile.id: profile for profile in profiles}
    if options.id not in by_id:
        raise _UnknownIdError(f"no profile has the id {options.id!r}")
    with closing(Progress()) as progress:
        matcher = PartnerMatcher(rules=_rules(options), scorer=_scorer(progress))
        ranked = matcher.rank(profiles, options.id, top=options.top)
    if not ranked and options.top:
        print(f"no course is a permitted partner of {options.id}", file=sys.stderr)
    if options.format == "json":
        return json.dumps([_as_json(one) for one in ranked], ensure_ascii=False, indent=2) + "\n"
    lines = [_TABLE.format("rank", "score", "confidence", "id", "course")]
    for place, one in enumerate(ranked, start=1):
        partner, why = by_id[one.partner_id], one.explanation
        course = f"{partner.title}, {partner.institution} ({partner.country})"
        figures = (f"{100 * why.score:.0f}", f"{100 * why.confidence:.0f} %")
        lines += [_TABLE.format(place, *figures, partner.id, course), f"{'':45}  {_top_reason(why)}".rstrip()]
    return "\n".join(lines) + "\n"


def _as_json(one: Ranked) -> dict[str, object]:
    explanation = one.explanation.to_dict()
    return {
        "id": one.partner_id,
        **{name: explanation[name] for name in ("score", "confidence", "shares")},
        "reasons": [{**reason.to_dict(), "text": english(reason)} for reason in one.explanation.reasons],
    }


def _evaluate(options: argparse.Namespace) -> str:
    profiles, pairs = read_profiles(options.profiles), read_pairs(options.pairs)
    with closing(Progress()) as progress:
        figures = evaluate(profiles, pairs, _rules(options), _scorer(progress))
    return json.dumps(figures.to_dict()) + "\n"


def _rules(options: argparse.Namespace) -> RuleSettings:
    return RuleSettings(opposite_regions=not options.any_region)


def _complain(where: object, problems: str) -> int:
    for problem in problems.split("\n"):
        print(f"{where}: {problem}", file=sys.stderr)
    return WRONG_INPUT


def _share(text: str) -> float:
    value = float(text)
    if not 0.0 <= value <= 1.0:
        raise ValueError
    return value


def _count(text: str) -> int:
    value = int(text)
    if value < 0:
        raise ValueError
    return value


# argparse names these in its messages: "invalid number from 0 to 1 value: '2'".
_share.__name__, _count.__name__ = "number from 0 to 1", "whole number from 0"


class _Parser(argparse.ArgumentParser):
    """An argument parser that says with each error where help is."""

    def error(self, message: str) -> NoReturn:
        self.exit(WRONG_INPUT, f"{self.prog}: {message}; see {self.prog} --help\n")


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m matcher", description="Find partners for virtual exchange, balanced and explained."
    )
    commands = parser.add_subparsers(required=True, metavar="propose | rank | evaluate")
    propose = commands.add_parser("propose", help="pairs for a whole round, as CSV")
    propose.add_argument("--balance", type=_share, default=0.5, help="0 is best fit, 1 most balanced (0.5)")
    propose.add_argument("--alternates", type=_count, default=3, help="next best partners kept for each course (3)")
    propose.add_argument("--min-score", type=_share, default=MIN_SCORE, help=f"never propose below ({MIN_SCORE})")
    propose.add_argument("--out", type=Path, help="CSV file to write; standard output by default")
    rank = commands.add_parser("rank", help="the best partners of one course")
    rank.add_argument("--id", required=True, help="id of the course")
    rank.add_argument("--top", type=_count, default=10, help="how many (10)")
    rank.add_argument("--format", choices=("table", "json"), default="table")
    measure = commands.add_parser("evaluate", help="how well known partners are found, as JSON")
    for command, run in ((propose, _propose), (rank, _rank), (measure, _evaluate)):
        command.add_argument("profiles", type=Path, metavar="PROFILES.jsonl", help="one course profile a line")
        command.set_defaults(run=run)
    measure.add_argument("pairs", type=Path, metavar="PAIRS.csv", help="known partners: columns a and b")
    for command in (rank, measure):
        command.add_argument("--any-region", action="store_true", help="partners of any country, not only across")
    return parser
