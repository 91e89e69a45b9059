"""Receipts of requests: what was asked twice under one key is written once, and answered alike.

Here belongs keeping a receipt beside the log, in the transaction of its batch. What a receipt says belongs to
``store.entries``; what a request is, to whoever serves: here it is a key and a digest.
"""

from __future__ import annotations

import dataclasses
import json

import sqlalchemy as sa

from iwscore.domain.times import DAY
from iwscore.errors import QuestionError
from iwscore.store.entries import Head, Receipt
from iwscore.store.refusing import signature_faults
from iwscore.store.schema import receipts

__all__ = ["KEPT_MICROS", "MOST_KEY", "Request", "answered", "keep"]

KEPT_MICROS = 2 * DAY  # a day is promised: clocks of several machines need not agree to the second
MOST_KEY = 200


@dataclasses.dataclass(frozen=True, slots=True)
class Request:
    """What is asked: ``key`` is the asker's name for it, one author's own; ``digest`` the SHA-256 of all it says."""

    key: str
    digest: bytes


def answered(connection: sa.Connection, author: str, request: Request) -> Receipt | None:
    """Return what the author's request was answered with; None where it is new, or was made more than a day ago.

    Raises
    ------
    QuestionError
        If the key is none, or stands for another request of this author.
    """
    if not (0 < len(request.key) <= MOST_KEY and request.key.isprintable()):
        raise QuestionError(
            "IW558", "key of a request is none", request.key[:MOST_KEY],
            "must be 1 to 200 characters that can be printed", "Send a random key, such as a UUID.",
        )  # fmt: skip
    if signature_faults(author, request.key):
        return None
    mine = (receipts.c.author == author, receipts.c.key == request.key)
    kept = connection.execute(sa.select(receipts.c.digest, receipts.c.content).where(*mine)).first()
    if kept is None:
        return None
    if bytes(kept.digest) != request.digest:
        raise QuestionError(
            "IW559", "key stands for another request", request.key, "one key is for one request, word for word",
            "Send the same as before, or take a new key.",
        )  # fmt: skip
    said = json.loads(kept.content)
    return Receipt(**said | {"head": Head(**said["head"])})


def keep(connection: sa.Connection, author: str, request: Request, receipt: Receipt, now: int) -> None:
    """Keep a receipt with the batch that it is of, and drop those that have been kept for long enough."""
    connection.execute(sa.delete(receipts).where(receipts.c.made_at < now - KEPT_MICROS))
    said = json.dumps(dataclasses.asdict(receipt))
    row = {"author": author, "key": request.key, "digest": request.digest, "made_at": now, "content": said}
    connection.execute(sa.insert(receipts).values(row))
