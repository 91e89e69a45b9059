"""Dumping: what comes back is the same log, in either database."""

import zipfile
from pathlib import Path

import pytest

from iwscore.domain.catalogs import Catalog
from iwscore.errors import Unreachable
from iwscore.store.drafts import Draft
from iwscore.store.dumping import dump_log, restore_log
from iwscore.store.entries import Head
from iwscore.store.logs import open_log
from iwscore.store.verifying import verify_log
from tests.store.drafting import DAY, FULL, NOON, Clock, opened, record, sound


@pytest.fixture
def filled(url: str, catalog: Catalog) -> Head:
    """Make a log with a bit of everything; return its head."""
    with opened(url) as log:
        log.register(catalog, author="ann", reason="first use")
        (name,) = record(log, Draft(**FULL))
        record(log, sound(reported_at=NOON - DAY // 2, level="", value=0.1), historical=True, author="bob")
        record(log, Draft(kind="retraction", target=name))
        record(log, Draft(kind="outcome", observed_at=NOON, content="{}"))
        return log.head()


@pytest.mark.parametrize("other", ["sqlite_url", "postgresql_url"])
def test_a_dump_restores_the_same_log(
    url: str, filled: Head, tmp_path: Path, request: pytest.FixtureRequest, other: str
) -> None:
    file = tmp_path / "log.dump"
    told: list[tuple[int, int]] = []
    assert dump_log(url, file, progress=lambda *counts: told.append(counts)) == filled
    place = str(tmp_path / "restored.db") if other == "sqlite_url" else request.getfixturevalue(other)
    if place == url:  # one test, one database of PostgreSQL: that way round is the other one's
        place = str(tmp_path / "back.db")
    assert restore_log(file, place, progress=lambda *counts: told.append(counts)) == filled
    assert told == [(5, 5), (5, 5)]
    with open_log(url, clock=Clock()) as before, open_log(place, clock=Clock()) as after:
        assert after.entries() == before.entries()
        assert after.catalogs() == before.catalogs()
        assert after.outcomes() == before.outcomes()
    assert verify_log(place, head=filled.digest).faults == ()


def test_an_empty_log_can_be_dumped(url: str, tmp_path: Path) -> None:
    opened(url).close()
    file = tmp_path / "log.dump"
    assert dump_log(url, file) == Head()
    assert restore_log(file, str(tmp_path / "restored.db")) == Head()


def test_nothing_is_restored_over_a_log(sqlite_url: str, tmp_path: Path) -> None:
    with opened(sqlite_url) as log:
        record(log, sound())
    file = tmp_path / "log.dump"
    dump_log(sqlite_url, file)
    with pytest.raises(Unreachable, match="IW411 there is a log already"):
        restore_log(file, sqlite_url)


def rewritten(file: Path, name: str, content: bytes) -> None:
    """Replace one member of a dump."""
    with zipfile.ZipFile(file) as archive:
        members = {member: archive.read(member) for member in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for member, held in (members | {name: content}).items():
            archive.writestr(member, held)


@pytest.mark.parametrize(
    ("name", "content", "text"),
    [
        ("log.json", b'{"revision": "0009"}', ("IW431 dump was made by a newer version ({}: 0009); "
         "must be of revision 0005 or older. Install a newer iwscore.")),
        ("log.json", b"{}", ("IW430 dump cannot be read ({}: 'revision'); "
         "must be a file that iwscore log dump has written. Name another, or dump again.")),
    ],
)  # fmt: skip
def test_another_dump_is_refused(sqlite_url: str, tmp_path: Path, name: str, content: bytes, text: str) -> None:
    opened(sqlite_url).close()
    file = tmp_path / "log.dump"
    dump_log(sqlite_url, file)
    rewritten(file, name, content)
    with pytest.raises(Unreachable) as refusal:
        restore_log(file, str(tmp_path / "restored.db"))
    assert str(refusal.value) == text.format(file)


def test_a_dump_that_was_changed_is_not_restored(sqlite_url: str, tmp_path: Path) -> None:
    with opened(sqlite_url) as log:
        record(log, sound())
    whole, other = tmp_path / "log.dump", tmp_path / "other.dump"
    dump_log(sqlite_url, whole)
    with opened(str(tmp_path / "other.db")) as log:
        record(log, sound(note="other"))
    dump_log(str(tmp_path / "other.db"), other)
    with zipfile.ZipFile(other) as archive:
        rewritten(whole, "entries.parquet", archive.read("entries.parquet"))
    place = str(tmp_path / "restored.db")
    with pytest.raises(Unreachable, match=r"IW430 dump cannot be read .*:row 1:batches: IW444"):
        restore_log(whole, place)
    with pytest.raises(Unreachable, match="IW410 there is no log"):
        verify_log(place)


@pytest.mark.parametrize("content", [b"", b"not an archive"])
def test_what_is_no_dump_is_refused(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "log.dump"
    file.write_bytes(content)
    with pytest.raises(Unreachable, match="IW430 dump cannot be read"):
        restore_log(file, str(tmp_path / "restored.db"))


def test_a_dump_that_cannot_be_written_leaves_nothing(sqlite_url: str, tmp_path: Path) -> None:
    opened(sqlite_url).close()
    with pytest.raises(Unreachable) as refusal:
        dump_log(sqlite_url, tmp_path / "none" / "log.dump")
    assert str(refusal.value) == (
        f"IW402 cannot write ({tmp_path / 'none' / 'log.dump'}); "
        "must be a file in a folder one may write to. No such file or directory."
    )
