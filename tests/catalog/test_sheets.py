import math
from collections.abc import Callable

from iwscore.catalog.documents import WaiverEntry
from iwscore.catalog.sheets import Path, Sheet

TEXT = """\
sources:
  - id: ministry
    grades: []
waivers:
  - {check: no-title, on: ministry, reason: Known., until: 2027-01-01}
  - {check: no-title}
number: 3
"""
Read = Callable[[str], Sheet]


def test_parts_are_reached_by_their_path(sheet: Read) -> None:
    made = sheet(TEXT)
    assert made.at("sources", 0, "id") == "ministry"
    absent: list[Path] = [("sources", 1), ("sources", "id"), ("number", 0), ("none",)]
    assert [made.at(*path) for path in absent] == [None] * 4
    assert [path for _, path in made.items("waivers")] == [("waivers", 0), ("waivers", 1)]
    assert list(made.entries("sources", 0)) == [("id", ("sources", 0, "id")), ("grades", ("sources", 0, "grades"))]
    assert [*made.items("number"), *made.entries("number")] == []
    assert made.number("number") == 3
    assert math.isnan(made.number("sources"))


def test_a_spot_is_that_of_the_nearest_part_around_what_is_not_there(sheet: Read) -> None:
    made = sheet(TEXT)
    assert made.spot(("sources",)) == (2, 3)
    assert made.spot(("sources",), key=True) == (1, 1)
    assert made.spot(("sources", 0, "title")) == (2, 5)
    assert made.spot(("sources", 0, "id", "x"), key=True) == (2, 5)
    assert Sheet("none.yaml").spot(("x",)) == (1, 1)


def test_a_fault_mars_what_it_stands_in_and_nothing_beside_it(sheet: Read) -> None:
    made = sheet(TEXT)
    assert isinstance(made.read(WaiverEntry, "waivers", 0), WaiverEntry)
    made.fault("IW115", ("waivers", 1, "on"), value="on")
    assert made.sound("waivers", 0)
    assert not made.sound("waivers", 1)
    assert not made.sound("waivers")
    assert not made.sound("none")
    assert made.read(WaiverEntry, "waivers", 1) is None
    assert str(made.faults[0]) == "a.yaml:6:5: IW115 a required key is missing (on); it must be given. Add it."
