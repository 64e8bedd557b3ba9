"""Whatever a reader works out of the whole file for the stocktaking, no small group is among it."""

from collections import Counter
from collections.abc import Hashable
from datetime import date
from itertools import product
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from matcher.profile import Bandwidth
from tests.webapp.insights.reader import Reader
from tests.webapp.insights.test_pages_keep_small_groups import ASIA, EUROPE, market
from webapp.insights.asem import lines
from webapp.insights.asem_cells import ALL, LED, PARTS, STEPS, named
from webapp.insights.facts import Leader, Pair, Rows, Step, half_year

TERMS = ("2027-1", "2027-2")
REGIONS = {"asia": ASIA, "europe": EUROPE}
LOOKED_AT = 8
"""Small numbers that a reader tries to work out, of each file."""


def codes_of(pair: Pair, students: int | None) -> list[str]:
    """Name the indicators that count a match, and the rests it is a part of."""
    found = list(STEPS[: pair.step])
    if pair.step >= Step.ACCEPTED:
        found += ["partnerships_low_bandwidth"] * (Bandwidth.LOW in (pair.a.bandwidth, pair.b.bandwidth))
        found += [code for code, leader in zip(LED, Leader, strict=False) if pair.leader is leader]
    if pair.step >= Step.RUNNING and students:
        found.append("students")
    for rest, (whole, parts) in PARTS.items():
        if whole in found and not set(parts) & set(found):
            found.append(rest)
    return found


def truth_of(rows: Rows) -> dict[Hashable, int]:
    """Count by hand what stands in the file, with its sums and its rests."""
    found = Counter[Hashable]()
    for pair in rows.pairs:
        for region, course in (("asia", pair.a), ("europe", pair.b)):
            for code in codes_of(pair, course.students):
                for place in product((course.spot.country, ALL), (half_year(pair.day), ALL)):
                    cell = named(code, region, place)
                    found[cell] += region == "asia" or cell.region != ""
    return dict(found)


def read(rows: Rows) -> Reader:
    """Take in everything the file says, and how its numbers hang together."""
    reader = Reader()
    told = {(line[0], line[3], line[1], line[4]): line for line in list(lines(rows, date(2027, 12, 1)))[1:]}
    codes = {code for whole, parts in PARTS.values() for code in (whole, *parts)}
    for region, countries in REGIONS.items():
        for code in sorted({*codes, *PARTS}):
            for country in (*countries, ALL):
                terms = [named(code, region, (country, term)) for term in TERMS]
                reader.add_up(named(code, region, (country, ALL)), terms)
            for term in (*TERMS, ALL):
                parts = [named(code, region, (country, term)) for country in countries]
                reader.add_up(named(code, region, (ALL, term)), parts)
        for place in product((*countries, ALL), (*TERMS, ALL)):
            for rest, (whole, its) in PARTS.items():
                reader.add_up(named(whole, region, place), [named(code, region, place) for code in (*its, rest)])
    for (code, region, country, term), line in told.items():
        if code not in codes or line[8] != "shown":
            continue
        left = [(country, term)]
        if country == "OTHER":
            left = [(one, term) for one in REGIONS[region] if (code, region, one, term) not in told]
        elif term == "OTHER":
            left = [(ALL, one) for one in TERMS if (code, region, ALL, one) not in told]
        reader.add_up((code, region, country, term, "read"), [named(code, region, place) for place in left])
        reader.learn((code, region, country, term, "read"), float(line[7]))
    return reader


@settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6))
def test_nobody_can_work_out_a_small_group_from_all_that_the_file_for_asem_says(seed: int) -> None:
    rows = market(seed, most=150)
    truth = truth_of(rows)
    small = sorted((name for name, n in truth.items() if 0 < n < 5), key=str)
    chosen = Random(seed).sample(small, min(LOOKED_AT, len(small)))
    assert read(rows).pinned({name: truth[name] for name in chosen}) == []
