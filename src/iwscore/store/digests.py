"""The canonical bytes of entries and batches, and the chain of digests over them.

Here belongs what another program must do to verify a log; docs/adr/0009 says it in words. Reading and comparing
belong to ``store.verifying``.

Entries come as blocks: Arrow columns by name, in the types of ``TYPES``, text also dictionary-encoded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa
from numpy.typing import NDArray
from pyarrow import types

from iwscore.store.schema import COLUMNS, TABLES

__all__ = [
    "SEALED",
    "TYPES",
    "Block",
    "Chain",
    "canonical_rows",
    "each_key",
    "header",
    "hexadecimal",
    "keys_of",
    "mark",
    "marks",
    "reseat",
    "sha256_each",
]

Block = Mapping[str, Any]  # name -> pyarrow Array of the block's rows
SEALED = tuple(name for name in COLUMNS if name != "mark")
_KEY_BYTES = 16
_ARROW = {sa.LargeBinary: pa.binary(), sa.Text: pa.large_string(), sa.Double: pa.float64(), sa.BigInteger: pa.int64()}
TYPES: dict[str, Any] = {c.name: _ARROW[type(c.type)] for table in TABLES.tables.values() for c in table.columns}
_BYTES = pa.large_binary()
_END = pa.scalar(b"\0", _BYTES)
_NOTHING = pa.scalar(b"", _BYTES)
_TEXT_BEGINS = pa.scalar(b"=", _BYTES)
_HEXADECIMAL = np.frombuffer("".join(f"{byte:02x}" for byte in range(256)).encode(), dtype=np.uint16)


class Chain:
    """The running digest of one batch: what went before, its entries in order, and then its header."""

    def __init__(self, previous: bytes) -> None:
        self._digest = hashlib.sha256(previous)

    def add(self, digests: Sequence[bytes]) -> None:
        """Take in the digests of the next entries."""
        self._digest.update(b"".join(digests))

    def close(self, sealed: bytes) -> bytes:
        """Return the batch's digest, its header being the last that is taken in."""
        self._digest.update(sealed)
        return self._digest.digest()


def canonical_rows(block: Block) -> list[bytes]:
    """Return the canonical bytes of each row: every sealed column in order, each followed by NUL."""
    fields = [_field(block[name]) for name in SEALED]
    lines: list[bytes] = pc.binary_join_element_wise(*fields, _NOTHING, _END).to_pylist()
    return lines


def sha256_each(lines: Sequence[bytes]) -> list[bytes]:
    """Return the digest of each row's canonical bytes."""
    sha256 = hashlib.sha256
    return [sha256(line).digest() for line in lines]


def marks(digests: Sequence[bytes]) -> NDArray[np.int64]:
    """Return what each row keeps of its digest, to be found by: the first eight bytes, signed, big end first."""
    first = np.frombuffer(b"".join(digests), dtype=">i8")
    return first[::4].astype(np.int64)


def mark(line: bytes) -> int:
    """Return the mark of one row's canonical bytes."""
    return int.from_bytes(hashlib.sha256(line).digest()[:8], "big", signed=True)


def reseat(line: bytes, seq: int) -> bytes:
    """Return the canonical bytes of the same row at another place."""
    return str(seq).encode() + line[line.index(b"\0") :]


def header(
    number: int,
    *,
    form: int,
    first: int,
    entries: int,
    recorded_at: int,
    historical: int,
    author: bytes,
    reason: bytes,
) -> bytes:
    """Return the canonical bytes of a batch: its columns but the digest, each followed by NUL."""
    numbers = (number, form, first, entries, recorded_at, historical)
    return b"\0".join([*(str(one).encode() for one in numbers), b"=" + author, b"=" + reason, b""])


def _field(column: Any) -> Any:
    """Return a column in canonical form, as Arrow bytes; no value is no byte."""
    if column.null_count == len(column):
        return _NOTHING
    if types.is_dictionary(column.type):
        return _written(column.dictionary).take(column.indices).fill_null(b"")
    return _written(column).fill_null(b"")


def _written(column: Any) -> Any:
    if types.is_fixed_size_binary(column.type) or types.is_binary(column.type):
        return hexadecimal(column)
    if types.is_floating(column.type):
        numbers = column.fill_null(0.0).to_numpy(zero_copy_only=False).astype(">f8")
        return _digits(numbers.view(np.uint8).reshape(-1, 8), column)
    if types.is_integer(column.type):
        return column.cast(pa.large_string()).cast(_BYTES)
    return pc.binary_join_element_wise(_TEXT_BEGINS, column.cast(_BYTES), _NOTHING)


def hexadecimal(column: Any) -> Any:
    """Return a column of keys in hexadecimal digits, as Arrow bytes, null where it is."""
    try:
        fixed = column.cast(pa.binary(_KEY_BYTES)).fill_null(bytes(_KEY_BYTES))
    except pa.ArrowInvalid:  # of another length: nothing that the log has written
        return pa.array([None if key is None else key.hex().encode() for key in column.to_pylist()], _BYTES)
    return _digits(np.frombuffer(_plain(fixed), dtype=np.uint8).reshape(-1, _KEY_BYTES), column)


def keys_of(column: Any) -> NDArray[np.bytes_]:
    """Return a column of keys, none of them null, as they are. Shape (N,)."""
    return np.frombuffer(_plain(column.cast(pa.binary(_KEY_BYTES))), dtype=f"S{_KEY_BYTES}")


def each_key(keys: NDArray[np.bytes_]) -> list[bytes]:
    """Return keys one by one, zero bytes at their end included, which NumPy would drop."""
    raw = keys.tobytes()
    return [raw[start : start + _KEY_BYTES] for start in range(0, len(raw), _KEY_BYTES)]


def _plain(column: Any) -> Any:
    """Return the bytes of a column of fixed width and without nulls, from its first row on."""
    width = column.type.byte_width
    return column.buffers()[1].slice(column.offset * width, len(column) * width)


def _digits(raw: NDArray[np.uint8], column: Any) -> Any:
    """Return rows of bytes in hexadecimal digits, null where the column is."""
    width = raw.shape[1] * 2
    digits = pa.py_buffer(_HEXADECIMAL[raw].tobytes())
    ends = pa.py_buffer(np.arange(len(raw) + 1, dtype=np.int64) * width)
    text = pa.Array.from_buffers(_BYTES, len(raw), [None, ends, digits])
    return pc.if_else(column.is_valid(), text, pa.scalar(None, _BYTES)) if column.null_count else text
