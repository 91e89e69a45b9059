"""Verdicts: one fault for each row, in words that may depend on the row."""

import numpy as np

from iwscore.store.verdicts import Verdicts


def test_each_row_at_fault_is_noted_with_its_own_words() -> None:
    verdicts = Verdicts("f.csv", np.array([2, 5, 9]), [], np.zeros(3, dtype=bool))
    where = np.array([False, True, True])
    verdicts.against(where, "IW337", "external_id", lambda row: f"r-{row}", earlier=lambda row: row + 100)
    verdicts.against(where & ~where, "IW312", "note")
    assert [str(fault) for fault in verdicts.faults] == [
        f"f.csv:row {number}:external_id: IW337 external_id is there twice (r-{row}); "
        f"row {row + 100} has it with other content. Use one external_id a report."
        for row, number in [(1, 5), (2, 9)]
    ]
    assert verdicts.bad.tolist() == where.tolist()
