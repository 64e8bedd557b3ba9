"""Subjects each field of education holds, in the words courses use."""

import csv
from functools import cache
from importlib.resources import files


@cache
def field_subjects() -> dict[str, str]:
    """Return examples of subjects by code of a detailed field, written after the ISCED-F 2013 field descriptions."""
    text = files("webapp.syllabus").joinpath("data", "field_subjects.csv").read_text(encoding="utf-8")
    return {row["code"]: row["subjects"] for row in csv.DictReader(text.splitlines())}
