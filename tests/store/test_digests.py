"""Digests: another program, which knows the record of the decision and nothing else, finds the same head."""

import hashlib
import sqlite3
import struct
from typing import Any

import pyarrow as pa
import pytest

from iwscore.domain.catalogs import Catalog
from iwscore.store.digests import canonical_rows, each_key, header, hexadecimal, keys_of, mark, marks, reseat
from iwscore.store.drafts import Draft
from iwscore.store.schema import COLUMNS
from tests.store.drafting import DAY, FULL, NOON, opened, record, sound


def field(value: Any) -> bytes:
    """Return one field as docs/adr/0009 has it."""
    if value is None:
        return b""
    if isinstance(value, int):
        return str(value).encode()
    if isinstance(value, float):
        return struct.pack(">d", value).hex().encode()
    return value.hex().encode() if isinstance(value, bytes) else b"=" + value.encode()


def retraced(path: str) -> list[str]:
    """Return the digest of every batch, from the file alone."""
    connection = sqlite3.connect(path)
    found, before = [], bytes(32)
    batches = (
        "SELECT number, form, first, entries, recorded_at, historical, author, reason FROM batches ORDER BY number"
    )
    entries = f"SELECT {', '.join(COLUMNS)} FROM entries WHERE seq BETWEEN ? AND ? ORDER BY seq"
    for batch in connection.execute(batches).fetchall():
        chain = hashlib.sha256(before)
        for row in connection.execute(entries, (batch[2], batch[2] + batch[3] - 1)):
            digest = hashlib.sha256(b"".join(field(value) + b"\0" for value in row[:-1])).digest()
            assert row[-1] == struct.unpack(">q", digest[:8])[0]
            chain.update(digest)
        chain.update(b"".join(field(value) + b"\0" for value in batch))
        before = chain.digest()
        found.append(before.hex())
    connection.close()
    return found


def test_another_program_finds_the_same_digests(sqlite_url: str, catalog: Catalog) -> None:
    heads = []
    with opened(sqlite_url) as log:
        log.register(catalog, author="ünal", reason="first use")
        heads.append(log.head().digest)
        (name,) = record(log, Draft(**FULL))
        heads.append(log.head().digest)
        record(log, sound(kind="correction", target=name, level="", value=-0.1), sound(note="=\t1"))
        heads.append(log.head().digest)
        record(log, sound(reported_at=NOON - DAY // 3), historical=True)
        heads.append(log.head().digest)
    assert retraced(sqlite_url) == heads


def row(**changes: Any) -> dict[str, Any]:
    columns = {
        "seq": pa.array([7]),
        "batch": pa.array([2]),
        "id": pa.array([bytes(range(16))], pa.binary(16)),
        "kind": pa.array([0]),
        "observed_at": pa.array([-5]),
        "reported_at": pa.array([None], pa.int64()),
        "value": pa.array([1.5]),
        "target": pa.array([None], pa.binary()),
        "fingerprint": pa.array([b"f" * 16], pa.binary()),
    }
    texts = {name: pa.array([None], pa.large_string()) for name in COLUMNS if name not in columns}
    return texts | columns | {"subject": pa.array(["ü"], pa.large_string())} | changes


def test_the_form_of_a_row() -> None:
    (line,) = canonical_rows(row())
    assert line == (
        b"7\0002\000000102030405060708090a0b0c0d0e0f\0000\0-5\0\0003ff8000000000000\0"
        b"=\xc3\xbc\0" + 9 * b"\0" + b"\0\0\0\0" + b"66" * 16 + b"\0"
    )  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        pa.array(["ü"], pa.large_string()).dictionary_encode(),
        pa.array(["ü".encode()], pa.large_binary()),
        pa.array(["x", "ü"], pa.large_string())[1:],
    ],
)
def test_how_arrow_holds_a_column_does_not_show(text: Any) -> None:
    keys = pa.array([b"a" * 16, bytes(range(16))], pa.binary(16))[1:]
    assert canonical_rows(row(subject=text, id=keys)) == canonical_rows(row())


def test_nothing_and_an_empty_text_differ() -> None:
    blank = pa.array([""], pa.large_string())
    assert canonical_rows(row(subject=blank)) != canonical_rows(row(subject=pa.nulls(1, pa.large_string())))


def test_a_mark_is_the_first_eight_bytes() -> None:
    digest = hashlib.sha256(b"7\0rest").digest()
    (first,) = struct.unpack(">q", digest[:8])
    assert (mark(b"7\0rest"), marks([digest]).tolist()) == (first, [first])
    assert reseat(b"7\0rest\0", 12) == b"12\0rest\0"


def test_keys_keep_their_zero_bytes() -> None:
    key = b"k" + bytes(15)
    assert each_key(keys_of(pa.array([key], pa.binary()))) == [key]
    assert hexadecimal(pa.array([key, None, b"ab"], pa.binary())).to_pylist() == [key.hex().encode(), None, b"6162"]


def test_the_form_of_a_header() -> None:
    said = header(
        3, form=1, first=7, entries=2, recorded_at=-1, historical=0, author="ünal".encode(), reason=b""
    )  # fmt: skip
    assert said == b"3\x001\x007\x002\x00-1\x000\x00=\xc3\xbcnal\x00=\x00"
