"""Forms of times in foreign files: what each element is, and the pattern that reads it.

Here belong the directives of a form. Which period a time stands for belongs to ``domain.mappings``, reading a column of
them to ``store.periods``.

``iso`` is ISO 8601: a day, or a day with a time of day, with an offset or without. Any other form is written with
``%Y %m %d %q %H %M %S`` (``%q`` is the quarter, 1 to 4; ``%%`` is a percent sign) and the characters between them.
Years have four digits; other elements one or two, but always two where another directive follows at once.
"""

from __future__ import annotations

import re

__all__ = ["ISO", "finest", "form_pattern"]

ISO = "iso"
_ISO_PATTERN = (
    r"(?P<Y>[0-9]{4})-(?P<m>[0-9]{2})-(?P<d>[0-9]{2})"
    r"(?:[T ](?P<H>[0-9]{2}):(?P<M>[0-9]{2})(?::(?P<S>[0-9]{2})(?:[.,](?P<f>[0-9]{1,6}))?)?"
    r"(?P<z>[Zz]|[+-][0-9]{2}:?[0-9]{2})?)?"
)
_DIRECTIVE = re.compile("%(.?)")
# What each directive needs beside it, and the period that it tells.
_NEEDS = {"Y": "", "q": "Y", "m": "Y", "d": "m", "H": "d", "M": "H", "S": "M"}
_TELLS = {"H": "instant", "d": "day", "m": "month", "q": "quarter"}


def form_pattern(form: str) -> str:
    r"""Return the regular expression, with a named group a directive, that reads texts of the form.

    Raises
    ------
    ValueError
        If a directive is unknown or repeated, or one that it needs is not there.

    Examples
    --------
    >>> form_pattern("%d.%m.%Y")
    '(?P<d>[0-9]{1,2})\\.(?P<m>[0-9]{1,2})\\.(?P<Y>[0-9]{4})'
    """
    if form == ISO:
        return _ISO_PATTERN
    pieces = _DIRECTIVE.split(form)
    literals, directives = pieces[::2], pieces[1::2]
    named = [directive for directive in directives if directive != "%"]
    _check(named)
    pattern = re.escape(literals[0])
    for place, directive in enumerate(directives):
        touching = not literals[place + 1] and place + 1 < len(directives) and directives[place + 1] != "%"
        pattern += _group(directive, two="2" if touching or _touched(directives, literals, place) else "1,2")
        pattern += re.escape(literals[place + 1])
    return pattern


def _touched(directives: list[str], literals: list[str], place: int) -> bool:
    """Return whether another directive comes right before this one."""
    return place > 0 and not literals[place] and directives[place - 1] != "%"


def _group(directive: str, *, two: str) -> str:
    if directive == "%":
        return "%"
    digits = {"Y": "[0-9]{4}", "q": "[1-4]"}.get(directive, f"[0-9]{{{two}}}")
    return f"(?P<{directive}>{digits})"


def _check(named: list[str]) -> None:
    for directive in named:
        if directive not in _NEEDS:
            raise ValueError(f"unknown: %{directive}")
        if named.count(directive) > 1:
            raise ValueError(f"repeated: %{directive}")
        if _NEEDS[directive] and _NEEDS[directive] not in named:
            raise ValueError(f"%{directive} without %{_NEEDS[directive]}")
    if "Y" not in named:
        raise ValueError("no %Y")
    if "q" in named and "m" in named:
        raise ValueError("%q beside %m")


def finest(form: str) -> str:
    """Return the shortest period that texts of a sound form can tell.

    Examples
    --------
    >>> finest("%Y-Q%q"), finest("%Y%m%d"), finest("iso")
    ('quarter', 'day', 'instant')
    """
    if form == ISO:
        return "instant"
    named = set(_DIRECTIVE.findall(form))
    return next((period for directive, period in _TELLS.items() if directive in named), "year")
