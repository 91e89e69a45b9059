"""Plain YAML scalars as the core schema of YAML 1.2 reads them, and values as messages show them.

Here belongs the meaning of one scalar: ``NO`` and ``12:30`` are text, ``010`` is ten. Dates stay text; what a text
means belongs to ``documents``.

References
----------
YAML Ain't Markup Language, version 1.2.2 (2021), section 10.3.2, tag resolution of the core schema.
"""

from __future__ import annotations

import re

from iwscore.errors import printable

__all__ = ["Scalar", "resolve_scalar", "show"]

Scalar = str | int | float | bool | None

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {word: truth for truth in (True, False) for word in (str(truth).lower(), str(truth), str(truth).upper())}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_MOST_DIGITS = 300  # a longer integer has no float
_SHOWN = 60


def resolve_scalar(text: str) -> Scalar:
    """Return what a plain scalar means.

    Raises
    ------
    OverflowError
        If it is a number, but not a finite one.

    Examples
    --------
    >>> [resolve_scalar(text) for text in ("NO", "010", "0o10", "1e3", ".5", "12:30", "2022-10-04", "~")]
    ['NO', 10, 8, 1000.0, 0.5, '12:30', '2022-10-04', None]
    """
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if _INTEGER.fullmatch(text):
        if len(text) > _MOST_DIGITS:
            raise OverflowError(text)
        return int(text, 0) if text[:2] in ("0o", "0x") else int(text)
    if _NOT_FINITE.fullmatch(text):
        raise OverflowError(text)
    if _FLOAT.fullmatch(text):
        number = float(text)
        if number in (float("inf"), float("-inf")):
            raise OverflowError(text)
        return number
    return text


def show(value: object) -> str:
    r"""Return a value as a message shows it: short, on one line, nothing in it that moves a terminal.

    Examples
    --------
    >>> show("two\nlines"), show([1, 2]), show(None), show(True), show(0.5)
    ('two\\nlines', 'a list of 2', 'nothing', 'true', '0.5')
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list | dict):
        return f"a {'list' if isinstance(value, list) else 'mapping'} of {len(value)}"
    text = str(value)
    text = text if len(text) <= _SHOWN else text[:_SHOWN] + "…"
    return printable(text)
