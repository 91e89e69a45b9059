"""The quick way: rows in which nothing can be wrong are seen at once, and any doubt is said."""

from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from iwscore.domain.catalogs import Catalog
from iwscore.store.lots import is_same
from iwscore.store.numbering import numberings
from iwscore.store.plain_rows import PlainRows
from tests.store.sheets import SOUND

NOON = 1664884800 * 10**6
ZONED = pa.timestamp("us", "UTC")


def lot(catalog: Catalog, **columns: pa.Array | None) -> Any:
    """Return the lot that two rows make, with these columns instead of or beside those of sound ones; None in doubt."""
    texts = {name: pa.array([cell] * 2) for name, cell in SOUND.items()} | columns
    cells = {
        name: column.dictionary_encode() if pa.types.is_string(column.type) else column
        for name, column in texts.items()
        if column is not None
    }
    return PlainRows(catalog, numberings(catalog)).lot(cells, 2)


def words(*texts: str | None) -> pa.Array:
    return pa.array(texts, pa.string())


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"note": words("free", None), "marking": words("green", ""), "kind": words("observation", None)},
        {"target": words(None, None), "external_id": words("a", "b")},
        {"observed_at": pa.array([NOON, NOON], ZONED), "reported_at": words("2022-10-05", None)},
        {"level": words("present", None), "value": pa.array([None, 2.0])},
        {"level": None, "value": pa.array([-0.0, 2.0])},
        {"value": pa.nulls(2, pa.float64())},
        {"subject": words("ukraine", None)},
        {"grade": words("4", "B2"), "source": words("minister", "nobody")},
    ],
)
def test_rows_in_which_nothing_is_wrong_are_plain(catalog: Catalog, columns: dict[str, Any]) -> None:
    found = lot(catalog, **columns)
    assert found is not None
    assert found["kind"].tolist() == [0, 0]
    assert (found["known_from"] >= found["observed_at"]).all()


@pytest.mark.parametrize(
    "columns",
    [
        {"grade": None},
        {"grade": words("B2", "Z9")},
        {"grade": words("B2", None)},
        {"grade": words("4", "B2"), "source": words("minister", "osint"), "observed_at": words("2022-05-01", None)},
        {"grade": words("4", "4"), "source": words("minister", "osint"), "observed_at": pa.array([0, NOON], ZONED)},
        {"source": words("osint", "")},
        {"indicator": words(" troops", "troops")},
        {"level": words("present", None)},
        {"level": words("present", None), "value": pa.array([1.0, 2.0])},
        {"level": None, "value": pa.array([np.inf, 2.0])},
        {"level": None, "value": pa.array([np.nan, 2.0])},
        {"observed_at": words("soon", "2022-10-04")},
        {"observed_at": words(None, "2022-10-04")},
        {"observed_at": None},
        {"observed_at": pa.array([NOON * 1000 + 1, NOON * 1000], pa.timestamp("ns", "UTC"))},
        {"observed_at": pa.array([2**62, NOON], ZONED)},
        {"observed_at": pa.array([NOON, NOON], ZONED), "reported_at": pa.array([NOON, NOON - 1], ZONED)},
        {"recorded_at": words("soon", "2022-10-04")},
        {"kind": words("retraction", None)},
        {"target": words("r-1", None)},
        {"marking": words("pink", None)},
        {"note": words("a\0b", None)},
        {"note": pa.DictionaryArray.from_arrays(pa.array([0, 0]), pa.array([b"\xff"]))},
    ],
)  # fmt: skip
def test_any_doubt_is_said(catalog: Catalog, columns: dict[str, Any]) -> None:
    assert lot(catalog, **columns) is None


def test_a_subject_may_be_blank_only_where_one_is_named(catalog: Catalog, wide_catalog: Catalog) -> None:
    assert lot(catalog)["subject"].tolist() == [1, 1]
    assert lot(wide_catalog) is None


def test_a_column_that_says_one_thing_is_kept_as_one(catalog: Catalog) -> None:
    found = lot(catalog, observed_at=pa.array([NOON, NOON], ZONED))
    assert [name for name, column in found.items() if is_same(column)] == [
        *("indicator", "level", "source", "origin", "value", "stands_until"),
        *("reliability", "credibility", "kind"),
    ]
    assert found["known_from"] is found["observed_at"]


def test_no_rows_are_plain(catalog: Catalog) -> None:
    cells = {name: pa.array([], pa.string()).dictionary_encode() for name in SOUND}
    found = PlainRows(catalog, numberings(catalog)).lot(cells, 0)
    assert found is not None
    assert len(found["kind"]) == 0
