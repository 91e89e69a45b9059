"""Media: in which of the forms that an answer has it is sent.

Here belongs reading ``Accept`` (RFC 9110, section 12.5.1). What the forms hold belongs to ``render``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from iwscore.errors import QuestionError

__all__ = ["ARROW", "CSV", "JSON", "VEGA", "chosen"]

JSON = "application/json"
CSV = "text/csv"
ARROW = "application/vnd.apache.arrow.stream"
VEGA = "application/vnd.vegalite.v5+json"
_QUALITY = re.compile(r"0(\.[0-9]{0,3})?|1(\.0{0,3})?")


def chosen(accept: str, offered: Sequence[str]) -> str:
    """Return the form that is liked best, of those liked alike the first; without a word of it the first.

    Raises
    ------
    QuestionError
        IW563 where none is wanted.

    Examples
    --------
    >>> chosen("text/csv;q=0.5, application/json;q=0.4", (JSON, CSV))
    'text/csv'
    """
    ranges = list(_ranges(accept)) or [("*/*", 1.0)]
    liked = [_quality(ranges, one) for one in offered]
    if max(liked) <= 0:
        named = ", ".join(offered)
        raise QuestionError(
            "IW563", "no such form of the answer", accept, f"must be one of {named}", "Ask for one of them."
        )
    return offered[liked.index(max(liked))]


def _ranges(accept: str) -> Iterator[tuple[str, float]]:
    """Yield each range of media and how much it is liked; what is no number counts as 0."""
    for part in accept.split(","):
        name, *parameters = (one.strip().lower() for one in part.split(";"))
        quality = next((one[2:] for one in parameters if one.startswith("q=")), "1")
        if name:
            yield name, float(quality) if _QUALITY.fullmatch(quality) else 0.0


def _quality(ranges: Sequence[tuple[str, float]], offered: str) -> float:
    """Return how much a form is liked: the range that names it most closely decides."""
    kind = offered.partition("/")[0]
    for wanted in (offered, f"{kind}/*", "*/*"):
        found = [quality for name, quality in ranges if name == wanted]
        if found:
            return max(found)
    return 0.0
