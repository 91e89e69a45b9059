"""Changes: what the log has taken, in the order of recording, for whoever copies it or waits for what is new.

Here belongs the form. What is told of what is hidden belongs to ``services.views``.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from iwscore.api.answers import Envelope, asking, json_bytes
from iwscore.api.entries import EntryLine, entry_line
from iwscore.api.observations import MOST_SHOWN, kept_reply, known_cursor
from iwscore.api.readers import requires
from iwscore.domain.times import from_micros
from iwscore.services.views import Shown, View, Withdrawal

__all__ = ["router"]

router = APIRouter(prefix="/v1/changes", tags=["observations"], dependencies=[Depends(requires("reader"))])


class ChangesAsked(BaseModel):
    """Where to go on, and how much to answer at once."""

    model_config = ConfigDict(extra="forbid")

    cursor: Annotated[str, Field(max_length=200, description="``next`` of an earlier answer; blank for all.")] = ""
    limit: Annotated[int, Field(ge=1, le=MOST_SHOWN)] = 100


class EntryChange(EntryLine):
    """An entry of any kind; ``content`` is JSON for what outcomes and catalogs say."""

    content: str


class WithdrawalChange(BaseModel):
    """That an entry shown before stands no more from then on, by one that is hidden."""

    kind: Literal["withdrawal"]
    target: str
    known_from: datetime


class ChangesAnswer(Envelope):
    """Changes, and the cursor behind them: asked again with it, there is what has come since."""

    changes: list[EntryChange | WithdrawalChange]
    next: str


@router.get(
    "", operation_id="changes", summary="What the log has taken since", response_model=ChangesAnswer,
    openapi_extra={"x-role": "reader"},
)  # fmt: skip
def changes(request: Request, asked: Annotated[ChangesAsked, Query()]) -> Response:
    """Answer entries, and withdrawals by what is hidden, in the order of recording."""
    with asking(request) as moment:
        pass
    with known_cursor():
        found = View(moment.station.log, moment.reader.ceiling).changes(asked.cursor or None, asked.limit)
    content: dict[str, Any] = {
        "changes": [_line(one) for one in found],
        "next": found[-1].cursor if found else asked.cursor,
    }
    return kept_reply(request, moment, json_bytes(content | moment.envelope()))


def _line(change: Shown | Withdrawal) -> dict[str, Any]:
    if isinstance(change, Withdrawal):
        return {"kind": change.kind, "target": change.target, "known_from": from_micros(change.known_from)}
    told = entry_line(change) | {"content": change.content}
    if change.kind == "catalog":  # all may see it, but not in whose batch, nor why, it was put in force
        told |= {"author": "", "reason": ""}
    return told
