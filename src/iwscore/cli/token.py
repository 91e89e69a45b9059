"""``iwscore token``: who may ask a service: added, renewed, listed, revoked."""

from __future__ import annotations

import dataclasses
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from iwscore.cli import options
from iwscore.cli.databases import DatabaseUrl, now, open_there

if TYPE_CHECKING:
    from iwscore.store.tokens import Token

__all__ = ["Ceiling", "Role", "token"]

Role = Literal["reader", "analyst", "admin"]
Ceiling = Literal["clear", "green", "amber", "amber+strict", "red"]
TokenName = Annotated[str, typer.Argument(metavar="NAME", help="Whose it is; it signs what they record.")]
Expires = Annotated[
    str | None,
    typer.Option(
        "--expires", metavar="TIME", help="When it ends: a time, or in how long, such as 90d [default: never]."
    ),
]
_ONCE = "It is shown this once: keep it like a password."
_TIMES = ("created_at", "expires_at", "last_used", "revoked_at")

token = typer.Typer(
    name="token",
    help="Add, renew, list and revoke the tokens of those who ask a service.",
    no_args_is_help=True,
    rich_markup_mode=None,
)


@token.command()
def add(
    name: TokenName,
    role: Annotated[Role, typer.Option(help="A reader asks, an analyst also records, an admin may do all there is.")],
    ceiling: Annotated[Ceiling, typer.Option(help="The highest marking that they may see.")],
    expires: Expires = None,
    catalog: options.CatalogFolder = None,
    database: DatabaseUrl = None,
) -> None:
    """Make a token and print its secret, this once: only a digest of it is kept."""
    from iwscore.store.logs import tokens_of

    until = _until(expires)
    with open_there(database, catalog) as opened:
        secret = tokens_of(opened).add(name, role=role, ceiling=ceiling, expires_at=until)
    options.put(f"{secret}\n", None)
    options.note(f"Token of {name}: {role}, up to {ceiling}, {_ending(until)} {_ONCE}")


@token.command()
def renew(
    name: TokenName,
    expires: Expires = None,
    catalog: options.CatalogFolder = None,
    database: DatabaseUrl = None,
) -> None:
    """Print a new secret of a token, this once; its earlier ones open nothing any more."""
    from iwscore.store.logs import tokens_of

    until = _until(expires)
    with open_there(database, catalog) as opened:
        secret = tokens_of(opened).renew(name, expires_at=until)
    options.put(f"{secret}\n", None)
    options.note(f"Token of {name}, renewed: {_ending(until)} {_ONCE}")


@token.command("list")
def list_(
    catalog: options.CatalogFolder = None, database: DatabaseUrl = None, format: options.Format = "table"
) -> None:
    """Name every token there ever was, and when it was used last."""
    from iwscore.store.logs import tokens_of

    with open_there(database, catalog) as opened:
        tokens, time = tokens_of(opened).list(), opened.clock()
    rows = [_fields(one, time) for one in tokens]
    if format == "json":
        options.put("".join(json.dumps(row) + "\n" for row in rows), None)
    elif format == "csv":
        head = ["name", "role", "ceiling", *_TIMES, "state"]
        lines = [head, *([row[name] or "" for name in head] for row in rows)]  # no cell needs a quote
        options.put("".join(",".join(line) + "\n" for line in lines), None)
    else:
        options.put(_table(rows), None)


@token.command()
def revoke(name: TokenName, catalog: options.CatalogFolder = None, database: DatabaseUrl = None) -> None:
    """Let a token open nothing any more, for good; its name is not given again."""
    from iwscore.store.logs import tokens_of

    with open_there(database, catalog) as opened:
        tokens_of(opened).revoke(name)
    options.note(f"Revoked: {name}. What it has signed stays; a service refuses it within a second.")


def _until(expires: str | None) -> int | None:
    """Return the time that ``--expires`` names: itself, or so long from now."""
    from iwscore.domain.times import DAY, from_micros, parse_span_days, to_micros

    if expires is None or expires == "never":
        return None
    with suppress(ValueError, OverflowError):  # no span, or one that leads out of the calendar
        return to_micros(from_micros(now() + round(parse_span_days(expires) * DAY)))
    return to_micros(options.instant(expires, "--expires"))


def _ending(until: int | None) -> str:
    return "never expires." if until is None else f"expires {_time(until)}."


def _time(micros: int) -> str:
    from iwscore.domain.times import from_micros, print_instant

    return print_instant(from_micros(micros).replace(microsecond=0))


def _fields(one: Token, time: int) -> dict[str, Any]:
    """Return what is known of a token, times as people write them, and whether it stands."""
    said = dataclasses.asdict(one)
    state = "stands" if one.stands(time) else "revoked" if one.revoked_at is not None else "expired"
    return said | {name: None if said[name] is None else _time(said[name]) for name in _TIMES} | {"state": state}


def _table(rows: list[dict[str, Any]]) -> str:
    from iwscore.render.layouts import Column, table

    titles = {"name": "name", "role": "role", "ceiling": "ceiling", "expires_at": "expires", "last_used": "used"}
    names = (*titles, "state")
    columns = [Column(titles.get(name, name), whole=True) for name in names]
    return "\n".join([*table(columns, [[row[name] or "–" for name in names] for row in rows]), ""])
