"""What a sentence of the matcher consists of: its criterion, its kind and an English template."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, TypeAlias

Kind: TypeAlias = Literal["fits", "talk", "not"]

PLACEHOLDER = re.compile(r"%\((\w+)\)[sd]")


def N_(text: str) -> str:
    """Mark a text for translation and return it unchanged; the text extractor looks for this name."""
    return text


@dataclass(frozen=True)
class ReasonText:
    """What a code stands for: the criterion or rule it belongs to, its kind and the English template."""

    criterion: str
    kind: Kind
    template: str

    @property
    def placeholders(self) -> frozenset[str]:
        """Names of the parameters the template needs."""
        return frozenset(PLACEHOLDER.findall(self.template))
