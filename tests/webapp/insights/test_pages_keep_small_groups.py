"""Whatever a reader works out of a whole page or file, no small group is among it."""

from collections import Counter
from collections.abc import Hashable
from datetime import date, datetime
from itertools import pairwise, product
from random import Random

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.webapp.insights.reader import Reader
from tests.webapp.insights.rows import course, pair
from webapp.insights.facts import Leader, Origin, Pair, Rows, Step
from webapp.insights.figures import PUBLIC, computed
from webapp.insights.tables import Figure
from webapp.matches.lifecycle import Side

ASIA, EUROPE, FIELDS = ("VN", "JP", "ID"), ("PT", "FR", "GB"), ("01", "03", "06")
quickly = settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))


def market(seed: int, most: int = 90) -> Rows:
    """Some matches, many of them in few countries and fields, so that others have few."""
    random = Random(seed)

    def one_of(choices: tuple[str, ...]) -> str:
        return choices[min(int(random.expovariate(1.2)), len(choices) - 1)]

    def made() -> Pair:
        step = Step(random.choice([1, 1, 2, 2, 3, 4, 5]))
        day = datetime(2027, 1, 1)
        known = [day if number <= step and random.random() < 0.97 else None for number in range(1, 6)]
        sides = [
            course(one_of(places), students=random.choice([20, 20, 25, None]), field=one_of(FIELDS),
                   bandwidth=random.choice(["", "", "low"]))
            for places in (ASIA, EUROPE)
        ]  # fmt: skip
        first = random.choice([Side.A, Side.A, Side.B]) if known[1] else None
        term = random.choice([date(2027, 2, 1), date(2027, 2, 1), date(2027, 9, 1)])
        return pair(
            step=step, a=sides[0], b=sides[1], at=tuple(known), first_yes=first, day=term,
            origin=random.choice([*[Origin.ROUND] * 5, Origin.ASIA]),
            leader=random.choice([*[Leader.ASIA] * 4, *Leader]),
        )  # fmt: skip

    return Rows([], [made() for _ in range(random.randint(0, most))])


def learn_parts(reader: Reader, figure: Figure, keys: list[str], cell: int, prefix: Hashable, suffix: str = "") -> None:
    """Read one column: what stands there by name, and the others, of whom there is only a sum."""
    told = {row.key: row.cells[cell] for row in figure.rows}
    for key in keys:
        reader.place((prefix, key))
        if key in told and told[key].shown is not None:
            reader.learn((prefix, key), told[key].shown or 0)
    left = [(prefix, key) for key in keys if key not in told]
    for key in (f"others{suffix}", f"others_each{suffix}"):
        if key in told and told[key].shown is not None:
            reader.add_up((prefix, key), left)
            reader.learn((prefix, key), told[key].shown or 0)
            if "each" in key:
                reader.most.update(dict.fromkeys((reader.place(one) for one in left), 4.0))


def read_page(figures: list[Figure]) -> Reader:
    """Take in everything the public page shows."""
    reader = Reader()
    page = {figure.code: figure for figure in figures}
    for row in page["funnel"].rows[1:]:
        for at, name in ((0, "step"), (2, "timed")):
            reader.place((name, row.key))
            shown = row.cells[at].shown
            if shown is not None:
                reader.learn((name, row.key), shown)
        if row.key != "proposed":
            reader.add_up(("step", row.key), [("timed", row.key), ("untimed", row.key)])
    steps = [step.name.lower() for step in Step]
    for step, later in pairwise(steps):
        reader.add_up(("step", step), [("loss", step), ("step", later)])
    for code, keys, whole in (
        ("origin", list(Origin), "proposed"),
        ("lead", list(Leader), "accepted"),
        ("first-yes", ["asia", "europe", "together"], "accepted"),
    ):
        learn_parts(reader, page[code], [*keys], 0, code)
        rest = [(code, "rest")] if code == "first-yes" else []
        reader.add_up(("step", whole), [*((code, key) for key in keys), *rest])
        reader.add_up((code, "base"), [(code, key) for key in keys])
        if page[code].base.shown is not None:
            reader.learn((code, "base"), page[code].base.shown or 0)
        for row in page[code].rows:
            number, share = row.cells[0].shown, row.cells[1].shown
            if number and share:
                reader.learn((code, "base"), round(number / share))
    for side, column in (("a", 0), ("b", 1)):
        learn_parts(reader, page["fields"], [*FIELDS], column, f"fields-{side}")
        reader.add_up(("step", "accepted"), [(f"fields-{side}", key) for key in FIELDS])
    learn_parts(reader, page["pairs"], [f"{a}+{b}" for a, b in product(ASIA, EUROPE)], 0, "pairs")
    learn_parts(reader, page["countries"], [*ASIA], 0, "countries", "-asia")
    learn_parts(reader, page["countries"], [*EUROPE], 0, "countries", "-europe")
    for a in ASIA:
        reader.add_up(("countries", a), [("pairs", f"{a}+{b}") for b in EUROPE])
    for b in EUROPE:
        reader.add_up(("countries", b), [("pairs", f"{a}+{b}") for a in ASIA])
    for places in (ASIA, EUROPE):
        reader.add_up(("step", "accepted"), [("countries", place) for place in places])
    for row in page["students"].rows:
        students, mean, known = (cell.shown for cell in row.cells)
        reader.add_up(("step", "running"), [("known", row.key), ("unknown", row.key)])
        if known is not None:
            reader.learn(("known", row.key), known)
        if students and mean:
            reader.learn(("known", row.key), round(students / mean))
    for code, name in (("funnel", "proposed"), ("students", "running"), ("pairs", "accepted"), ("fields", "accepted"),
                       ("countries", "accepted"), ("coverage", "accepted"), ("lead", "accepted")):  # fmt: skip
        if page[code].base.shown is not None:
            reader.learn(("step", name), page[code].base.shown or 0)
    return reader


def truth_of(rows: Rows) -> dict[Hashable, int]:
    """Count what the page shows or hides, by hand."""
    found = Counter[Hashable]()
    for one in rows.pairs:
        found["origin", one.origin.value] += 1
        for step in Step:
            found["step", step.name.lower()] += one.step >= step
        if one.step is not Step.COMPLETED:
            found["loss", one.step.name.lower()] += 1
        for step in list(Step)[1:]:
            both = one.at[step - 2] is not None and one.at[step - 1] is not None
            if one.step >= step:
                found["timed" if both else "untimed", step.name.lower()] += 1
        if one.step < Step.ACCEPTED:
            continue
        a, b = one.a, one.b
        found["lead", one.leader.value] += 1
        first = {Side.A: "asia", Side.B: "europe", None: "together"}[one.first_yes]
        is_asked = one.origin is Origin.ROUND and one.at[1] is not None
        found["first-yes", first if is_asked else "rest"] += 1
        found["pairs", f"{a.spot.country}+{b.spot.country}"] += 1
        for side, its in (("a", a), ("b", b)):
            found["countries", its.spot.country] += 1
            found[f"fields-{side}", its.field] += 1
            if one.step >= Step.RUNNING:
                region = "asia" if side == "a" else "europe"
                found["known" if its.students else "unknown", region] += 1
    return dict(found)


@quickly
@given(seed=st.integers(0, 10**6))
def test_nobody_can_work_out_a_small_group_from_all_that_the_public_page_shows(seed: int) -> None:
    rows = market(seed)
    figures = computed(rows, PUBLIC)
    reader = read_page(figures)
    assert reader.pinned(truth_of(rows)) == []


PARTITIONS = {"origin", "lead", "first-yes", "pairs", "fields", "levels", "ended", "calibration"}
"""Figures in which each match, or each of its sides, stands in one row."""


@quickly
@given(seed=st.integers(0, 10**6))
def test_adding_rows_together_never_changes_a_sum(seed: int) -> None:
    figures = {figure.code: figure for figure in computed(market(seed, most=150))}
    for code in PARTITIONS:
        figure = figures[code]
        columns = (0, 1) if code in ("fields", "levels") else (0,)
        for at in columns:
            assert sum(row.cells[at].value or 0 for row in figure.rows) == figure.base.value, code
            shown = [row.cells[at].shown for row in figure.rows]
            assert (None in shown) == (figure.base.shown is None), code
    for region in (ASIA, EUROPE):
        side = "asia" if region is ASIA else "europe"
        of_region = [row for row in figures["countries"].rows if row.key in region or row.key.endswith(f"-{side}")]
        assert sum(row.cells[0].value or 0 for row in of_region) == figures["countries"].base.value


@quickly
@given(seed=st.integers(0, 10**6))
def test_no_row_stands_by_its_name_of_which_nothing_is_shown_and_no_cell_is_small(seed: int) -> None:
    by_name = {"funnel", "students", "coverage", "climate"}
    for figure in computed(market(seed)):
        for row in figure.rows:
            if figure.code not in by_name and not row.key.startswith("others"):
                assert row.cells[0].shown is not None, (figure.code, row.key)
            if figure.code not in ("coverage", "climate"):
                assert row.cells[0].shown not in (1, 2, 3, 4), (figure.code, row.key)
