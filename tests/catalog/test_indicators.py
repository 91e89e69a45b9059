import math
from collections.abc import Callable
from datetime import date

from iwscore.catalog.indicators import read_indicators
from iwscore.catalog.sheets import Sheet
from iwscore.domain.indicators import Measure

FULL = """\
indicators:
  - id: troops
    title: Troops
    category: military
    half_life: {division: never, none: 12h, brigade: 3w}
    levels: [none, brigade, division]
    measure: {unit: men, cuts: [1500, 8000.5]}
    common_error: 0.05
    description: Men.
    collect: Count.
    references: [Grabo]
    status: deprecated
    owner: desk
    review_by: 2027-01-01
  - {id: talks, half_life: 2w}
"""


def test_every_key_of_an_indicator_arrives(sheet: Callable[[str], Sheet]) -> None:
    made = sheet(FULL)
    signs = read_indicators([made])
    assert made.faults == []
    full, bare = signs.indicators.values()
    assert full.half_life_days == (0.5, 21.0, math.inf)
    assert full.measure == Measure(unit="men", cuts=(1500, 8000.5))
    assert full.review_by == date(2027, 1, 1)
    assert (full.title, full.category, full.common_error, full.status) == ("Troops", "military", 0.05, "deprecated")
    assert (full.description, full.collect, full.references, full.owner) == ("Men.", "Count.", ("Grabo",), "desk")
    assert (bare.title, bare.category, bare.levels, bare.common_error) == ("talks", None, ("absent", "present"), 0.02)
    assert bare.half_life_days == (14, 14)
    assert signs.levels == {"troops": ("none", "brigade", "division"), "talks": ("absent", "present")}
