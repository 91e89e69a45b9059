"""Drafts put aside on the disk until all of a file is judged, so that memory does not grow with the file.

Here belongs the way to a temporary file and back. What becomes of the drafts belongs to ``services.importing``.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyarrow import ipc

from iwscore.domain.observations import Names
from iwscore.store.drafts import DRAFT_TEXTS, Drafts
from iwscore.store.parts import refusing_disk

__all__ = ["Spool", "spooling"]

_TEMPORARY = Path(tempfile.gettempdir())
_PLACES = ("file", "row")  # where in which file each draft came from
_NUMBERS = {"kind": pa.int8(), "observed_at": pa.int64(), "reported_at": pa.int64(), "value": pa.float64()}
_DIGITS = 32  # of a fingerprint
_NAMES = pa.dictionary(pa.int32(), pa.large_string())
_SCHEMA = pa.schema(
    [
        *((name, pa.int64()) for name in _PLACES),
        *_NUMBERS.items(),
        *((name, _NAMES) for name in DRAFT_TEXTS),
        ("fingerprint", pa.binary(_DIGITS)),
    ]
)


@contextmanager
def spooling() -> Iterator[Spool]:
    """Lend an empty spool; its file is gone at the end of the block."""
    with refusing_disk(_TEMPORARY), tempfile.TemporaryFile(prefix="iwscore-") as file:
        yield Spool(file)


class Spool:
    """Drafts in a temporary file, each with the file (its place among several) and row it came from."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._writer: Any = None
        self._rows = 0
        self._closed = False

    def __len__(self) -> int:
        """Return how many drafts there are."""
        return self._rows

    def put(self, drafts: Drafts, file: int, rows: Any) -> None:
        """Take in drafts, with their file and rows."""
        if not len(drafts):
            return
        columns = {
            "file": pa.array(np.full(len(drafts), file, dtype=np.int64)),
            "row": pa.array(rows),
            **{name: pa.array(getattr(drafts, name)) for name in _NUMBERS},
            **{name: _dictionary(drafts.text(name)) for name in DRAFT_TEXTS},
            "fingerprint": _digits(drafts.fingerprint),
        }
        with refusing_disk(_TEMPORARY):
            if self._writer is None:
                self._writer = ipc.new_stream(self._file, _SCHEMA)
            self._writer.write_batch(pa.record_batch(columns, schema=_SCHEMA))
        self._rows += len(drafts)

    def drafts(self) -> Iterator[Drafts]:
        """Yield all drafts in the order in which they came, block by block."""
        for batch in self._batches():
            yield Drafts(
                **{name: batch[name].to_numpy(zero_copy_only=False) for name in _NUMBERS},
                texts={name: _names(batch[name]) for name in DRAFT_TEXTS},
                fingerprint=_fingerprints(batch["fingerprint"]),
            )

    def place(self, number: int) -> tuple[int, int]:
        """Return the file and row of a draft, counted from 0."""
        for batch in self._batches():
            if number < batch.num_rows:
                return batch["file"][number].as_py(), batch["row"][number].as_py()
            number -= batch.num_rows
        raise IndexError(number)

    def _batches(self) -> Iterator[Any]:
        if self._writer is None:
            return
        with refusing_disk(_TEMPORARY):
            if not self._closed:  # closing writes where the file stands
                self._writer.close()
                self._closed = True
            self._file.seek(0)
        yield from ipc.open_stream(self._file)


def _dictionary(names: Names) -> Any:
    return pa.DictionaryArray.from_arrays(pa.array(names.codes), pa.array(names.names, pa.large_string()))


def _names(column: Any) -> Names:
    return Names(column.indices.to_numpy(zero_copy_only=False), tuple(column.dictionary.to_pylist()))


def _digits(fingerprint: NDArray[np.bytes_]) -> Any:
    raw = pa.py_buffer(fingerprint.astype(f"S{_DIGITS}").tobytes())
    return pa.Array.from_buffers(pa.binary(_DIGITS), len(fingerprint), [None, raw])


def _fingerprints(column: Any) -> NDArray[np.bytes_]:
    raw = column.buffers()[1].slice(column.offset * _DIGITS, len(column) * _DIGITS)
    return np.frombuffer(raw, dtype=f"S{_DIGITS}")
