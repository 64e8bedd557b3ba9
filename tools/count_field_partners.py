"""Counts anew which fields partnered with which in the published partnerships.

    python -m tools.count_field_partners

writes matcher/data/field_partners.csv: for each pair of broad ISCED-F fields how many pairs of classes were
seen, and how many would be expected by chance. Fields are the guesses of the sentence model, as probabilities.
Run it after a change of the model, of the guess, or of the partnerships.
"""

from __future__ import annotations

import csv
from pathlib import Path

from matcher.complementarity import BROAD_FIELDS, broad_fields, count_partners
from matcher.criterion import Floats
from matcher.text import TextEncoder
from tests.matcher.real_pairs import real_pairs, real_profiles

TARGET = Path(__file__).parents[1] / "matcher" / "data" / "field_partners.csv"


def count() -> tuple[Floats, Floats]:
    """Return the tables of seen and expected pairs over the broad fields, from all published partnerships."""
    profiles = real_profiles()
    place = {profile.id: at for at, profile in enumerate(profiles)}
    fields = broad_fields(TextEncoder().fit(profiles).transform(profiles))
    return count_partners(fields, ((place[a], place[b]) for a, b in real_pairs()))


def main() -> None:
    """Write the file."""
    seen, expected = count()
    with TARGET.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(["broad_a", "broad_b", "seen", "expected"])
        for a, code_a in enumerate(BROAD_FIELDS):
            for b, code_b in list(enumerate(BROAD_FIELDS))[a:]:
                writer.writerow([code_a, code_b, f"{seen[a, b]:.2f}", f"{expected[a, b]:.2f}"])


if __name__ == "__main__":
    main()
