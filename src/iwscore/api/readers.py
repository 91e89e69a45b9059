"""Readers: who asks, what they may do, and up to which marking they may see.

Here belongs the meaning of a role. Where tokens are kept belongs to ``store.tokens``, who is let in to ``api.doors``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from fastapi import Request

from iwscore.errors import QuestionError

__all__ = ["ROLES", "Forbidden", "Reader", "Role", "fingerprint", "reader_of", "requires"]

Role = Literal["reader", "analyst", "admin"]
ROLES: tuple[Role, ...] = ("reader", "analyst", "admin")  # each may do what those before it may


@dataclass(frozen=True, slots=True)
class Reader:
    """Who a token stands for; ``expires_at`` in microseconds since 1970, None for never.

    ``secret`` is the fingerprint by which they were let in: the same name by another is let in anew.
    """

    name: str
    role: Role
    ceiling: str
    expires_at: int | None = None
    secret: bytes = field(default=b"", repr=False)


class Forbidden(QuestionError):
    """The reader's role does not allow it."""


def fingerprint(token: str) -> bytes:
    """Return what is kept of a token: its SHA-256."""
    return hashlib.sha256(token.encode()).digest()


Known = Callable[[], Mapping[bytes, Reader]]  # the readers by the fingerprint of their tokens


def reader_of(request: Request) -> Reader:
    """Return who asks; nobody comes here without having been let in."""
    reader: Reader = request.scope["reader"]
    return reader


def requires(role: Role) -> Callable[[Request], Reader]:
    """Return a dependency that refuses whoever has a lesser role."""

    def of_role(request: Request) -> Reader:
        reader = reader_of(request)
        if ROLES.index(reader.role) < ROLES.index(role):
            raise Forbidden(
                "IW561", "role does not allow it", reader.role, f"must be {role} or above", "Ask for another token."
            )
        return reader

    return of_role
