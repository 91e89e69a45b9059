"""Verifying: whatever is changed behind the log's back is found, with its place."""

from collections.abc import Callable

import pytest

from iwscore.domain.catalogs import Catalog
from iwscore.store import verifying
from iwscore.store.schema import COLUMNS
from iwscore.store.verifying import MOST_FAULTS, Verdict, verify_log
from tests.store.drafting import NOON, opened, record, some, sound
from tests.store.tampering import change, reseal, unguard

ASK = "Find out who changed it, and compare with a dump."
FOLLOWS = "its digest must follow from the batch before it, its entries and its header"
BATCH = f"batch is not what was recorded; {FOLLOWS}. {ASK}"
Found = Callable[..., list[str]]


@pytest.fixture
def heads(url: str, catalog: Catalog) -> list[str]:
    """Make a log of four batches, of 3, 2, 4 and 1 entries, without triggers; return its heads."""
    made = []
    with opened(url) as log:
        for count in (3, 2, 4):
            drafts = [sound(note=f"{count}-{i}", value=i / 4, level="") for i in range(count)]
            record(log, *drafts)
            made.append(log.head().digest)
        log.register(catalog, author="ann", reason="first use")
        made.append(log.head().digest)
    unguard(url)
    return made


@pytest.fixture
def found(url: str, heads: list[str]) -> Found:
    """Return ``found(*statements)``: what verification says after them, but for the triggers that are gone."""

    def verified(*statements: str, head: str | None = None) -> list[str]:
        change(url, *statements)
        faults = verify_log(url, head=head).faults
        return [str(f).removeprefix(f"{faults[0].file}:") for f in faults if f.code != "IW448"]

    return verified


def test_a_log_that_nobody_touched_is_intact(found: Found) -> None:
    assert found() == []


@pytest.mark.parametrize(
    "assignment",
    [
        "subject = 'belarut'",
        "note = 'X' || substr(note, 2)",
        "note = NULL",
        "level = ''",
        "url = ''",
        "value = value + 1e-15",
        "value = NULL",
        "observed_at = observed_at + 1",
        "reported_at = observed_at",
        "kind = 1",
        "batch = 1",
        "author = 'bob'",
        "target = id",
        "mark = mark + 1",
    ],
)
def test_one_changed_field_is_found(found: Found, assignment: str) -> None:
    assert found(f"UPDATE entries SET {assignment} WHERE seq = 5") == [
        f"row 5:entries: IW440 entry was altered; it must be what batch 2 was closed over. {ASK}"
    ]


def test_one_changed_byte_that_is_not_text_is_found(found: Found, url: str) -> None:
    if "://" in url:  # PostgreSQL itself keeps text in UTF-8: a byte of a key instead
        broken = "UPDATE entries SET fingerprint = set_byte(fingerprint, 15, 255 - get_byte(fingerprint, 15))"
    else:
        broken = "UPDATE entries SET note = CAST(x'ff' AS TEXT)"
    assert [said[:37] for said in found(f"{broken} WHERE seq = 9")] == ["row 9:entries: IW440 entry was altere"]


def test_a_key_of_another_length_is_found(found: Found) -> None:
    assert [said[:35] for said in found("UPDATE entries SET fingerprint = substr(fingerprint, 2) WHERE seq = 2")] == [
        "row 2:entries: IW440 entry was alte"
    ]


def test_a_deleted_row_is_found(found: Found) -> None:
    assert found("DELETE FROM entries WHERE seq IN (2, 3, 7)") == [
        f"row {seq}:entries: IW441 entry is missing; batch {batch} has entries {first} to {last}. {ASK}"
        for seq, batch, first, last in [(2, 1, 1, 3), (3, 1, 1, 3), (7, 3, 6, 9)]
    ]


def test_two_swapped_rows_are_told_from_changed_ones(found: Found) -> None:
    swap = [f"UPDATE entries SET seq = {new} WHERE seq = {old}" for old, new in ((2, 100), (8, 2), (100, 8))]
    assert found(*swap) == [
        f"row 2:entries: IW443 entry was moved; it was recorded as entry 8. {ASK}",
        f"row 8:entries: IW443 entry was moved; it was recorded as entry 2. {ASK}",
    ]


def test_a_row_moved_to_the_end_leaves_a_gap(found: Found) -> None:
    assert found("UPDATE entries SET seq = 12 WHERE seq = 4") == [
        f"row 4:entries: IW441 entry is missing; batch 2 has entries 4 to 5. {ASK}",
        f"row 12:entries: IW443 entry was moved; it was recorded as entry 4. {ASK}",
    ]


REST = ", ".join(name for name in COLUMNS if name not in ("seq", "id"))


@pytest.mark.parametrize("seq", [0, -5, 11, 4000])
def test_an_inserted_row_is_found(found: Found, url: str, seq: int) -> None:
    made = "decode(repeat('ab', 16), 'hex')" if "://" in url else "x'abababababababababababababababab'"
    copy = f"INSERT INTO entries (seq, id, {REST}) SELECT {seq}, {made}, {REST} FROM entries WHERE seq = 1"
    assert found(copy) == [
        f"{f'row {seq}:' if seq else ''}entries: IW442 entry was inserted; every entry must belong to a batch. {ASK}"
    ]


@pytest.mark.parametrize(
    "assignment", ["author = 'bob'", "reason = 'other'", "recorded_at = recorded_at - 1", "historical = 1", "form = 2"]
)
def test_a_changed_batch_is_found(found: Found, assignment: str) -> None:
    assert found(f"UPDATE batches SET {assignment} WHERE number = 2") == [f"row 2:batches: IW444 {BATCH}"]


def test_a_deleted_batch_is_found_with_its_entries(found: Found) -> None:
    assert found("DELETE FROM batches WHERE number = 2") == [
        f"row 2:batches: IW445 batch is missing; batches are numbered without gaps. {ASK}",
        *(f"row {seq}:entries: IW442 entry was inserted; every entry must belong to a batch. {ASK}" for seq in (4, 5)),
        f"row 3:batches: IW444 {BATCH}",
    ]


def test_a_batch_sealed_anew_shows_in_the_next(found: Found, url: str) -> None:
    """Somebody who knows the form mends the batch; the one after it does not follow any more."""
    change(url, "UPDATE entries SET note = 'other' WHERE seq = 4")
    reseal(url, 2)
    assert found() == [f"row 3:batches: IW444 {BATCH}"]


def test_a_chain_sealed_anew_shows_against_a_head(found: Found, url: str, heads: list[str]) -> None:
    change(url, "UPDATE entries SET note = 'other' WHERE seq = 4")
    for number in (2, 3, 4):
        reseal(url, number)
    assert found() == []
    assert found(head=heads[0]) == []
    assert [said[:33] for said in found(head=heads[1])] == ["row 4:batches: IW446 tail was cut"]


def test_a_cut_tail_shows_against_a_head_alone(found: Found, url: str, heads: list[str]) -> None:
    cut = ["DELETE FROM entries WHERE batch >= 3", "DELETE FROM batches WHERE number >= 3", "DELETE FROM catalogs"]
    cut.append("DELETE FROM ids WHERE seq NOT IN (SELECT seq FROM entries)")
    assert found(*cut) == []
    assert found(head=heads[1]) == []
    assert verify_log(url, head=heads[1]).cut_excluded
    verdict = verify_log(url, head=heads[3])
    assert (verdict.head.digest, verdict.head.entries, verdict.cut_excluded) == (heads[1], 5, False)
    assert found(head=heads[3]) == [
        (
            f"row 2:batches: IW446 tail was cut; the chain must pass through {heads[3]}; "
            "it ends with batch 2, entry 5. "
            "Look for another log, or restore a dump that holds this head."
        )
    ]


@pytest.mark.parametrize(
    ("statement", "state"),
    [
        ("UPDATE catalogs SET content = content || ' '", "was altered"),
        ("DELETE FROM catalogs", "is missing"),
    ],
)
def test_a_catalogs_text_is_held_against_its_digest(found: Found, catalog: Catalog, statement: str, state: str) -> None:
    assert found(statement) == [
        f"catalogs: IW447 catalog's text {state} ({catalog.digest}); it must be what the digest was taken of. {ASK}"
    ]


def test_missing_triggers_are_named(url: str, heads: list[str]) -> None:
    verdict = verify_log(url, head=heads[0])
    names = {fault.value for fault in verdict.faults}
    assert {"entries_refuse_update", "entries_refuse_delete", "batches_refuse_update"} <= names
    assert {fault.code for fault in verdict.faults} == {"IW448"}
    assert str(verdict.faults[0]).endswith(
        "batches: IW448 trigger is missing (batches_refuse_delete); it refuses changes to the log. "
        "Find out who dropped it, and why."
    )


def test_of_very_many_faults_the_first_are_kept(url: str) -> None:
    with opened(url) as log:
        log.append(some(MOST_FAULTS + 50), author="ann", reason="watch")
    unguard(url)
    change(url, "UPDATE entries SET note = 'x'")
    verdict = verify_log(url)
    assert (len(verdict.faults), verdict.more) == (MOST_FAULTS, True)
    change(url, "DELETE FROM entries")
    verdict = verify_log(url)
    assert (len(verdict.faults), verdict.more) == (MOST_FAULTS, True)


def test_blocks_and_pages_do_not_show(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The log is walked in pages; where they begin must make no difference."""
    with opened(url) as log:
        for number in range(12):
            record(log, *(sound(note=f"{number}-{i}") for i in range(1 + number % 4)))
        head = log.head()
    for size in (1, 2, 3, 7):
        monkeypatch.setattr(verifying, "_BATCHES_AT_ONCE", size)
        monkeypatch.setattr(verifying, "_ENTRIES_AT_ONCE", size)
        told: list[tuple[int, int]] = []
        verdict = verify_log(url, head=head.digest, progress=_noting(told))
        assert verdict == Verdict((), head, cut_excluded=True)
        assert told[-1] == (head.entries, head.entries)
    assert head.recorded_at == NOON + 11


def _noting(told: list[tuple[int, int]]) -> Callable[[int, int], None]:
    """Return what notes every call."""
    return lambda *counts: told.append(counts)
