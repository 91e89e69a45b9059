"""Rejects: the rows at fault with the reasons, safe to open."""

import csv

import pytest

from iwscore.errors import Unreachable
from iwscore.store.rejects import rejects_at
from iwscore.store.tables import ACCEPTED
from iwscore.store.wordings import row_fault


def test_a_row_is_written_with_every_reason(tmp_path):
    faults = [row_fault("seen.csv", 7, "IW327", "grade", "Z9"), row_fault("seen.csv", 7, "IW332", "target", "x")]
    with rejects_at(tmp_path / "bad.csv") as rejects:
        rejects.put([("seen.csv", 7, faults, {"grade": "Z9", "note": "=1"}), ("seen.csv", 8, faults[:1], {})])
    with (tmp_path / "bad.csv").open(encoding="utf-8", newline="") as file:
        first, second = csv.DictReader(file)
    assert list(first) == ["file", "row", "codes", "columns", "reasons", *ACCEPTED]
    assert (first["file"], first["row"], first["codes"], first["columns"]) == (
        "seen.csv",
        "7",
        "IW327 IW332",
        "grade target",
    )
    assert first["reasons"] == (
        "IW327 not an Admiralty grade (Z9); it must be a letter A to G and a digit 1 to 6, or a digit. Write it like "
        "B2. | IW332 an observation has a target (x); only corrections and retractions have one. Remove it, or set "
        "the kind."
    )
    assert (first["grade"], first["note"], second["row"], second["grade"]) == ("Z9", "'=1", "8", "")


def test_where_nothing_is_rejected_the_header_stands_alone(tmp_path):
    with rejects_at(tmp_path / "bad.csv"):
        pass
    assert (tmp_path / "bad.csv").read_text(encoding="utf-8").count("\n") == 1


def test_a_place_that_cannot_be_written_is_refused(tmp_path):
    with pytest.raises(Unreachable, match=r"^IW402 cannot write"), rejects_at(tmp_path / "none" / "bad.csv"):
        pass
