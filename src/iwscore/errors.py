"""The faults and refusals of iwscore: their one-line form and the exception tree.

Here belong the form of a message and the exceptions every floor may raise. What is checked, and where, belongs to
the floor that checks.

    Refusal                    anything iwscore declines to do, with an exit code
    ├── DocumentFaults         the catalog has errors                  exit 1
    ├── RowFaults              a file of observations has errors       exit 1
    ├── DraftFaults            the log does not take what it was given exit 1
    ├── SettingFaults          the environment has errors             exit 2
    ├── QuestionError          the question cannot be asked so         exit 2
    └── Unreachable            a file, folder or log cannot be had     exit 3
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

__all__ = [
    "DocumentFaults",
    "DraftFaults",
    "Fault",
    "QuestionError",
    "Refusal",
    "RowFaults",
    "SettingFaults",
    "Severity",
    "Unreachable",
    "nearest",
    "printable",
]

_MANY = 100  # names beyond which only those alike at first sight are compared
Severity = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One thing that is wrong or worth a look, where it stands, and what to do about it.

    It sorts by place. ``line`` is the row for files of observations and ``column`` a position in the line; zero
    where there is none, as for a whole folder. ``field`` names the column of a row.
    """

    file: str
    line: int
    column: int
    code: str
    what: str
    value: str | None
    must: str
    remedy: str
    field: str = ""
    severity: Severity = "error"

    @property
    def where(self) -> str:
        """The place as editors understand it: ``file:line:col``, or ``file:row N:column`` for rows."""
        if self.field or (self.line and not self.column):
            return ":".join(part for part in (self.file, f"row {self.line}" if self.line else "", self.field) if part)
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file

    def __str__(self) -> str:
        value = "" if self.value is None else f" ({self.value})"
        return printable(f"{self.where}: {self.code} {self.what}{value}; {self.must}. {self.remedy}")


class Refusal(Exception):
    """What iwscore declines to do; ``exit_code`` is what a command returns for it."""

    exit_code = 2


class _Faults(Refusal):
    """Every fault found in one pass, sorted by place."""

    exit_code = 1

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults), key=_place))
        super().__init__("\n".join(map(str, self.faults)))


def _place(fault: Fault) -> tuple[str, int, int, str, str, str, str]:
    """Return what faults are sorted by: the value last, so that two at one place always stand in one order."""
    return fault.file, fault.line, fault.column, fault.code, fault.field, fault.what, fault.value or ""


class DocumentFaults(_Faults):
    """The catalog has errors; nothing was loaded."""


class RowFaults(_Faults):
    """A file of observations has errors; nothing was read."""


class DraftFaults(_Faults):
    """The log does not take what it was given; nothing was recorded. A fault's line is the draft's place, from 1."""


class SettingFaults(_Faults):
    """The environment of a service has errors; nothing was started. A fault's file is the setting's name."""

    exit_code = 2


class QuestionError(Refusal):
    """The question cannot be asked so: an unknown problem, a missing subject, clocks the wrong way round."""

    def __init__(self, code: str, what: str, value: str | None, must: str, remedy: str) -> None:
        shown = "" if value is None else f" ({value})"
        self.code = code
        super().__init__(printable(f"{code} {what}{shown}; {must}. {remedy}"))


class Unreachable(QuestionError):
    """A file, folder or log cannot be had."""

    exit_code = 3


def _alike(one: str, name: str) -> bool:
    return one[:1] == name[:1] and abs(len(one) - len(name)) <= 3


def printable(text: str) -> str:
    r"""Return the text with what a terminal would act on, or cannot show, written as an escape.

    Examples
    --------
    >>> printable("red \x1b[31m")
    'red \\x1b[31m'
    """
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def nearest(name: str, known: Iterable[str]) -> str:
    """Return ``did you mean "x"?`` for the closest known name, or which names there are when none is close."""
    names = sorted(set(known))
    likely = names if len(names) <= _MANY else [one for one in names if _alike(one, name)][:_MANY]
    close = difflib.get_close_matches(name, likely, n=1, cutoff=0.6)
    if close:
        return f'Did you mean "{close[0]}"?'
    if not names:
        return "There are none yet."
    shown = ", ".join(names[:8])
    return f"There are: {shown}." if len(names) <= 8 else f"There are {len(names)}: {shown}, …."
