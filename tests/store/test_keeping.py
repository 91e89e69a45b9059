"""The cache as people see it: how much it has, and whether it says what the log says."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from iwscore.errors import Unreachable
from iwscore.store import collecting, piecing
from iwscore.store.caches import Cache
from iwscore.store.drafts import Draft
from iwscore.store.keeping import Kept, cache_faults, drop_cache, kept
from iwscore.store.logs import open_log
from tests.store.drafting import NOON, Clock, opened, record, sound
from tests.store.tampering import change, unguard


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collecting, "LEAST", 1)
    monkeypatch.setattr(piecing, "ENTRIES", 3)


@pytest.fixture
def caches(url: str, tmp_path: Path) -> Path:
    """Return the folder of caches of a log: two pieces, of five entries and of three."""
    opened(url).close()
    with open_log(url, clock=Clock(), caches=tmp_path / "caches") as log:
        name, *_ = record(log, *(sound(source=source) for source in "abcde"))
        log.columns()
        record(log, sound(level="", value=2.5), Draft(kind="retraction", target=name), sound(origin="x"))
        log.columns()
    return tmp_path / "caches"


def forge(path: Path, **changes: Any) -> None:
    """Write the second piece with other columns under checksums that fit, as somebody who knows the form could."""
    cache = Cache(path)
    with cache.reading() as shelf, cache.appending(shelf, anew=True) as writer:
        first, second = (shelf.piece(page) for page in shelf.pages)
        writer.add(first)
        writer.add(replace(second, columns={**second.columns, **changes}))


def test_what_is_kept_is_told_and_can_be_dropped(url: str, caches: Path) -> None:
    (path,) = caches.iterdir()
    whole = path.read_bytes()
    assert kept(url, caches) == Kept(path, True, 8, 8, 2, len(whole))
    path.write_bytes(whole[:-1])
    assert kept(url, caches) == Kept(path, True, 5, 8, 1, len(whole) - 1)
    path.write_bytes(whole.replace(b'"form":1', b'"form":2'))
    assert kept(url, caches) == Kept(path, True, 0, 8, 0, len(whole))
    assert [drop_cache(url, caches), drop_cache(url, caches)] == [True, False]
    assert kept(url, caches) == Kept(path, True, 0, 8, 0, 0)


def test_a_cache_of_another_log_is_not_trusted(url: str, caches: Path) -> None:
    unguard(url)
    change(url, "UPDATE batches SET digest = (SELECT digest FROM batches WHERE number = 1) WHERE number = 2")
    assert not kept(url, caches).trusted
    assert cache_faults(url, caches) == []


def test_a_cache_that_says_what_the_log_says_has_no_faults(url: str, caches: Path) -> None:
    assert cache_faults(url, caches) == []
    (path,) = caches.iterdir()
    spoilt = bytearray(path.read_bytes())
    spoilt[-1] ^= 1
    path.write_bytes(spoilt)
    assert cache_faults(url, caches) == []  # noticed by its checksum: made anew by the next question


@pytest.mark.parametrize(
    "changes",
    [
        {"value": np.array([np.nan])},
        {"known_from": np.array([NOON])},
        {"source": np.array([0], dtype="u1")},
        {"level": np.array([9], dtype="u1")},
        {"linked": np.array([6])},
        {"skipped": np.array([8])},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_a_forged_cache_is_found(url: str, caches: Path, changes: dict[str, Any]) -> None:
    (path,) = caches.iterdir()
    forge(path, **changes)
    (fault,) = cache_faults(url, caches)
    assert str(fault) == (
        f"{path}:row 6:columns: IW458 cache of columns differs; it must say what the entries up to 8 say. "
        "Find out who changed it, and make it anew by iwscore log cache --rebuild."
    )


def test_a_cache_that_cannot_be_removed_is_said(sqlite_url: str) -> None:
    with opened(sqlite_url) as log:
        record(log, sound())
    Path(f"{sqlite_url}-columns").mkdir()
    with pytest.raises(Unreachable, match=r"^IW402 cannot write \("):
        drop_cache(sqlite_url, None)


def test_a_log_on_a_server_may_have_no_place_for_one(postgresql_url: str) -> None:
    with opened(postgresql_url) as log:
        record(log, sound())
    assert kept(postgresql_url, None) == Kept(None, False, 0, 1, 0, 0)
    assert cache_faults(postgresql_url, None) == []
    assert not drop_cache(postgresql_url, None)
