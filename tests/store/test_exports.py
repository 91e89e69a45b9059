"""Exports: every form says what the entries say, and is read as observations are."""

import io

import pytest

from iwscore.store.drafts import Draft
from iwscore.store.exports import EXPORTED, FORMS, writing
from iwscore.store.files import read_table
from iwscore.store.pages import export_pages
from tests.store.drafting import FULL, Clock, opened, record, sound


@pytest.mark.parametrize("suffix", FORMS)
def test_every_form_reads_back(tmp_path, sqlite_url, suffix):
    with opened(sqlite_url, Clock()) as log:
        (name,) = record(log, Draft(**FULL))
        record(log, sound(level="", value=-0.25), Draft(kind="retraction", target=name, reason="hoax"))
        entries = log.entries()
    ((_, _, page),) = export_pages(sqlite_url)
    path = tmp_path / f"out{suffix}"
    with writing(path, FORMS[suffix]) as write:
        write(page[:1])
        write(page[1:])
    table = read_table(path)
    assert set(table.columns) <= set(EXPORTED)
    assert not table.faults

    def text(cell):
        return cell.decode() if isinstance(cell, bytes) else str(cell or "")

    cells = {name: [text(cell) for cell in column.to_pylist()] for name, column in table.columns.items()}
    assert cells["kind"] == ["observation", "observation", "retraction"]
    assert cells["id"] == [entry.id for entry in entries]
    assert cells["target"][2] == name
    assert float(cells["value"][1]) == -0.25
    assert cells["observed_at"][0].startswith("2022-10-04")
    assert cells["note"][0].split() == FULL["note"].split()


def test_what_is_empty_has_its_header(tmp_path):
    out = io.BytesIO()
    with writing(out, "csv"):
        pass
    assert out.getvalue().decode().replace('"', "").strip() == ",".join(EXPORTED)
