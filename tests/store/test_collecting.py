"""The columns of the log: the same with a cache, without one and with any that is wrong."""

import random
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from iwscore.domain.catalogs import Catalog
from iwscore.errors import Unreachable
from iwscore.store import appending, collecting, piecing, segments, sqlite
from iwscore.store.drafts import Draft
from iwscore.store.entries import GENESIS
from iwscore.store.logs import Log, open_log
from tests.store.compared import hold_together
from tests.store.drafting import DAY, NOON, Clock, opened, record, some, sound
from tests.store.tampering import change, reseal, unguard


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pieces, segments and blocks have a few entries only."""
    for module, name, size in (
        (collecting, "LEAST", 3), (piecing, "ENTRIES", 5), (piecing, "_AT_ONCE", 2), (sqlite, "_AT_ONCE", 4),
        (appending, "SIZE", 8), (segments, "SIZE", 8), (appending, "LEAST", 4),
    ):  # fmt: skip
        monkeypatch.setattr(module, name, size)


@pytest.fixture
def caches(tmp_path: Path) -> Path:
    return tmp_path / "caches"


@pytest.fixture
def log(url: str, caches: Path) -> Iterator[Log]:
    opened(url).close()
    with open_log(url, clock=Clock(), caches=caches) as log:
        yield log


def held(log: Log) -> None:
    hold_together(log.columns(), log.observations())


def file_in(caches: Path) -> Path:
    (path,) = caches.iterdir()
    return path


class Stream:
    """Batches of chance: reports, corrections, retractions, outcomes, history and catalogs."""

    def __init__(self, seed: int, log: Log, catalogs: list[Catalog]) -> None:
        self._chance, self._log, self._catalogs = random.Random(seed), log, catalogs
        self._standing: list[str] = []
        self._outcomes: list[str] = []

    def batch(self) -> None:
        """Record one."""
        chance = self._chance
        if chance.random() < 0.1:
            self._log.register(chance.choice(self._catalogs), author="ann", reason="change")
            return
        historical = chance.random() < 0.3
        drafts = [self._draft() for _ in range(chance.choice([1, 1, 2, 3, 9]))]
        made = record(self._log, *drafts, historical=historical)
        for name, draft in zip(made, drafts, strict=True):
            if draft.kind in ("observation", "correction"):
                self._standing.append(name)
            elif draft.kind == "outcome":
                self._outcomes.append(name)

    def _draft(self) -> Draft:
        chance = self._chance
        drawn = chance.random()
        told: dict[str, Any] = {
            "reported_at": NOON - DAY // chance.randint(2, 5),
            "observed_at": NOON - DAY * chance.randint(1, 9),
        }
        if drawn < 0.05:
            return Draft(kind="outcome", subject="nowhere", content="{}", **told)
        if drawn < 0.1 and self._outcomes:
            return Draft(kind="retraction", target=self._outcomes.pop(), reported_at=told["reported_at"])
        if drawn < 0.2 and self._standing:
            return Draft(kind="retraction", target=chance.choice(self._standing), reported_at=told["reported_at"])
        if chance.random() < 0.3:
            told |= {"level": "", "value": chance.choice([0.1, 5e9])}
        told |= {"source": chance.choice("abc"), "grade": chance.choice(["B2", "3", "G6"])}
        told |= {"origin": chance.choice(["", "", "ministry"]), "subject": chance.choice(["belarus", "", "lithuania"])}
        if drawn < 0.4 and self._standing:
            return sound(kind="correction", target=chance.choice(self._standing), **told)
        return sound(**told)


@pytest.mark.parametrize("seed", range(3))
def test_columns_say_what_the_observations_say_at_every_head(
    log: Log, url: str, catalog: Catalog, wide_catalog: Catalog, seed: int
) -> None:
    stream, heads = Stream(seed, log, [catalog, wide_catalog]), [GENESIS]
    for number in range(18):
        stream.batch()
        heads.append(log.head().digest)
        if number % 3 == 0:
            held(log)
    with open_log(url, clock=Clock(), caches=None) as bare:
        for head in heads:
            hold_together(log.columns(head=head), bare.observations(head=head))
            hold_together(bare.columns(head=head), bare.observations(head=head))


def test_an_empty_log_has_no_cache(log: Log, caches: Path) -> None:
    held(log)
    assert not caches.exists()


def test_what_is_new_is_put_behind_what_is_there_and_nothing_else_is_read(log: Log, caches: Path) -> None:
    told: list[tuple[int, int]] = []
    log.append(some(12), author="ann", reason="watch")
    log.columns(progress=lambda *done: told.append(done))
    before = file_in(caches).read_bytes()
    assert told[-1] == (12, 12)
    record(log, sound(), sound(kind="correction", target=log.entries()[0].id, level="absent"))
    told.clear()
    log.columns(progress=lambda *done: told.append(done))
    assert (told, file_in(caches).read_bytes()) == ([(2, 2)], before)  # too few to be worth a piece
    record(log, sound())
    held(log)
    grown = file_in(caches).read_bytes()
    assert grown.startswith(before)
    assert len(grown) > len(before)
    told.clear()
    log.columns(progress=lambda *done: told.append(done))
    assert told == []


def test_an_earlier_head_does_not_spoil_the_cache(log: Log, caches: Path) -> None:
    early = log.append(some(4), author="ann", reason="watch").head.digest
    log.append(some(9, source="late"), author="bob", reason="watch")
    held(log)
    whole = file_in(caches).read_bytes()
    columns = log.columns(head=early)
    assert (len(columns), columns.source.names, columns.log) == (4, ("osint",), early)
    assert file_in(caches).read_bytes() == whole


@pytest.mark.parametrize("place", [0, 20, 200, -1])
def test_a_byte_that_changed_is_noticed_and_the_cache_made_anew(log: Log, caches: Path, place: int) -> None:
    log.append(some(12), author="ann", reason="watch")
    log.columns()
    path = file_in(caches)
    whole = path.read_bytes()
    spoilt = bytearray(whole)
    spoilt[place] ^= 1
    path.write_bytes(spoilt)
    held(log)
    assert path.read_bytes() == whole


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.9])
def test_a_cut_cache_goes_on_where_it_is_whole(log: Log, caches: Path, share: float) -> None:
    log.append(some(12), author="ann", reason="watch")
    log.columns()
    path = file_in(caches)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    held(log)
    assert path.read_bytes() == whole
    path.unlink()
    held(log)
    assert path.read_bytes() == whole


def test_a_log_whose_tail_was_replaced_is_noticed(sqlite_url: str, tmp_path: Path) -> None:
    """The file is put back to an earlier state, and goes on with other entries: as many, in as many batches."""
    with opened(sqlite_url) as log:
        record(log, *(sound(note=str(n)) for n in range(4)))
    shutil.copy(sqlite_url, tmp_path / "kept.db")
    for source in ("first", "second"):
        shutil.copy(tmp_path / "kept.db", sqlite_url)
        with open_log(sqlite_url, clock=Clock()) as log:
            held(log)
            record(log, *(sound(source=source, note=str(n)) for n in range(4)))
            held(log)
            assert source in log.columns().source.names


def test_a_batch_that_was_changed_and_sealed_anew_is_noticed(log: Log, url: str) -> None:
    record(log, *(sound(note=str(n)) for n in range(4)))
    held(log)
    unguard(url)
    change(url, "UPDATE entries SET level = 'absent' WHERE seq = 2", "DELETE FROM segments")
    reseal(url, 1)
    held(log)
    assert log.columns().level[1] == "absent"


def test_a_state_older_than_the_cache_is_answered_and_leaves_it_alone(log: Log, url: str, caches: Path) -> None:
    record(log, *(sound(note=str(n)) for n in range(4)))
    log.columns()
    record(log, *(sound(source="late", note=str(n)) for n in range(4)))
    log.columns()
    whole = file_in(caches).read_bytes()
    unguard(url)
    change(url, "DELETE FROM batches WHERE number = 2", "DELETE FROM entries WHERE batch = 2", "DELETE FROM segments")
    held(log)
    assert len(log.columns()) == 4
    assert file_in(caches).read_bytes() == whole


def test_two_logs_in_one_folder_have_caches_of_their_own(url: str, tmp_path: Path, caches: Path) -> None:
    for place in (url, str(tmp_path / "other.db")):
        opened(place).close()
        with open_log(place, clock=Clock(), caches=caches) as log:
            record(log, *(sound(note=place) for _ in range(4)))
            held(log)
    assert len(list(caches.iterdir())) == 2


def test_where_nothing_can_be_written_the_log_is_read_and_it_is_said_why(log: Log, caches: Path) -> None:
    said: list[str] = []
    caches.write_text("not a folder")
    log.append(some(4), author="ann", reason="watch")
    hold_together(log.columns(refused=said.append), log.observations())
    held(log)
    assert len(said) == 1
    assert "File exists" in said[0]


def test_a_log_on_a_server_has_no_cache_unless_it_is_told_where(postgresql_url: str) -> None:
    with opened(postgresql_url) as log:
        log.append(some(4), author="ann", reason="watch")
        held(log)


def test_the_cache_lies_beside_the_file_and_is_as_open_as_it(sqlite_url: str) -> None:
    with opened(sqlite_url) as log:
        Path(sqlite_url).chmod(0o640)
        log.append(some(4), author="ann", reason="watch")
        held(log)
    made = Path(f"{sqlite_url}-columns").stat()
    assert made.st_mode & 0o777 & ~0o640 == 0


def test_targets_that_run_in_a_circle_are_damage(log: Log, url: str) -> None:
    (name,) = record(log, sound())
    record(log, sound(kind="correction", target=name))
    unguard(url)
    change(url, "UPDATE entries SET kind = 1, target = id", "DELETE FROM segments")
    with pytest.raises(Unreachable, match=r"^IW416 log is damaged \(.*targets must not run in a circle"):
        log.columns()


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        (f"UPDATE entries SET observed_at = {1 << 62} WHERE seq = 3", "a time lies outside the calendar"),
        ("UPDATE entries SET grade = 'Z9' WHERE seq = 3", "Z9 is no grade"),
        ("UPDATE entries SET batch = 7 WHERE seq = 3", "an entry is of no batch"),
    ],
)
def test_what_no_question_can_be_asked_of_is_refused(log: Log, url: str, statement: str, said: str) -> None:
    log.append(some(4), author="ann", reason="watch")
    unguard(url)
    change(url, statement, "DELETE FROM segments")
    for read in (log.columns, log.observations):
        with pytest.raises(Unreachable, match=rf"^IW416 log is damaged \(.*{said}\); "):
            read()


def test_missing_entries_are_not_there(log: Log, url: str) -> None:
    log.append(some(7), author="ann", reason="watch")
    unguard(url)
    change(url, "DELETE FROM entries WHERE seq IN (2, 7)", "DELETE FROM segments")
    for _ in range(2):
        held(log)
    assert len(log.columns()) == 5
