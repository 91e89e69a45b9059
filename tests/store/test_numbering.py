"""Names as numbers: the catalog's names have theirs, all others share one, subjects are taken in as they come."""

import numpy as np

from iwscore.domain.catalogs import Catalog
from iwscore.store.numbering import BLANK, STRANGE, Numbering, numberings


def test_a_closed_numbering_has_one_number_for_all_that_it_does_not_know() -> None:
    names = Numbering(["b", "a"])
    assert names.names == ("", "a", "b", STRANGE)
    assert names.of(["b", "x", "", "y", "a"]).tolist() == [2, 3, BLANK, 3, 1]
    assert names.strange == 3
    assert names.of([]).dtype == np.int16


def test_an_open_numbering_takes_in_what_it_meets() -> None:
    names = Numbering()
    assert names.of(["b", "a", "b", ""]).tolist() == [1, 2, 1, BLANK]
    assert (names.names, names.strange) == (("", "b", "a"), -1)


def test_many_names_have_wider_numbers() -> None:
    assert Numbering(map(str, range(40_000))).of(["39999"]).dtype == np.int32


def test_every_column_of_names_has_a_numbering(wide_catalog: Catalog) -> None:
    found = numberings(wide_catalog)
    assert found["level"].names == ("", "unknown", STRANGE)
    assert found["origin"].names == found["source"].names == ("", "minister", "osint", STRANGE)
    assert found["subject"].strange == -1
