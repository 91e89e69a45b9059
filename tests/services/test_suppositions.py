"""Suppositions: beside what is there, judged as what is recorded is."""

import pytest

from iwscore.errors import RowFaults
from iwscore.services.following import Live, grounds
from iwscore.services.suppositions import suppose
from tests.services.harbour import NOW, micros, recorded, sound


@pytest.fixture
def ground(desk):
    recorded(desk)
    live = Live(desk.log, desk.catalog)
    live.follow()
    return grounds(live, next(iter(desk.catalog.problems)), "harbour", None)


def test_what_is_supposed_comes_behind_what_is_there(ground):
    rows = [sound(indicator="patrol-boats", level="", value=5.0), sound(grade="2")]
    seen = suppose(ground, rows, now=micros(NOW), known_from=7)
    assert len(seen) == len(ground.reports) + 2 == 3
    assert [seen.indicator[row] for row in (1, 2)] == ["patrol-boats", sound()["indicator"]]
    assert seen.value[1] == 5.0
    assert seen.known_from[1:].tolist() == [7, 7]
    assert (seen.reliability[2], seen.credibility[2]) == (-1, 1)


def test_faults_are_placed_by_row(ground):
    with pytest.raises(RowFaults) as refusal:
        suppose(ground, [sound(), sound(source="nobody")], now=micros(NOW), known_from=7)
    assert [(one.file, one.line, one.field) for one in refusal.value.faults] == [("hypothetical", 1, "source")]
