"""Intakes: an export read back into its own log is known by its ids."""

import pytest

from iwscore.services.exporting import export_reports
from iwscore.services.importing import Terms, import_portions
from iwscore.services.recording import prepare_correction, prepare_retraction, write
from iwscore.store.exports import writing
from iwscore.store.portions import read_portions
from tests.services.harbour import recorded


@pytest.fixture
def export(desk, tmp_path):
    """Return the export of a log with a correction and a retraction."""
    name = recorded(desk, external_id="r-1")
    other = recorded(desk, level="absent", source="harbour-master")
    write(desk, prepare_correction(desk, name, {"grade": "C3"}, reason="regraded"), reason="regraded")
    write(desk, prepare_retraction(desk, other, reason="hoax"), reason="hoax")
    path = tmp_path / "out.csv"
    with writing(path, "csv") as put:
        export_reports(desk.log, put)
    return path


@pytest.mark.parametrize("author", ["ann", "bob"])
def test_an_export_adds_nothing_to_its_own_log(desk, export, author):
    terms = Terms(desk.log, desk.catalog, author, historical=False)
    done = import_portions(terms, read_portions(export), reason="test")
    assert (done.added, done.repeated, done.rejected, done.batch) == (0, 4, 0, None)


def test_an_id_with_other_content_is_a_conflict(desk, export):
    export.write_text(export.read_text(encoding="utf-8").replace('"C2"', '"C1"', 1), encoding="utf-8")
    terms = Terms(desk.log, desk.catalog, "bob", historical=False)
    (fault,) = import_portions(terms, read_portions(export), reason="test").faults
    assert (fault.code, fault.line, fault.field, fault.what) == (
        "IW346",
        2,
        "id",
        "id is in the log with other content",
    )


def test_what_is_added_to_an_export_hangs_on_the_entries_of_the_log(desk, export):
    *lines, last = export.read_text(encoding="utf-8").splitlines()
    first = lines[1]
    cells = first.split(",")
    cells[13], cells[14], cells[16] = "correction", cells[16], '""'
    cells[9] = ""
    export.write_text("\n".join([*lines, last, ",".join(cells)]), encoding="utf-8")
    terms = Terms(desk.log, desk.catalog, "bob", historical=False)
    done = import_portions(terms, read_portions(export), reason="test")
    assert (done.added, done.repeated) == (1, 4)
    assert desk.log.entries()[-1].target == desk.log.entries(external_ids=["r-1"])[0].id
