"""Reloads: what has changed and stands still is read; what has errors is refused, and the one before answers."""

import shutil
from pathlib import Path
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest

from iwscore.api.reloads import Reloads, print_of, put_in_force
from iwscore.api.stations import Station
from iwscore.catalog import load
from iwscore.store.logs import create_log, open_log
from tests.api.patience import PATIENCE
from tests.api.serving import READERS, ROOT
from tests.store.drafting import Clock

_ERRORS = "catalog on disk has errors; the one before answers"


@pytest.fixture
def on_disk(tmp_path: Path, sqlite_url: str):
    folder = tmp_path / "watch"
    for name in ("indicators", "scenarios", "sources"):
        shutil.copytree(ROOT / name, folder / name)
    create_log(sqlite_url)
    with open_log(sqlite_url, clock=Clock()) as log:
        station = Station(log, load(folder), lambda: READERS)
        yield SimpleNamespace(
            folder=folder, file=folder / "scenarios" / "northern-front.yaml", station=station,
            reloads=Reloads(folder, station),
        )  # fmt: skip


def test_what_has_changed_is_read_when_it_stands_still(on_disk: Any) -> None:
    before = on_disk.station.catalog.digest
    text = on_disk.file.read_text(encoding="utf-8")
    on_disk.file.write_text(text.replace("90d", "91d"), encoding="utf-8")
    on_disk.reloads.look()
    assert on_disk.station.catalog.digest == before
    on_disk.reloads.look()
    assert on_disk.station.catalog.digest == load(on_disk.folder).digest != before


def test_a_bad_one_is_refused_until_it_is_mended(on_disk: Any, caplog: pytest.LogCaptureFixture) -> None:
    station, text = on_disk.station, on_disk.file.read_text(encoding="utf-8")
    before = station.catalog
    on_disk.file.write_text(text.replace("horizon:", "horizont:"), encoding="utf-8")
    on_disk.reloads.look(asked=True)
    assert station.catalog is before
    assert _ERRORS in station.doubts
    assert "catalog is refused" in caplog.text
    on_disk.file.write_text(text, encoding="utf-8")
    on_disk.reloads.look(asked=True)
    assert station.catalog is before
    assert station.doubts == ()


def test_a_folder_that_is_gone_is_refused(on_disk: Any) -> None:
    shutil.rmtree(on_disk.folder)
    on_disk.reloads.look(asked=True)
    assert _ERRORS in on_disk.station.doubts
    assert print_of(on_disk.folder) == (("indicators", 0, 0, 0), ("scenarios", 0, 0, 0), ("sources", 0, 0, 0))


def test_its_thread_reads_when_asked(on_disk: Any) -> None:
    before, replaced = on_disk.station.catalog.digest, Event()
    on_disk.station.listen(replaced.set)
    with on_disk.reloads as reloads:
        text = on_disk.file.read_text(encoding="utf-8")
        on_disk.file.write_text(text.replace("90d", "91d"), encoding="utf-8")
        reloads.ask()
        assert replaced.wait(PATIENCE)
    assert on_disk.station.catalog.digest != before


def test_a_catalog_is_in_force_by_itself_before_anything_is_recorded_by_it(on_disk: Any) -> None:
    put_in_force(on_disk.station)
    (first,) = on_disk.station.log.entries()
    text = on_disk.file.read_text(encoding="utf-8")
    on_disk.file.write_text(text.replace("90d", "91d"), encoding="utf-8")
    on_disk.reloads.look(asked=True)
    assert [digest for _, digest in on_disk.station.log.catalogs()][-1] == on_disk.station.catalog.digest
    assert {one.author for one in on_disk.station.log.entries()} == {first.author} == {"service"}
