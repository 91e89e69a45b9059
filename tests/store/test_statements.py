import numpy as np

from iwscore.domain.mappings import Cuts
from iwscore.errors import Fault
from iwscore.store.statements import Statements, levels_of, table_of
from tests.store.mapped import column, shown

TIMES = np.array([0, 86_400_000_000])


def test_a_value_has_the_level_of_the_cuts_it_reaches() -> None:
    levels = levels_of(np.array([-1, 2, 5, 99, np.nan]), Cuts(cuts=(2, 5), names=("few", "some", "many")))
    assert [levels.text(row) for row in range(5)] == ["few", "some", "many", "many", ""]


def test_statements_of_different_columns_become_one_table_with_each_text_once() -> None:
    texts = {"indicator": column("talks", "talks"), "origin": column("", "un"), "external_id": column("x", "y")}
    first = Statements(np.array([7, 8]), texts, np.array([1.5, np.nan]), TIMES, TIMES + 1)
    second = Statements(np.array([7, 0]), {"indicator": column("troops", "talks")}, np.array([2.0, 3.0]), TIMES, TIMES)
    fault = Fault("feed.csv", 9, 0, "IW352", "wrong", None, "be right", "Correct it.")
    table = table_of("feed.csv", [first, second], [fault, fault], lost=True)
    assert shown(table, "indicator", "origin", "value", "observed_at", "reported_at") == [
        (7, "talks", None, 1.5, "1970-01-01", "1970-01-01T00:00:00.000001"),
        (8, "talks", "un", None, "1970-01-02", "1970-01-02T00:00:00.000001"),
        (7, "troops", None, 2.0, "1970-01-01", "1970-01-01"),
        (0, "talks", None, 3.0, "1970-01-02", "1970-01-02"),
    ]
    assert table.columns["indicator"].dictionary.to_pylist() == ["talks", "troops"]
    assert (table.faults, table.lost) == ((fault,), True)
    assert {"level", "source", "grade", "subject"} <= set(table.columns)


def test_nothing_said_is_a_table_without_rows() -> None:
    table = table_of("feed.csv", [], [], lost=False)
    assert (len(table.rows), table.columns["source"].to_pylist()) == (0, [])
