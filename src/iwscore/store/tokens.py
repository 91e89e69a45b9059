"""Tokens: who may ask a service, in which role and up to which marking.

Here belongs what is kept of them beside the log. Secrets are random, 256 bits: of each only its SHA-256 is kept. What a
role may do belongs to whoever serves. The log knows nothing of tokens but their names, which sign entries.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace

import sqlalchemy as sa

from iwscore.domain.observations import MARKINGS
from iwscore.errors import QuestionError, nearest
from iwscore.store.databases import Database, guarded
from iwscore.store.schema import credentials, tokens

__all__ = ["CODE_PREFIX", "PREFIX", "ROLES", "Token", "Tokens", "digest_of"]

ROLES: tuple[str, ...] = ("reader", "analyst", "admin")  # each may do what those before it may
PREFIX, CODE_PREFIX = "iws_", "iwc_"  # so that one that got into a file or a mail can be searched for
_BYTES = 32
_MOST_NAME = 80
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LIVE = tokens.c.revoked_at.is_(None)


@dataclass(frozen=True, slots=True)
class Token:
    """Who asks: ``name`` signs what they record, ``ceiling`` is the highest marking they may see.

    Times are microseconds since 1970; None for one that never expires, was never used, is not revoked.
    """

    name: str
    role: str
    ceiling: str
    created_at: int
    expires_at: int | None = None
    last_used: int | None = None
    revoked_at: int | None = None

    def stands(self, now: int) -> bool:
        """Return whether it opens anything at that time."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


_COLUMNS = tuple(tokens.c[field.name] for field in fields(Token))


def digest_of(secret: str) -> bytes:
    """Return what is kept of a secret, and what it is looked up by: its SHA-256, whatever was sent."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).digest()


class Tokens:
    """The tokens beside a log. Every method is one short transaction."""

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database, self._clock = database, clock

    def add(self, name: str, *, role: str, ceiling: str, expires_at: int | None = None) -> str:
        """Make a token; return its secret, which is kept nowhere.

        Raises
        ------
        QuestionError
            If name, role, ceiling or time is no such thing, or the name is or was another token's.
        """
        _refuse_strange(name, role, ceiling)
        with self._writing() as connection:
            self._refuse_past(expires_at)
            _refuse_taken(connection, name)
            made = Token(name, role, ceiling, self._clock(), expires_at)
            connection.execute(
                sa.insert(tokens).values({field.name: getattr(made, field.name) for field in fields(made)})
            )
            return _enter(connection, PREFIX, name, None)

    def renew(self, name: str, *, expires_at: int | None = None) -> str:
        """Return a new secret of a token that is not revoked; none of its earlier ones opens anything any more.

        Raises
        ------
        QuestionError
            If there is no such token, it is revoked, or the time has passed.
        """
        with self._writing() as connection:
            self._refuse_past(expires_at)
            _require(connection, name)
            connection.execute(sa.delete(credentials).where(credentials.c.name == name))
            connection.execute(sa.update(tokens).where(tokens.c.name == name).values(expires_at=expires_at))
            return _enter(connection, PREFIX, name, None)

    def list(self) -> list[Token]:
        """Return every token there ever was, by name."""
        with self._reading() as connection:
            rows = connection.execute(sa.select(*_COLUMNS).order_by(tokens.c.name)).all()
        return sorted((Token(*row) for row in rows), key=lambda token: token.name)

    def all_by_hash(self) -> dict[bytes, Token]:
        """Return the tokens that are not revoked, by the digest of each of their secrets; some may have expired.

        Where a secret expires before its token, ``expires_at`` is the secret's.
        """
        query = sa.select(credentials.c.digest, credentials.c.expires_at, *_COLUMNS)
        query = query.join(tokens, tokens.c.name == credentials.c.name).where(_LIVE, credentials.c.once == 0)
        with self._reading() as connection:
            rows = connection.execute(query).all()
        return {bytes(digest): _until(Token(*row), expires_at) for digest, expires_at, *row in rows}

    def revoke(self, name: str) -> Token:
        """Let a token open nothing any more, for good; return it as it was.

        Raises
        ------
        QuestionError
            If there is no such token, or it is revoked already.
        """
        with self._writing() as connection:
            token = _require(connection, name)
            connection.execute(sa.delete(credentials).where(credentials.c.name == name))
            connection.execute(sa.update(tokens).where(tokens.c.name == name).values(revoked_at=self._clock()))
            return token

    def used(self, times: Mapping[str, int]) -> None:
        """Note when tokens were used last; a later time that is there already stays."""
        seen = sa.bindparam("seen", type_=sa.BigInteger)
        later = sa.or_(tokens.c.last_used.is_(None), tokens.c.last_used < seen)
        statement = sa.update(tokens).where(tokens.c.name == sa.bindparam("who"), later).values(last_used=seen)
        if times:
            with self._writing() as connection:
                connection.execute(statement, [{"who": name, "seen": time} for name, time in sorted(times.items())])

    def add_code(self, name: str, *, expires_at: int) -> str:
        """Return a code that can be changed for a secret of that token, once; earlier codes of it end.

        Raises
        ------
        QuestionError
            If that token is not there or is revoked, or the time has passed.
        """
        with self._writing() as connection:
            self._refuse_past(expires_at)
            _require(connection, name)
            mine = (credentials.c.name == name, credentials.c.once == 1)
            connection.execute(sa.delete(credentials).where(*mine))
            return _enter(connection, CODE_PREFIX, name, expires_at, once=1)

    def redeem(self, code: str, *, expires_at: int | None = None) -> str:
        """Return a new secret for a code, which is used up by it; the token's other secrets stay.

        The secret expires with the token, or at ``expires_at`` where that is sooner.

        Raises
        ------
        QuestionError
            If the code is unknown, used up or expired, or its token does not stand.
        """
        mine = (credentials.c.digest == digest_of(code), credentials.c.once == 1)
        with self._writing() as connection:
            self._refuse_past(expires_at)
            row = connection.execute(sa.select(credentials.c.name, credentials.c.expires_at).where(*mine)).first()
            token = None if row is None else _until(_require(connection, row.name), row.expires_at)
            if token is None or not token.stands(self._clock()):
                raise QuestionError(
                    "IW556",
                    "sign-in code opens nothing",
                    None,
                    "must be fresh, and is good for once",
                    "Ask for another.",
                )
            spent = credentials.c.expires_at <= self._clock()
            connection.execute(sa.delete(credentials).where(sa.or_(sa.and_(*mine), spent)))
            return _enter(connection, PREFIX, token.name, expires_at)

    @contextmanager
    def _writing(self) -> Iterator[sa.Connection]:
        with guarded(self._database), self._database.writing() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[sa.Connection]:
        with guarded(self._database), self._database.reading() as connection:
            yield connection

    def _refuse_past(self, expires_at: int | None) -> None:
        if expires_at is not None and expires_at <= self._clock():
            raise QuestionError("IW553", "expiry has passed", None, "must lie ahead", "Give a later time.")


def _until(token: Token, expires_at: int | None) -> Token:
    """Return the token with the earlier of the two expiries."""
    times = [time for time in (token.expires_at, expires_at) if time is not None]
    return replace(token, expires_at=min(times, default=None))


def _enter(connection: sa.Connection, prefix: str, name: str, expires_at: int | None, *, once: int = 0) -> str:
    """Make a secret and keep its digest."""
    secret = prefix + secrets.token_urlsafe(_BYTES)
    kept = {"digest": digest_of(secret), "name": name, "once": once, "expires_at": expires_at}
    connection.execute(sa.insert(credentials).values(kept))
    return secret


def _found(connection: sa.Connection, name: str) -> Token | None:
    if not _NAME.fullmatch(name):
        return None
    row = connection.execute(sa.select(*_COLUMNS).where(tokens.c.name == name)).first()
    return None if row is None else Token(*row)


def _require(connection: sa.Connection, name: str) -> Token:
    """Return the token of that name, which must not be revoked."""
    token = _found(connection, name)
    if token is None:
        names = connection.execute(sa.select(tokens.c.name).where(_LIVE)).scalars()
        raise QuestionError("IW554", "no such token", name, "must be one of this log", nearest(name, names))
    if token.revoked_at is not None:
        raise QuestionError("IW555", "token is revoked", name, "must stand", "Add one under another name.")
    return token


def _refuse_strange(name: str, role: str, ceiling: str) -> None:
    if len(name) > _MOST_NAME or not _NAME.fullmatch(name):
        raise QuestionError(
            "IW550", "name of a token is no slug", name[:_MOST_NAME],
            "must be lower-case letters and digits in parts joined by -, 80 at most",
            "Write for instance anna-klein or wall-display.",
        )  # fmt: skip
    for word, known in ((role, ROLES), (ceiling, MARKINGS)):
        if word not in known:
            raise QuestionError(
                "IW551", "role or ceiling is unknown", word, f"must be one of {', '.join(known)}", nearest(word, known)
            )


def _refuse_taken(connection: sa.Connection, name: str) -> None:
    """Refuse a name that has been used: what it has signed must go on meaning one and the same."""
    held = _found(connection, name)
    if held is None:
        return
    if held.revoked_at is None:
        raise QuestionError(
            "IW552", "there is such a token already", name, "a name is one token's",
            "Renew it, or choose another name.",
        )  # fmt: skip
    raise QuestionError(
        "IW557", "name was a token's that is revoked", name,
        "a name that has signed entries is not given to another",
        "Choose another name, such as one with -2.",
    )  # fmt: skip
