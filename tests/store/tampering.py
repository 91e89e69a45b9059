"""Changing a log behind its back, as somebody with the file or the server could."""

import sqlalchemy as sa

from iwscore.store.databases import database_at
from iwscore.store.digests import Chain, canonical_rows, header, marks, sha256_each
from iwscore.store.schema import batches, entries


def unguard(url: str) -> None:
    """Drop every trigger that refuses changes."""
    tables = ("batches", "entries", "catalogs", "segments", "ids")
    verbs = ("update", "delete", "truncate") if "://" in url else ("update", "delete")
    on = " ON {}" if "://" in url else ""
    change(url, *(f"DROP TRIGGER {table}_refuse_{verb}{on.format(table)}" for table in tables for verb in verbs))


def change(url: str, *statements: str) -> None:
    """Run statements on the database of a log."""
    database = database_at(url)
    try:
        with database.writing() as connection:
            for statement in statements:
                connection.exec_driver_sql(statement)
    finally:
        database.dispose()


def reseal(url: str, number: int) -> None:
    """Make a batch fit its entries again: marks and digest, as somebody who knows the form could."""
    database = database_at(url)
    with database.writing() as connection:
        query = sa.select(entries).where(entries.c.batch == number).order_by(entries.c.seq)
        (block,) = database.blocks(connection, query, raw=True)
        digests = sha256_each(canonical_rows(block))
        for seq, mark in zip(block["seq"].to_pylist(), marks(digests).tolist(), strict=True):
            connection.execute(sa.update(entries).where(entries.c.seq == seq).values(mark=mark))
        before = sa.select(batches.c.digest).where(batches.c.number == number - 1)
        chain = Chain(connection.execute(before).scalar() or bytes(32))
        chain.add(digests)
        (told,) = database.blocks(connection, sa.select(batches).where(batches.c.number == number), raw=True)
        columns = {name: column[0].as_py() for name, column in told.items() if name != "digest"}
        digest = chain.close(header(**columns))
        connection.execute(sa.update(batches).where(batches.c.number == number).values(digest=digest))
    database.dispose()
