"""Placements: rows that all count are not copied, and values find their levels by the cuts."""

import numpy as np
import pytest

from iwscore.catalog.sources import house_trust
from iwscore.domain.catalogs import Catalog
from iwscore.domain.columns import Columns
from iwscore.domain.indicators import Indicator, Measure
from iwscore.domain.observations import Names
from iwscore.domain.sources import Source
from iwscore.services.placements import Placements, place

MEASURED = Indicator(
    id="m", title="m", levels=("l", "h"), half_life_days=(9.0, 9.0), measure=Measure(unit="n", cuts=(5,))
)
PLAIN = Indicator(id="p", title="p", half_life_days=(9.0, 9.0))
DRAFT = MEASURED.model_copy(update={"id": "d", "status": "draft"})


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    """A measured sign, a plain one and a draft, and one source."""
    signs = {one.id: one for one in (DRAFT, MEASURED, PLAIN)}
    sources = {"s": Source(id="s", title="S")}
    return Catalog(indicators=signs, problems={}, sources=sources, trust=house_trust())


def placed(
    catalog: Catalog, *rows: tuple[str, str, str, float, str], signs: tuple[Indicator, ...] = (MEASURED, PLAIN)
) -> Placements:
    """Return what becomes of rows of subject, indicator, level, value and source."""
    subject, indicator, level, value, source = zip(*rows, strict=True)
    times, marks, each = np.arange(len(rows)), np.zeros(len(rows), dtype=np.int8), np.arange(len(rows), dtype=np.int32)
    columns = Columns(
        subject=Names(each, subject),
        indicator=Names(each, indicator),
        level=Names(each, level),
        source=Names(each, source),
        origin=Names(each * 0, ("",)),
        value=np.array(value),
        observed_at=times,
        known_from=times,
        stands_until=times + 9,
        reliability=marks,
        credibility=marks,
        kind=marks,
    )
    return place(catalog, columns, signs, "x")


NAN = float("nan")


def test_rows_that_all_count_are_not_copied(catalog: Catalog) -> None:
    found = placed(catalog, ("x", "m", "h", NAN, "s"), ("x", "p", "absent", NAN, "s"))
    assert found.rows == slice(None)
    assert (found.reports.channel.tolist(), found.lost.shape) == ([1, 2], (3, 0))
    assert (found.reports.indicator.tolist(), found.reports.level.tolist()) == ([0, 1], [1, 0])


@pytest.mark.parametrize(
    ("row", "channel", "lost"),
    [
        (("x", "m", "", 4.0, "s"), [0], 0),
        (("x", "m", "", 5.0, "s"), [1], 0),
        (("x", "p", "", 5.0, "s"), [], 1),
        (("x", "d", "", 5.0, "s"), [], 0),
        (("x", "d", "h", NAN, "s"), [], 0),
        (("x", "d", "none", NAN, "s"), [], 1),
        (("x", "d", "unknown", NAN, "s"), [], 0),
        (("x", "m", "unknown", NAN, "s"), [], 0),
        (("x", "rumours", "unknown", NAN, "s"), [], 1),
        (("x", "m", "h", NAN, "nobody"), [], 1),
        (("y", "rumours", "h", NAN, "nobody"), [], 0),
    ],
)
def test_what_has_no_place_is_lost_and_drafts_say_nothing(
    catalog: Catalog, row: tuple[str, str, str, float, str], channel: list[int], lost: int
) -> None:
    found = placed(catalog, row, ("y", "m", "h", 1.0, "s"))
    assert found.reports.channel.tolist() == channel
    assert found.lost.shape == (3, lost)


def test_no_rows_have_no_places(catalog: Catalog) -> None:
    assert len(placed(catalog, ("y", "m", "h", NAN, "s")).reports) == 0


def test_there_may_be_more_levels_than_a_byte_can_count(catalog: Catalog) -> None:
    levels = tuple(f"l{number}" for number in range(200))
    many = Indicator(id="p", title="p", levels=levels, half_life_days=(9.0,) * 200)
    counted = catalog.model_copy(update={"indicators": {"p": many}})
    found = placed(counted, ("x", "p", "l199", NAN, "s"), signs=(many,))
    assert found.reports.level.tolist() == [199]
