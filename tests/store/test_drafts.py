"""Drafts: single ones and rows of a file become the same columns."""

import numpy as np
import pytest
from pydantic import ValidationError

from iwscore.domain.catalogs import Catalog
from iwscore.domain.observations import NEVER
from iwscore.store.drafts import DRAFT_TEXTS, Draft, Drafts, draft_rows
from iwscore.store.files import read_table
from iwscore.store.identities import identify
from iwscore.store.rows import judge
from iwscore.store.verdicts import Verdicts
from tests.store.drafting import FULL, sound
from tests.store.sheets import CORRECTION, RETRACTION, as_commas
from tests.store.sheets import FULL as FULL_ROW


def test_single_drafts_become_columns() -> None:
    drafts = Drafts.of([Draft(**FULL), Draft(kind="retraction", target="a"), sound(level="", value=2.0)])
    assert len(drafts) == 3
    assert drafts.kind.tolist() == [0, 2, 0]
    assert drafts.observed_at.tolist() == [FULL["observed_at"], NEVER, FULL["observed_at"]]
    assert drafts.reported_at.tolist() == [FULL["reported_at"], NEVER, NEVER]
    assert np.isnan(drafts.value[:2]).all()
    assert [drafts.text("target")[row] for row in range(3)] == ["", "a", ""]
    assert set(drafts.texts) == set(DRAFT_TEXTS)


def test_a_part_is_its_rows() -> None:
    drafts = Drafts.of([sound(note=str(number)) for number in range(4)])
    part = drafts.part(np.array([False, True, False, True]))
    assert [part.text("note")[row] for row in range(len(part))] == ["1", "3"]
    assert part.fingerprint.tolist() == drafts.fingerprint[[1, 3]].tolist()


def test_a_column_that_is_left_out_is_blank() -> None:
    drafts = Drafts.of([sound()])
    bare = Drafts(drafts.kind, drafts.observed_at, drafts.reported_at, drafts.value, {}, drafts.fingerprint)
    assert bare.text("note")[0] == ""


@pytest.mark.parametrize("change", [{"note": "x"}, {"value": 0.5}, {"observed_at": 1}, {"kind": "correction"}])
def test_a_fingerprint_is_of_everything_a_draft_says(change: dict[str, object]) -> None:
    assert sound().fingerprint == sound().fingerprint
    assert sound(**change).fingerprint != sound().fingerprint


def test_unknown_fields_are_refused() -> None:
    with pytest.raises(ValidationError):
        Draft(kind="observation", colour="red")  # type: ignore[call-arg]


def test_rows_of_a_file_become_drafts(tmp_path, catalog: Catalog) -> None:
    path = tmp_path / "rows.csv"
    path.write_bytes(as_commas([FULL_ROW, CORRECTION, RETRACTION]))
    table = read_table(path)
    rows = judge(table, catalog, Verdicts("rows.csv", table.rows, [], np.zeros(3, dtype=bool)))
    found = identify(rows)
    drafts = draft_rows(rows, found.row, found.id, ["", found.id[0].decode(), found.id[0].decode()])
    assert drafts.kind.tolist() == [0, 1, 2]
    assert drafts.observed_at[2] == NEVER
    assert drafts.reported_at[2] == NEVER
    assert drafts.text("note")[0] == FULL_ROW["note"]
    assert drafts.text("target")[1] == found.id[0].decode()
    assert drafts.fingerprint.tolist() == found.id.tolist()
    assert "target" not in draft_rows(rows, found.row, found.id).texts
