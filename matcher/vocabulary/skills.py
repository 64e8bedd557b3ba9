"""Transversal skills: UNESCO's six categories and their skills, the areas and competences of DigComp."""

from __future__ import annotations

from matcher.vocabulary.tables import read_table

_ROWS = read_table("transversal_skills")

# English names by id; categories (U1, D2) and skills (U1.1, D2.4) alike.
SKILLS: dict[str, str] = {row["skill_id"]: row["name_en"] for row in _ROWS}
_IDS = {name.casefold(): skill for skill, name in SKILLS.items()} | {skill.casefold(): skill for skill in SKILLS}


def skill_id(text: str) -> str:
    """Return the id of a skill given by id or English name; free text stays as it is."""
    words = " ".join(text.split())
    return _IDS.get(words.casefold(), words)


def skill_name(skill: str) -> str:
    """Return the English name of a skill, or the text itself when it is free text."""
    return SKILLS.get(skill, skill)
