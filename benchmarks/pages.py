"""How fast the pages are with 20,000 open courses: directory, match and home, against a bare Flask page.

    python -m benchmarks.pages [--courses N] [--requests N]

One web process on SQLite, then one on PostgreSQL where the test dependencies can start it; requests come one
after the other, bare ones between the others, so that a noisy machine disturbs all alike. Searches differ from
each other: three facets each, words in three languages, the index's own caches cold for most of them. Vectors
are made of real ones of the phrases the invented texts consist of; searches are embedded by the real model.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from urllib.parse import urlencode

from benchmarks.web.catalogue import LECTURER, PASSWORD, Catalogue, load, make_vectors, profiles
from benchmarks.web.serving import Visitor, figures, free_port, serving
from config import Settings
from tests import postgres
from webapp import create_app

KEY = "a key for the benchmark that is long enough to be accepted"
MEDIAN, P95, AFTER_PUBLISHING = 200.0, 400.0, 2000.0
N_DRAFTS, N_MATCHES = 8, 1000
WORDS = (
    "urban water", "développement durable", "観光", "nursing ethics", "machine learning", "social work", "architecture",
    "business plan", "littérature", "international trade", "気候変動", "teacher education", "public health", "design",
)  # fmt: skip
FACETS = {
    "country": ("IN", "JP", "VN", "DE", "FR", "PT", "PL", "ID", "PH"),
    "field": ("01", "02", "03", "04", "05", "06", "07", "09"),
    "level": ("bachelor", "master"),
    "language": ("en", "fr", "de"),
    "weeks": ("2", "4"),
    "hours": ("0.5", "1"),
    "size": ("1-15", "16-30", "31-60"),
    "mode": ("mixed", "synchronous", "asynchronous"),
    "sdg": ("3", "4", "11", "13"),
    "region": ("asia", "europe"),
}


@dataclass(frozen=True)
class Place:
    """A database, and the settings of a web process on it."""

    name: str
    settings: Settings

    def environment(self) -> dict[str, str]:
        """The settings as the process reads them."""
        return {
            "CAUSEWAY_SECRET_KEY": KEY,
            "CAUSEWAY_DATABASE_URL": self.settings.database_url,
            "CAUSEWAY_PUBLIC_URL": self.settings.public_url,
            "CAUSEWAY_CACHE_FOLDER": str(self.settings.cache_folder),
        }


def searches(n: int) -> list[str]:
    """Addresses of searches with three facets each, two of three with words, in every order."""
    found = []
    for number in range(n):
        chance = Random(number)
        asked = [(name, chance.choice(FACETS[name])) for name in chance.sample(sorted(FACETS), 3)]
        if number % 3:
            asked.append(("q", chance.choice(WORDS)))
        if number % 4 == 3:
            asked.append(("sort", chance.choice(("relevance", "newest"))))
        found.append(f"/directory?{urlencode(asked)}")
    return found


def wait_for_the_index(visitor: Visitor) -> float:
    """Search until the filters are there; gives the seconds it took."""
    begun = time.perf_counter()
    while 'id="facets"' not in visitor.ask("GET", "/directory")[1]:
        time.sleep(0.5)
    return time.perf_counter() - begun


def measure(place: Place, port: int, bare_port: int, loaded: Catalogue, n: int) -> bool:
    """Measure one web process; whether every target is met."""
    visitor, bare = Visitor(port), Visitor(bare_port)
    visitor.post("/sign-in", "/sign-in", {"email": LECTURER, "password": PASSWORD})
    first = visitor.ask("GET", "/directory")[2]
    ready = wait_for_the_index(visitor)
    print(f"\n{place.name}: first search answered after {1000 * first:.0f} ms, the index ready after {ready:.0f} s")
    addresses = {
        "directory, three facets": searches(n),
        "match": [f"/matches/{loaded.match_id}"] * n,
        "home": ["/"] * n,
    }
    taken: dict[str, list[float]] = {"bare Flask page": [], **{name: [] for name in addresses}}
    for number in range(n):
        for name, its in addresses.items():
            status, _, seconds = visitor.ask("GET", its[number])
            if status != 200:
                raise RuntimeError(f"{its[number]} answered {status}")
            taken[name].append(seconds)
        taken["bare Flask page"].append(bare.ask("GET", "/")[2])
    floor = figures(taken["bare Flask page"])[0]
    is_met = True
    print(f"  {'':26}{'median':>10}{'p95':>10}{'of bare':>10}")
    for name, its_seconds in taken.items():
        middle, high = figures(its_seconds)
        is_met &= middle <= MEDIAN and high <= P95
        print(f"  {name:26}{middle:7.1f} ms{high:7.1f} ms{middle / floor:10.1f}")
    waited = [publish_and_see(visitor, course_id) for course_id in loaded.drafts]
    middle, high = figures(waited)
    print(f"  published, who fits seen: median {middle:.0f} ms, slowest {1000 * max(waited):.0f} ms of {len(waited)}")
    return is_met and 1000 * max(waited) <= AFTER_PUBLISHING


def publish_and_see(visitor: Visitor, course_id: int) -> float:
    """Publish a draft and open the page that says who fits; gives the seconds both took."""
    posted = visitor.post(f"/courses/{course_id}", f"/courses/{course_id}/publish", {})
    _, text, seconds = visitor.ask("GET", f"/courses/{course_id}/fits")
    if "found-list" not in text:
        raise RuntimeError(f"nobody fits course {course_id}, or the index is not ready")
    return posted + seconds


def main() -> int:
    """Run on both databases; 1 when a target is missed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pages", description=__doc__.partition("\n")[0])
    parser.add_argument("--courses", type=int, default=20_000, help="open courses; default 20000")
    parser.add_argument("--requests", type=int, default=60, help="requests of each kind; default 60")
    parser.add_argument("--sqlite-only", action="store_true", help="leave PostgreSQL out")
    asked = parser.parse_args()
    print(
        f"{os.cpu_count()} cores, one web process, {asked.courses:,} open courses. Targets: {MEDIAN:.0f} ms at the "
        f"median, {P95:.0f} ms at p95; who fits within {AFTER_PUBLISHING / 1000:.0f} s of publishing."
    )
    courses = profiles(asked.courses, datetime.now(UTC).date())
    are_met = []
    with tempfile.TemporaryDirectory() as name, ExitStack() as stack:
        folder = Path(name)
        make_vectors(courses, folder / "cache", folder / "phrases.sqlite3")
        urls = {"SQLite": f"sqlite:///{folder / 'pages.sqlite3'}"}
        if not asked.sqlite_only:
            urls["PostgreSQL"] = stack.enter_context(postgres.database(stack.enter_context(postgres.server())))
        bare_port = free_port()
        stack.enter_context(serving("benchmarks.web.bare:create_app", bare_port, {}))
        for label, url in urls.items():
            port = free_port()
            settings = Settings(
                secret_key=KEY,
                database_url=url,
                public_url=f"http://localhost:{port}",
                cache_folder=folder / "cache",
            )
            place = Place(label, settings)
            loaded = load(create_app(settings), courses, N_DRAFTS, N_MATCHES)
            with serving("webapp:create_app", port, place.environment()):
                are_met.append(measure(place, port, bare_port, loaded, asked.requests))
    print("\nall targets are met" if all(are_met) else "\na target is missed")
    return 0 if all(are_met) else 1


if __name__ == "__main__":
    raise SystemExit(main())
