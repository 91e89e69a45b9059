"""A log's reports as columns by subject, growing as it grows."""

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from iwscore.core.bundles import NEVER
from iwscore.domain.columns import Columns
from iwscore.domain.observations import Names
from iwscore.services.following import Live
from iwscore.services.frames import columns_of
from iwscore.services.partitions import subjects_in
from iwscore.store.drafts import Draft
from tests.api.serving import CATALOG
from tests.services.shelving import DAY, NOON, Shelved, said
from tests.services.streams import BEGIN, Stream, catalogs
from tests.store.drafting import opened, record, sound


def plain(columns: Columns) -> dict[str, list[object]]:
    """The columns, their names spelt out."""
    every = {field.name: getattr(columns, field.name) for field in fields(Columns)}
    parts = {name: part for name, part in every.items() if isinstance(part, Names | np.ndarray)}
    return {
        name: [part[row] for row in range(len(columns))] if isinstance(part, Names) else part.tolist()
        for name, part in parts.items()
    }


def rows(columns: Columns, subject: str) -> list[str]:
    """What is said of a subject, row by row, in an order of its own; retractions say nothing."""
    told = zip(*plain(columns).values(), strict=True)
    return sorted(repr(row) for row in told if row[0] == subject and row[-1] != 2)


@pytest.mark.parametrize("seed", range(3))
def test_shelves_hold_what_a_fresh_reading_holds(shelved: Shelved, tmp_path: Path, seed: int) -> None:
    (tmp_path / "more").mkdir()
    shelved.clock.now = BEGIN + 5 * DAY
    stream = Stream(seed, shelved.log, shelved.clock, catalogs(seed, tmp_path / "more"), ["north", "south"])
    for _ in stream.steps(25):
        shelved.catch_up()
        seen = columns_of(shelved.log.observations())
        assert shelved.shelves.names == subjects_in(seen)
        for subject in ("north", "south", "nowhere"):
            assert rows(shelved.shelves.of(subject).columns(), subject) == rows(seen, subject)


def test_only_the_rows_asked_for_and_their_names_are_given(shelved: Shelved) -> None:
    shelved.told(said(source="a"), said(source="b"))
    found = shelved.shelves.of("here").columns(1)
    assert (len(found), found.source.names) == (1, ("b",))


def test_a_correction_that_changes_the_subject_withdraws_it_on_the_shelf_where_it_was(shelved: Shelved) -> None:
    (first,) = shelved.told(said())
    shelved.told(said(kind="correction", target=first, reason="slip").model_copy(update={"subject": "there"}), day=1)
    here, there = shelved.shelves.of("here"), shelved.shelves.of("there")
    assert (here.withdrawn, here.stands_until(np.array([0])).tolist()) == ([0], [NOON + DAY])
    assert (there.withdrawn, there.stands_until(np.array([0])).tolist()) == ([], [NEVER])


def test_a_row_is_named_as_withdrawn_only_where_that_changes(shelved: Shelved) -> None:
    (first,) = shelved.told(said())
    shelved.told(Draft(kind="retraction", target=first, reason="hoax", marking="amber"), day=1)
    shelved.told(Draft(kind="retraction", target=first, reason="hoax", marking="red"), day=2)
    assert shelved.shelves.of("here").withdrawn == [0]
    assert shelved.shelves.of("here").known_from(0) == NOON


def test_the_newest_that_stands_by_then_counts(tmp_path: Path) -> None:
    with opened(str(tmp_path / "log.db")) as log:
        _, mid, _ = record(
            log,
            sound(indicator="mobilisation", level="unknown", observed_at=NOON - 3 * DAY),
            sound(indicator="mobilisation", level="general", observed_at=NOON - 2 * DAY),
            sound(indicator="war-rhetoric", level="routine", observed_at=NOON - 9 * DAY, subject="poland"),
        )
        live = Live(log, CATALOG)
        live.follow()
        assert live.shelves.of("belarus").newest(NOON) == {"mobilisation": NOON - 2 * DAY}
        assert live.shelves.of("belarus").newest(NOON - 2 * DAY - 1) == {"mobilisation": NOON - 3 * DAY}
        assert live.shelves.of("belarus").newest(NOON - 4 * DAY) == {}
        assert live.shelves.of("poland").newest(NOON) == {"war-rhetoric": NOON - 9 * DAY}
        assert live.shelves.of("nowhere").newest(NOON) == {}
        record(log, Draft(kind="retraction", target=mid))
        live.follow()
        assert live.shelves.of("belarus").newest(NOON) == {"mobilisation": NOON - 3 * DAY}
