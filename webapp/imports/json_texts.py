"""JSON, read with care: what is nested too deeply, given twice or no number is refused with a sentence."""

import json
from typing import Any

from flask_babel import gettext as _

from webapp.imports.reading import shortened

DEEPEST = 40


class JsonError(ValueError):
    """Text that is no JSON we take; the message says why."""


def parsed(text: str) -> Any:
    """Read JSON.

    Raises
    ------
    JsonError
        When it is none, or none we take.
    """
    try:
        value = json.loads(text, object_pairs_hook=_without_repeats, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise JsonError(
            _(
                "This is not JSON: it breaks off or goes wrong at line %(line)d, character %(at)d.",
                line=error.lineno,
                at=error.colno,
            )
        ) from None
    except JsonError:
        raise
    except ValueError:
        # Python refuses numbers of thousands of digits.
        raise JsonError(_("A number here is far too long.")) from None
    except RecursionError:
        raise JsonError(_("This JSON is nested too deeply.")) from None
    _check_depth(value)
    return value


def _check_depth(value: Any) -> None:
    level = [value] if isinstance(value, dict | list) else []
    for _depth in range(DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer)
            if isinstance(inner, dict | list)
        ]
        if not level:
            return
    raise JsonError(_("This JSON is nested too deeply."))


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise JsonError(_("“%(name)s” is given twice in one object.", name=shortened(twice)))
    return values


def _no_constant(name: str) -> Any:
    raise JsonError(_("%(name)s is no number of JSON.", name=name))
