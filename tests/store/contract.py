"""What every database of logs must do: each test runs once on SQLite and once on PostgreSQL."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest
import sqlalchemy as sa

from iwscore.domain.catalogs import Catalog
from iwscore.errors import DraftFaults, Unreachable
from iwscore.store.databases import database_at, guarded
from iwscore.store.drafts import Draft, Drafts
from iwscore.store.entries import GENESIS, Head
from iwscore.store.logs import Log, create_log, open_log
from iwscore.store.verifying import verify_log
from tests.store.drafting import DAY, FULL, NOON, Clock, ids, opened, record, some, sound


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def log(url: str, clock: Clock) -> Iterator[Log]:
    with opened(url, clock) as log:
        yield log


def test_an_empty_log_has_nothing(log: Log, url: str) -> None:
    assert log.head() == Head(GENESIS, 0, 0, None)
    assert (log.entries(), log.outcomes(), log.catalogs()) == ([], [], [])
    seen = log.observations()
    assert (len(seen), seen.last) == (0, None)
    assert verify_log(url).faults == ()


def test_an_entry_comes_back_as_it_was_recorded(log: Log) -> None:
    (name,) = record(log, Draft(**FULL))
    (entry,) = log.entries()
    said = {field: getattr(entry, field) for field in FULL}
    assert said == FULL
    assert (entry.seq, entry.batch, entry.id, entry.author) == (1, 1, name, "ann")
    assert (entry.recorded_at, entry.known_from, entry.historical) == (NOON, NOON, False)
    assert (entry.value, entry.target, entry.content) == (None, "", "")


@pytest.mark.parametrize("value", [0.1, 1e300, 5e-324, -1500.25, 2**53 + 1.0])
def test_a_value_keeps_every_digit(log: Log, value: float) -> None:
    record(log, sound(level="", value=value))
    assert log.entries()[0].value == value
    assert log.observations().value.tolist() == [value]


def test_the_reason_of_a_batch_is_that_of_its_entries(log: Log) -> None:
    record(log, sound(), reason="weekly review")
    assert log.entries()[0].reason == "weekly review"


def test_observations_are_the_entries_as_columns(log: Log) -> None:
    first, _ = record(log, Draft(**FULL), sound(level="", value=7.5, grade="3"))
    record(log, sound(kind="correction", target=first, level="absent"))
    record(log, Draft(kind="retraction", target=first, marking="red", reason="hoax"))
    seen = log.observations()
    assert seen.row.tolist() == [1, 2, 3, 4]
    assert seen.id.tolist() == [name.encode() for name in ids(log, 1, 4)]
    assert seen.kind.tolist() == [0, 0, 1, 2]
    assert seen.target.tolist() == [-1, -1, 0, 0]
    assert [seen.level[row] for row in range(4)] == ["present", "", "absent", ""]
    assert seen.level.names == ("", "absent", "present")
    assert seen.value[1] == 7.5
    assert np.isnan(seen.value[[0, 2, 3]]).all()
    assert seen.reliability.tolist() == [1, -1, 1, -1]
    assert seen.credibility.tolist() == [1, 2, 1, -1]
    assert seen.known_from.tolist() == [NOON, NOON, NOON + 1, NOON + 2]
    assert seen.observed_at.tolist() == [NOON - DAY] * 3 + [NOON + 2]
    assert seen.texts["note"].tolist() == [FULL["note"], "", "", ""]
    assert seen.texts["marking"].tolist() == ["amber", "amber", "amber", "red"]
    assert seen.texts["reason"].tolist() == ["first hand", "", "", "hoax"]
    assert seen.last == NOON + 2
    assert not seen.observed_at.flags.writeable


def test_stamps_ascend_whatever_the_clock_says(log: Log, clock: Clock) -> None:
    stamps = []
    for now in (NOON, NOON, NOON - DAY, NOON + 5, NOON + 5):
        clock.now = now
        record(log, sound(observed_at=NOON - 2 * DAY))
        stamps.append(log.head().recorded_at)
    assert stamps == [NOON, NOON + 1, NOON + 2, NOON + 5, NOON + 6]


def test_history_counts_from_when_it_was_told(log: Log) -> None:
    late, early = NOON - DAY, NOON - 5 * DAY
    told = [sound(observed_at=early, reported_at=time) for time in (late, early)]
    record(log, *told, historical=True)
    assert [(e.known_from, e.recorded_at, e.historical) for e in log.entries()] == [
        (late, NOON, True),
        (early, NOON, True),
    ]
    seen = log.observations()
    assert (seen.row.tolist(), seen.known_from.tolist()) == ([2, 1], [early, late])


def test_a_batch_is_recorded_whole_or_not_at_all(log: Log) -> None:
    def broken() -> Iterator[Drafts]:
        yield some(3)
        raise LookupError("the source went away")

    with pytest.raises(LookupError):
        log.append(broken(), author="ann", reason="watch")
    with pytest.raises(DraftFaults):
        record(log, sound(), sound(kind="correction", target="0" * 32))
    assert (log.head(), log.entries()) == (Head(), [])


def test_blocks_are_one_batch(log: Log, url: str) -> None:
    told: list[int] = []
    same = (some(2, note=note) for note in "ab")
    many = (Drafts.of([sound(external_id=f"{n}-{i}") for i in range(n)]) for n in (3, 4))
    receipt = log.append(many, author="ann", reason="watch", progress=told.append)
    assert (receipt.batch, receipt.first, receipt.entries, receipt.repeated) == (1, 1, 7, 0)
    assert (receipt.recorded_at, receipt.head, told) == (NOON, log.head(), [3, 4])
    with pytest.raises(DraftFaults, match=r"^drafts:row 3:external_id: IW420 .*\(r-1\)"):
        log.append(same, author="ann", reason="watch")
    assert log.head() == receipt.head
    assert verify_log(url, head=receipt.head.digest).cut_excluded


def test_ids_are_random_and_digests_differ(url: str, log: Log) -> None:
    record(log, sound(), sound())
    first, second = log.entries()
    assert first.id != second.id
    assert len(first.id) == 32


def test_what_an_author_has_on_file_is_left_out(log: Log) -> None:
    drafts = some(5)
    log.append(drafts.part(slice(0, 3)), author="ann", reason="watch")
    found = log.match(drafts, author="ann")
    assert found.repeated.tolist() == [True, True, True, False, False]
    assert not found.conflicting.any()
    receipt = log.append(drafts, author="ann", reason="watch", once=True)
    assert (receipt.batch, receipt.first, receipt.entries, receipt.repeated) == (2, 4, 2, 3)
    again = log.append(drafts, author="ann", reason="watch", once=True)
    assert (again.batch, again.first, again.entries, again.repeated, again.head) == (None, None, 0, 5, receipt.head)
    assert log.append(drafts, author="bob", reason="watch", once=True).entries == 5


def test_a_batch_does_not_repeat_itself(log: Log) -> None:
    twice = [sound(note="same"), sound(note="same"), sound(note="other")]
    receipt = log.append([Drafts.of(twice), Drafts.of(twice)], author="ann", reason="watch", once=True)
    assert (receipt.entries, receipt.repeated) == (2, 4)


def test_an_external_id_is_used_once_by_one_author(log: Log) -> None:
    record(log, sound(external_id="r-1"))
    other = [sound(note="more"), sound(external_id="r-1", note="other"), sound(external_id="r-2")]
    found = log.match(Drafts.of(other), author="ann")
    assert (found.repeated.tolist(), found.conflicting.tolist()) == ([False] * 3, [False, True, False])
    with pytest.raises(DraftFaults) as refusal:
        record(log, *other)
    assert str(refusal.value) == (
        "drafts:row 2:external_id: IW420 external_id is on file with other content (r-1); "
        "one author uses it once. Correct that entry, or use another external_id."
    )
    assert record(log, *other, author="bob") == ids(log, 2, 3)


def test_an_external_id_may_not_come_twice_in_a_batch(log: Log) -> None:
    with pytest.raises(DraftFaults) as refusal:
        record(log, sound(external_id="r-1"), sound(external_id="r-1", note="other"))
    assert [fault.line for fault in refusal.value.faults] == [2]


def test_a_target_is_an_id_or_a_fingerprint(log: Log) -> None:
    base = sound(note="base")
    (name,) = record(log, base)
    by_fingerprint = sound(kind="correction", target=base.fingerprint, level="absent")
    within = sound(kind="correction", target=by_fingerprint.fingerprint, level="unknown")
    record(log, by_fingerprint, within, Draft(kind="retraction", target=name))
    entries = log.entries()
    assert [entry.target for entry in entries] == ["", entries[0].id, entries[1].id, entries[0].id]
    assert log.observations().target.tolist() == [-1, 0, 1, 0]


def test_a_repeated_target_is_the_one_on_file(log: Log) -> None:
    base, correction = (
        sound(note="base"),
        sound(kind="correction", level="absent", target=sound(note="base").fingerprint),
    )
    (name,) = record(log, base)
    receipt = log.append(Drafts.of([base, correction]), author="ann", reason="watch", once=True)
    assert (receipt.entries, receipt.repeated) == (1, 1)
    assert log.entries(after=1)[0].target == name


def test_what_was_recorded_anew_is_the_target(log: Log) -> None:
    base = sound(note="base")
    (first,) = record(log, base)
    record(log, Draft(kind="retraction", target=first))
    (anew,) = record(log, base)
    record(log, sound(kind="correction", level="absent", target=base.fingerprint))
    assert log.entries(after=3)[0].target == anew


def test_pages_of_entries_follow_one_another(log: Log) -> None:
    log.append(some(7), author="ann", reason="watch")
    assert [entry.seq for entry in log.entries(limit=3)] == [1, 2, 3]
    assert [entry.seq for entry in log.entries(after=6, limit=3)] == [7]
    second = log.entries()[1]
    assert log.entries(ids=[second.id, "no id", "0" * 32], external_ids=["r-2", "r-7"]) == [second, log.entries()[6]]
    assert log.entries(ids=[]) == []


def test_outcomes_stand_until_they_are_withdrawn(log: Log, clock: Clock) -> None:
    content = '{"at":"2022-10-01T00:00:00Z","problem":"p","scenario":"s"}'
    (name,) = record(log, Draft(kind="outcome", observed_at=NOON - DAY, subject="belarus", content=content))
    clock.now = NOON + DAY
    record(log, Draft(kind="retraction", target=name))
    assert log.outcomes() == []
    assert [entry.content for entry in log.outcomes(known_at=NOON)] == [content]
    assert log.outcomes(known_at=NOON - 1) == []
    assert len(log.observations()) == 0


def test_a_catalog_is_kept_when_it_comes_into_force(
    log: Log, url: str, catalog: Catalog, wide_catalog: Catalog
) -> None:
    first = log.register(catalog, author="ann", reason="first use")
    assert first is not None
    assert log.register(catalog, author="bob", reason="again") is None
    for held in (wide_catalog, catalog):
        log.register(held, author="ann", reason="change")
    assert log.catalogs() == [
        (NOON, catalog.digest),
        (NOON + 1, wide_catalog.digest),
        (NOON + 2, catalog.digest),
    ]
    assert log.catalog(wide_catalog.digest) == wide_catalog
    assert verify_log(url).faults == ()


def test_a_catalog_comes_into_force_with_what_it_is_for_or_not_at_all(log: Log, url: str, catalog: Catalog) -> None:
    def broken() -> Iterator[Drafts]:
        yield some(600)
        raise RuntimeError("the file ends here")

    with pytest.raises(RuntimeError):
        log.append(broken(), author="ann", reason="watch", catalog=catalog)
    with pytest.raises(DraftFaults):
        record(log, sound(observed_at=NOON + DAY), catalog=catalog)
    assert (log.head(), log.catalogs()) == (Head(), [])
    assert log.append(some(600), author="ann", reason="watch", catalog=catalog).batch == 2
    assert log.append(some(1, note="x", source="b"), author="bob", reason="watch", catalog=catalog).batch == 3
    assert (log.entries(limit=1)[0].reason, log.catalogs()) == ("in force for: watch", [(NOON, catalog.digest)])
    assert verify_log(url).faults == ()


@pytest.mark.parametrize("table", ["batches", "entries", "catalogs"])
@pytest.mark.parametrize("change", ["DELETE FROM {}", "UPDATE {} SET {} = {}"])
def test_nothing_is_changed_or_deleted(log: Log, url: str, catalog: Catalog, table: str, change: str) -> None:
    log.register(catalog, author="ann", reason="first use")
    column = {"batches": "reason", "entries": "content", "catalogs": "content"}[table]
    database = database_at(url)
    statement = sa.text(change.format(table, column, column))
    refused = f"the log is append-only: no {change[:6]} of {table}"
    with pytest.raises(Unreachable, match=refused), guarded(database), database.writing() as connection:
        connection.execute(statement)
    database.dispose()
    assert verify_log(url).faults == ()


def test_a_reader_sees_one_state(log: Log, url: str) -> None:
    record(log, sound())
    database = database_at(url)
    count = sa.text("SELECT count(*) FROM entries")
    with database.reading() as connection:
        before = connection.execute(count).scalar()
        record(log, sound())
        assert (before, connection.execute(count).scalar()) == (1, 1)
    database.dispose()
    assert log.head().entries == 2


def test_writers_wait_for_one_another(log: Log) -> None:
    """Of two threads that write at once, none finds the other in its way."""

    def write(author: str) -> None:
        for number in range(20):
            record(log, sound(external_id=f"{number}"), author=author)

    threads = [threading.Thread(target=write, args=(author,)) for author in ("ann", "bob")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    stamps = [entry.recorded_at for entry in log.entries()]
    assert stamps == list(range(NOON, NOON + 40))


def test_settling_waits_for_a_batch_in_flight(log: Log, url: str) -> None:
    database = database_at(url)
    done: list[str] = []
    record(log, sound())

    def settle() -> None:
        log.settle(NOON + 1)
        done.append("settled")

    with database.writing():
        log.settle(NOON)  # nothing can come at or before the last stamp: no need to wait
        waiting = threading.Thread(target=settle)
        waiting.start()
        waiting.join(0.2)
        assert done == []
        done.append("written")
    waiting.join()
    database.dispose()
    assert done == ["written", "settled"]


def test_two_logs_are_not_made_in_one_place(log: Log, url: str) -> None:
    with pytest.raises(Unreachable, match=r"^IW411 there is a log already \(") as refusal:
        create_log(url)
    assert refusal.value.exit_code == 3


def test_a_log_can_be_opened_by_many(log: Log, url: str) -> None:
    record(log, sound())
    with open_log(url, clock=Clock()) as other:
        assert other.head() == log.head()
