"""Refusals: what the service declined, with all that it said about it.

Here belongs the problem document as an exception. What is refused, and why, is the service's to say.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import orjson

from iwscore.domain.models import Model
from iwscore.errors import Refusal, printable

__all__ = ["Declined", "FaultLine", "declined"]


class FaultLine(Model):
    """One fault of what was sent: where it stands, which it is, and what to do."""

    code: str
    where: str
    detail: str


class Declined(Refusal):
    """The service declined; ``request`` is the id under which its own log has more.

    ``code`` is the IW code, "" where there is none; ``document`` is the problem document as it came.
    """

    def __init__(self, status: int, document: Mapping[str, Any]) -> None:
        self.status, self.document = status, dict(document)
        self.code = str(document.get("code", ""))
        self.detail = str(document.get("detail", ""))
        self.request = str(document.get("request", ""))
        lines = [
            {name: str(one.get(name, "")) for name in FaultLine.model_fields} for one in document.get("faults", ())
        ]
        self.faults = tuple(FaultLine.model_validate(line) for line in lines)
        said = " ".join(part for part in (str(status), self.code, self.detail) if part)
        super().__init__("\n".join(map(printable, [said, *map(_line, self.faults)])))


def _line(fault: FaultLine) -> str:
    """Return a fault as people read it, placed once."""
    return fault.detail if fault.detail.startswith(fault.where) else f"{fault.where}: {fault.detail}"


def declined(status: int, body: bytes) -> Declined:
    """Return the refusal that a body tells of; one that is no problem document, as of a proxy, says nothing."""
    try:
        document = orjson.loads(body)
    except orjson.JSONDecodeError:
        document = None
    return Declined(status, document if isinstance(document, dict) else {"detail": "No problem document came with it."})
