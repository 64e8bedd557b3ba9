"""What spreadsheets would compute: texts of people stay texts in every file we give away."""

import re

_COMPUTED = re.compile(r"'*[=+\-@\t\r]")


def would_be_computed(text: str) -> bool:
    """Tell whether a spreadsheet may take a text for a formula, or would take apostrophes off before it."""
    return _COMPUTED.match(text) is not None


def harmless(text: str) -> str:
    """Keep a spreadsheet from computing a text: an apostrophe makes it a text, and an import takes it off again."""
    return f"'{text}" if would_be_computed(text) else text
