"""Random reports, regrades, clocks and times for the core; a report is a `Row`."""

import numpy as np
from hypothesis import strategies as st

from iwscore.core.bundles import EVERYTHING, NEVER
from iwscore.core.hearings import Clocks
from tests.core.rows import HALF_LIVES, QUARTER, SOURCES, G, Regrade, Row, log_order

times = st.integers(0, 24).map(lambda quarters: quarters * QUARTER)
delays = st.sampled_from([0, 0, 0, 1, 2, 9]).map(lambda quarters: quarters * QUARTER)
lasting = st.sampled_from([NEVER, NEVER, NEVER, 0, QUARTER, 5 * QUARTER])


@st.composite
def some_rows(draw: st.DrawFn, *, most: int = 14, plain: bool = False) -> list[Row]:
    """Reports that repeat, contradict, come late, are relayed, corrected and withdrawn.

    ``plain`` ones are never withdrawn and come from one source an origin.
    """
    found = []
    for _ in range(draw(st.integers(0, most))):
        indicator = draw(st.integers(0, len(HALF_LIVES) - 1))
        source = draw(st.integers(0, SOURCES - 1))
        origin = source if plain else draw(st.sampled_from([0, 0, 1, source]))
        observed_at = draw(times)
        known_from = observed_at + draw(delays)
        stands = NEVER if plain else draw(lasting)
        found.append(
            Row(
                indicator=indicator,
                level=draw(st.integers(0, len(HALF_LIVES[indicator]) - 1)),
                source=source,
                origin=origin,
                observed_at=observed_at,
                known_from=known_from,
                stands_until=stands if stands == NEVER else known_from + stands,
                correction=not plain and draw(st.booleans()),
                letter=draw(st.integers(0, G)),
                digit=draw(st.integers(0, 5)),
                cap=-1 if source == origin else draw(st.integers(-1, G)),
            )
        )
    return log_order(found)


some_regrades = st.lists(
    st.builds(Regrade, source=st.integers(0, SOURCES - 1), known_from=times, letter=st.integers(0, G)), max_size=3
)
knowledge = st.one_of(st.just(EVERYTHING), times)
some_clocks = st.builds(Clocks, reports=knowledge, withdrawals=knowledge, regrades=knowledge, vintage=st.booleans())
some_times = st.lists(st.integers(-1, 40), min_size=1, max_size=12, unique=True).map(
    lambda quarters: np.array(sorted(quarters), dtype=np.int64) * QUARTER
)
