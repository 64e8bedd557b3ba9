"""How many matches came to each step: decided once, and the same in every table of a page."""

from collections import Counter

from webapp.insights.facts import Rows, Step
from webapp.insights.suppression import nested
from webapp.insights.tables import Cell, count


def totals(rows: Rows) -> dict[Step, Cell]:
    """Count the matches that reached each step at any time, and decide which of these numbers are shown.

    Each step is a part of the one before, so that a loss from one to the next is a group like any other. Partnerships
    are what most tables rest on: they are shown unless they are fewer than five.
    """
    furthest = Counter(pair.step for pair in rows.pairs)
    reached = {step: sum(n for it, n in furthest.items() if it >= step) for step in Step}
    states = nested(list(reached.values()), most_wanted=list(Step).index(Step.ACCEPTED))
    return {step: count(n, status) for (step, n), status in zip(reached.items(), states, strict=True)}
