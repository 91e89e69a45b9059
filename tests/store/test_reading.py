"""A whole file: the same content gives the same bundle, in any order, any format and any number of copies."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.domain.observations import Names, Observations
from tests.store.sheets import CORRECTION, FORMATS, FULL, MEASURED, RETRACTION, Row, as_commas, sound

Read = Callable[..., Observations]


def content(observations: Observations) -> dict[str, Any]:
    """Return everything in the bundle but the places in the file."""
    arrays = {
        name: getattr(observations, name)
        for name in Observations.__slots__
        if name not in ("row", "texts", "last", "log", "ended")
    }
    flat = {
        name: (array.codes.tolist(), array.names) if isinstance(array, Names) else array.tobytes()
        for name, array in arrays.items()
    }
    assert observations.ended is None  # nothing of a file is hidden
    return flat | {name: texts.tolist() for name, texts in observations.texts.items()} | {"last": observations.last}


@st.composite
def some_rows(draw: st.DrawFn) -> Sequence[Row]:
    days = st.integers(1, 28).map(lambda day: f"2022-10-{day:02}")
    rows: list[Row] = [FULL]
    for number in range(draw(st.integers(0, 8))):
        changes = {
            "observed_at": draw(days),
            "source": draw(st.sampled_from(["osint", "minister", "nobody"])),
            "note": draw(st.sampled_from(["", "ü", "a,b", '"']).filter(lambda note: note is not None)),
            "subject": draw(st.sampled_from(["", "belarus", "ukraine"])),
            "external_id": draw(st.sampled_from(["", f"x-{number}"])),
        }
        rows.append({**draw(st.sampled_from([sound(), MEASURED])), **changes})
    later = st.sampled_from([CORRECTION, RETRACTION, {**CORRECTION, "note": "again"}])
    return rows + draw(st.lists(later, max_size=2))


@given(some_rows(), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_show(read: Read, rows: Sequence[Row], random: Any) -> None:
    shuffled = random.sample(rows, len(rows))
    assert content(read(as_commas(shuffled))) == content(read(as_commas(rows)))


@given(some_rows())
def test_the_format_does_not_show(read: Read, rows: Sequence[Row]) -> None:
    bundles = [content(read(written(rows), suffix)) for suffix, written in FORMATS.items()]
    assert bundles[0] == bundles[1] == bundles[2]


@given(some_rows())
def test_a_file_twice_is_the_file_once(read: Read, rows: Sequence[Row]) -> None:
    assert content(read(as_commas([*rows, *rows]))) == content(read(as_commas(rows)))


def test_a_bundle_holds_what_the_file_says(read: Read) -> None:
    observations = read(as_commas([RETRACTION, MEASURED, FULL]))
    assert observations.row.tolist() == [3, 4, 2]
    assert observations.kind.tolist() == [0, 0, 2]
    assert observations.target.tolist() == [-1, -1, 1]
    assert (observations.reliability.tolist(), observations.credibility.tolist()) == ([1, 1, -1], [1, 1, -1])
    assert {name: texts[1] for name, texts in observations.texts.items()} == {
        name: FULL[name] for name in ("external_id", "note", "url", "marking", "reason", "grade")
    }
    assert observations.last == observations.known_from.max()
    kinds = {
        name: getattr(observations, name).dtype for name in ("id", "row", "observed_at", "value", "kind", "target")
    }
    assert kinds == {
        "id": np.dtype("S32"),
        "row": np.dtype(np.int64),
        "observed_at": np.dtype(np.int64),
        "value": np.dtype(np.float64),
        "kind": np.dtype(np.int8),
        "target": np.dtype(np.int64),
    }
    assert observations.source.codes.dtype == np.int32


def test_a_bundle_cannot_be_changed(read: Read) -> None:
    observations = read(as_commas([FULL]))
    for array in (observations.id, observations.value, observations.source.codes, observations.texts["note"]):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = array[0]


def test_no_reader_is_loaded_before_the_first_file() -> None:
    loaded = "import iwscore.store, sys; sys.exit('pyarrow' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loaded], check=False).returncode == 0
