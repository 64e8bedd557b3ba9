"""From the columns of a suggestion to the fields of the course form, and into a draft of that form."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

Fields = list[list[str]]
"""Names and values as a browser sends them, in the order of the page."""

ROWS = {"exchange_languages": ("language", "level"), "slots": ("weekday", "start", "end")}
"""Lists of rows that have several cells; the first names the row."""
PLAIN_ROWS = frozenset({"learning_languages"})
CHECKS = frozenset({"sdgs", "skills"})
MOST_ROWS = 20


@dataclass(frozen=True)
class Filling:
    """What a form gets when a suggestion is taken over.

    Parameters
    ----------
    fields
        Value by name, for fields of one value; what stands there is replaced.
    checks
        Boxes to check by name; others stay as they are.
    rows
        Rows by name of the list; they are added to those there are.
    """

    fields: dict[str, str] = field(default_factory=dict)
    checks: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """Give it as JSON values."""
        return {"fields": self.fields, "checks": self.checks, "rows": self.rows}

    @classmethod
    def from_json(cls, given: object) -> "Filling":
        """Read it from JSON values that a browser sent back; whatever else is in there counts as nothing."""
        parts = given if isinstance(given, dict) else {}
        fields, checks, rows = (_mapping(parts.get(name)) for name in ("fields", "checks", "rows"))
        return cls(
            {name: value for name, value in fields.items() if isinstance(value, str) and name in FIELDS},
            {
                name: [it for it in its if isinstance(it, str)]
                for name, its in checks.items()
                if _is_list(its, name, CHECKS)
            },
            {
                name: [
                    {cell: text for cell, text in row.items() if isinstance(text, str)}
                    for row in its
                    if isinstance(row, dict)
                ]
                for name, its in rows.items()
                if _is_list(its, name, ROWS.keys() | PLAIN_ROWS)
            },
        )


FIELDS = frozenset(
    {
        *("title", "isced_f", "description", "outcomes", "keywords", "level", "eqf", "students", "students_most"),
        *("starts_on", "ends_on"),
    }
)
"""Fields of one value that suggestions fill."""


def _mapping(given: object) -> Mapping[str, Any]:
    return {key: value for key, value in given.items() if isinstance(key, str)} if isinstance(given, dict) else {}


def _is_list(its: object, name: str, known: Iterable[str]) -> bool:
    return isinstance(its, list) and name in known


def filling_of(values: Mapping[str, Any]) -> Filling:
    """Turn columns of a course into what the form is filled with."""
    found = Filling()
    for name, value in values.items():
        if name == "exchange_languages":
            found.rows[name] = [{"language": code, "level": level or ""} for code, level in value.items()]
        elif name in ROWS:
            found.rows[name] = [dict(row) for row in value]
        elif name in PLAIN_ROWS:
            found.rows[name] = [{"": code} for code in value]
        elif name in CHECKS:
            found.checks[name] = [str(one) for one in value]
        else:
            found.fields[name] = _written(name, value)
    return found


def _written(name: str, value: Any) -> str:
    if isinstance(value, list):
        return ("\n" if name == "outcomes" else ", ").join(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def typed_in(fields: Fields, filling: Filling) -> dict[str, str]:
    """Give what is typed already where a filling would put something else."""
    there = dict(reversed([(name, value) for name, value in fields]))
    return {
        name: there[name]
        for name, value in filling.fields.items()
        if there.get(name, "").strip() and " ".join(there[name].split()) != " ".join(value.split())
    }


def filled(fields: Fields, filling: Filling) -> Fields:
    """Return what a form holds after a filling was taken over."""
    kept = [list(pair) for pair in fields if pair[0] not in filling.fields]
    kept += [[name, value] for name, value in filling.fields.items()]
    for name, values in filling.checks.items():
        checked = {value for its, value in kept if its == name}
        kept += [[name, value] for value in dict.fromkeys(values) if value not in checked]
    for name, rows in filling.rows.items():
        for row in rows:
            kept = _with_row(kept, name, row)
    return kept


def _with_row(fields: Fields, name: str, row: Mapping[str, str]) -> Fields:
    """Put a row where it belongs: into the row that says the same in its first cell, an empty one, or a new one."""
    there: dict[int, dict[str, str]] = {}
    for its, value in fields:
        start, _dash, rest = its.partition("-")
        number, _dash, cell = rest.partition("-")
        if start == name and number.isdecimal() and len(number) < 4:
            there.setdefault(int(number), {})[cell] = value
    cells = ROWS.get(name, ("",))
    wanted = {cell: row.get(cell, "") for cell in cells}
    whole = cells if name == "slots" else cells[:1]
    same = next((n for n, its in there.items() if all(its.get(c) == wanted[c] for c in whole)), None)
    if same is None:
        same = next((n for n in sorted(there) if not any(there[n].values())), max(there, default=-1) + 1)
    if same >= MOST_ROWS:
        return fields
    # A level somebody chose stays.
    values = {cell: there.get(same, {}).get(cell) or wanted[cell] for cell in cells}
    names = {cell: f"{name}-{same}-{cell}" if cell else f"{name}-{same}" for cell in cells}
    others = [pair for pair in fields if pair[0] not in names.values()]
    return [*others, *([names[cell], values[cell]] for cell in cells)]
