"""Import: once and no more, all or none, corrections behind what they are about, every fault with its row."""

from dataclasses import astuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iwscore.domain.times import from_micros
from iwscore.errors import DraftFaults
from iwscore.services import score
from iwscore.services.importing import MOST_FAULTS, Terms, import_portions
from iwscore.services.intakes import Reject
from iwscore.services.recording import Desk
from iwscore.store.portions import read_portions
from tests.services.harbour import NOW, commas, micros, recorded, sound
from tests.store.drafting import Clock, opened, record
from tests.store.drafting import sound as draft

MANY = [sound(external_id=f"r-{n}", observed_at=f"2026-03-{n % 28 + 1:02}T08:00:00Z") for n in range(60)]
FIX = {**sound(level="absent", external_id="c-1"), "kind": "correction", "target": "r-1", "reason": "misread"}
HOAX = {"kind": "retraction", "target": "c-1", "observed_at": "2026-03-31", "external_id": "w-1"}


@pytest.fixture
def take(desk, tmp_path):
    """Return ``take(rows)``: what an import of those rows has done, and the rows it has rejected."""

    def imported(rows, *, author="ann", historical=False, size=1 << 23, name="seen.csv", **how):
        bad: list[Reject] = []
        path = commas(tmp_path / name, rows)
        done = import_portions(
            Terms(desk.log, desk.catalog, author, historical),
            read_portions(path, size),
            reason="test",
            rejects=bad.extend,
            **how,
        )
        return done, bad

    return imported


def counts(done):
    return done.added, done.repeated, done.rejected, done.batch


def test_the_same_file_twice_adds_nothing(take, desk):
    assert counts(take(MANY)[0]) == (60, 0, 0, 2)
    head = desk.log.head()
    again, _ = take(MANY)
    assert counts(again) == (0, 60, 0, None)
    assert again.head == head.digest == desk.log.head().digest


def test_what_is_repeated_within_a_file_or_grown_is_added_once(take):
    assert counts(take(MANY[:20] + MANY[:20])[0]) == (20, 20, 0, 2)
    assert counts(take(MANY, size=500)[0]) == (40, 20, 0, 3)


@pytest.mark.parametrize("size", [200, 1000, 1 << 23])
def test_a_dry_run_counts_what_a_real_one_does(take, desk, size):
    take(MANY[:10])
    rows = [HOAX, FIX, *MANY, *MANY[5:]]
    dry, _ = take(rows, dry=True, size=size)
    assert desk.log.head().batch == 2
    real, _ = take(rows, size=size)
    assert (dry.added, dry.repeated, dry.rejected) == (real.added, real.repeated, real.rejected) == (52, 65, 0)
    assert (dry.batch, real.batch) == (None, 3)


@pytest.mark.parametrize("size", [150, 1 << 23])
def test_corrections_stand_behind_what_they_are_about_wherever_it_is(take, desk, size):
    take([HOAX, FIX, *MANY], size=size)
    entries = {entry.external_id: entry for entry in desk.log.entries()}
    assert entries["c-1"].target == entries["r-1"].id
    assert entries["w-1"].target == entries["c-1"].id
    assert entries["r-1"].seq < entries["c-1"].seq < entries["w-1"].seq
    assert entries["c-1"].reason == "misread"


def test_a_target_may_be_in_the_log_by_id_or_external_id(take, desk):
    name = recorded(desk, external_id="r-1")
    take([{**FIX, "target": name}])
    take([{**HOAX, "target": "r-1"}])
    correction, retraction = desk.log.entries()[-2:]
    assert correction.target == retraction.target == name
    assert counts(take([{**HOAX, "target": "r-1"}])[0]) == (0, 1, 0, None)


def test_ones_own_external_id_goes_before_others(take, desk):
    recorded(Desk(desk.log, desk.catalog, "bob"), external_id="r-1", note="bob's")
    own = recorded(desk, external_id="r-1")
    take([FIX])
    assert desk.log.entries()[-1].target == own
    (refused,) = take([{**FIX, "external_id": "c-9"}], author="eve")[0].faults
    assert (refused.code, refused.must) == ("IW334", "2 rows go by this name")


FAULTS = {
    "IW340": sound(indicator="berth-cleared"),
    "IW327": sound(grade="Z1"),
    "IW345": {**FIX, "target": "nobody", "external_id": "c-9"},
    "IW335": {**HOAX, "target": "w-1", "external_id": "w-2"},
    "IW336": {**FIX, "target": "c-2", "external_id": "c-2"},
    "IW337": {**MANY[0], "note": "other"},
}


@pytest.mark.parametrize("code", FAULTS)
def test_one_row_at_fault_stops_all_or_is_left_out(take, desk, code):
    rows = [*MANY, FIX, HOAX, FAULTS[code]]
    done, bad = take(rows)
    assert counts(done) == (0, 0, 1, None)
    assert (done.stopped, desk.log.head().entries) == (True, 0)
    assert [(fault.code, fault.line) for fault in done.faults] == [(code, 64)]
    assert [(reject.row, reject.faults) for reject in bad] == [(64, done.faults)]
    assert bad[0].cells.get("external_id", "") == FAULTS[code].get("external_id", "")
    done, _ = take(rows, skip=True)
    assert counts(done) == (62, 0, 1, 2)


def test_what_hangs_on_a_rejected_row_is_rejected_too(take):
    done, _ = take([{**FIX, "level": "loads"}, HOAX, {**HOAX, "target": "w-3", "external_id": "w-4"}], skip=True)
    assert [(fault.code, fault.line) for fault in done.faults] == [("IW341", 2), ("IW345", 3), ("IW345", 4)]
    circle = [{**FIX, "external_id": name, "target": other} for name, other in ("ab", "ba")]
    done, _ = take([*MANY, *circle, {**HOAX, "target": "a"}], skip=True)
    assert sorted((fault.code, fault.line) for fault in done.faults) == [("IW336", 62), ("IW336", 63), ("IW336", 64)]


def test_an_external_id_with_other_content_is_a_conflict(take, desk):
    take([*MANY, FIX])
    changed = [{**row, "note": "new"} for row in (*MANY[:2], FIX)]
    done, bad = take(changed, skip=True)
    assert counts(done) == (0, 0, 3, None)
    assert [str(fault).split(": ", 1)[1] for fault in done.faults] == [
        f"IW346 external_id is in the log with other content ({name}); one name stands for one statement. Change that "
        "entry with iwscore correct, or use another name."
        for name in ("r-0", "r-1", "c-1")
    ]
    assert [reject.cells["external_id"] for reject in bad] == ["r-0", "r-1", "c-1"]
    assert counts(take(changed, author="bob", skip=True)[0])[0] == 3


def test_what_is_wrong_with_the_header_stops_even_a_lenient_import(take, desk):
    done, bad = take([{**row, "nots": "x"} for row in MANY], skip=True, size=300)
    assert (done.stopped, len(done.faults), bad, desk.log.head().entries) == (True, 1, [], 0)
    assert str(done.faults[0]).endswith(':row 1: IW305 column is unknown (nots); every column must be one that '
                                        'observations have. Did you mean "note"?')  # fmt: skip


def test_rows_that_cannot_be_split_are_counted_and_those_after_them_judged(take, desk, tmp_path):
    path = commas(tmp_path / "seen.csv", MANY)
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines[:30], lines[30] + ",more", *lines[31:]]), encoding="utf-8")
    terms = Terms(desk.log, desk.catalog, "ann", historical=False)
    done = import_portions(terms, read_portions(path, 400), reason="test", skip=True)
    assert (counts(done), done.faults[0].code, done.faults[0].line) == ((59, 0, 1, 2), "IW309", 31)
    path.write_text("\n".join([*lines[:30], lines[30] + '"', *lines[31:]]), encoding="utf-8")
    done = import_portions(terms, read_portions(path, 400), reason="test", skip=True)
    assert (done.stopped, done.faults[0].code, done.faults[0].line) == (True, "IW311", 31)


def test_of_very_many_faults_the_first_are_kept(take):
    done, bad = take([sound(grade="Z", note=str(n)) for n in range(MOST_FAULTS + 20)], size=5000)
    assert (len(done.faults), done.further, done.rejected, len(bad)) == (MOST_FAULTS, 20, 1020, 1020)


def test_history_is_known_from_when_it_was_reported(take, desk):
    rows = [sound(reported_at="2026-03-31T08:00:00Z"), sound(observed_at="2026-03-29", reported_at="2026-03-30")]
    assert counts(take(rows, historical=True)[0]) == (2, 0, 0, 2)
    assert [entry.known_from for entry in desk.log.entries()[1:]] == [
        micros("2026-03-31T08:00:00Z"), micros("2026-03-30T23:59:59.999999Z"),
    ]  # fmt: skip
    done, _ = take([sound()], historical=True)
    assert [fault.code for fault in done.faults] == ["IW347"]


def test_a_writer_in_between_is_told_by_file_and_row(desk, tmp_path):
    path = commas(tmp_path / "seen.csv", MANY)
    terms = Terms(desk.log, desk.catalog, "ann", historical=False)

    def meanwhile(what, done):
        if what == "Judging" and desk.log.head().entries == 0:
            recorded(desk, external_id="r-7", note="first")

    with pytest.raises(DraftFaults) as refusal:
        import_portions(terms, read_portions(path), reason="test", told=meanwhile)
    (fault,) = refusal.value.faults
    assert (fault.code, fault.file, fault.line, fault.value) == ("IW420", str(path), 9, "r-7")
    assert desk.log.head().batch == 2


def test_an_import_refused_late_leaves_no_catalog_either(desk, tmp_path):
    path = commas(tmp_path / "seen.csv", MANY)

    def meanwhile(what, done):
        if what == "Judging" and desk.log.head().entries == 0:
            record(desk.log, draft(external_id="r-7"))

    with pytest.raises(DraftFaults, match="IW420"):
        import_portions(
            Terms(desk.log, desk.catalog, "ann", historical=False), read_portions(path), reason="test", told=meanwhile
        )
    assert (desk.log.head().batch, desk.log.catalogs()) == (1, [])


@given(st.lists(st.permutations(range(12)), min_size=2, max_size=2), st.sampled_from([150, 600, 1 << 23]))
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_order_of_rows_and_the_portions_change_no_answer(port, tmp_path_factory, orders, size):
    rows = [HOAX, FIX, *MANY[:10]]
    answers = []
    for order in orders:
        folder = tmp_path_factory.mktemp("order")
        path = commas(folder / "seen.csv", [rows[n] for n in order])
        with opened(str(folder / "iwscore.db"), Clock(micros(NOW))) as log:
            import_portions(Terms(log, port, "ann", historical=False), read_portions(path, size), reason="test")
            answers.append(score(port, log.observations(), problem="port-closure", at=from_micros(micros(NOW))))
    assert answers[0] == answers[1]
    assert answers[0].observations == 1


def test_progress_is_told_to_the_end(take):
    heard = []
    take(MANY, size=500, told=lambda what, done: heard.append((what, done)))
    assert heard[0][0] == "Judging"
    assert heard[-1] == ("Writing", 1.0)
    assert all(0 < done <= 1 for _, done in heard)
    assert astuple(take(MANY, dry=True)[0])[:4] == (0, 60, 0, None)
