"""What a grade is worth, as trust and as evidence."""

import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.core.bundles import EVERYTHING
from iwscore.core.trust import report_cell, report_trust, trust_nats
from tests.core.rows import TRUST, Regrade, Row, register, reports


@given(st.floats(0, 0.99))
def test_a_report_is_so_many_times_as_likely_on_the_true_level(trust: float) -> None:
    nats = float(trust_nats(np.array([trust]))[0])
    assert math.exp(nats) == pytest.approx((1 + trust) / (1 - trust), rel=1e-12)


@pytest.mark.parametrize(("trust", "nats"), [(0.0, 0.0), (0.99, math.log(199.0)), (0.5, math.log(3.0))])
def test_worth_nothing_says_nothing_and_nothing_is_certain(trust: float, nats: float) -> None:
    assert float(trust_nats(np.array(trust))) == pytest.approx(nats, rel=1e-14)


@pytest.mark.parametrize("trust", [-0.01, 0.991, 1.0, math.nan, math.inf])
def test_trust_beyond_its_bounds_is_refused(trust: float) -> None:
    with pytest.raises(ValueError, match=rf"^trust\[1\] is {trust}; must lie in 0 to 0\.99$"):
        trust_nats(np.array([0.5, trust]))


def worth(row: Row, known: int, *regrades: Regrade) -> float:
    return float(report_trust(reports([row]), register(regrades), np.array([known]))[0])


OWN = Row(letter=1, digit=2)
RELAY = Row(letter=1, digit=2, source=3, origin=4)
BURNT, REHABILITATED = Regrade(0, 50, 6), Regrade(0, 60, 0)


@pytest.mark.parametrize(
    ("row", "known", "regrades", "letter"),
    [
        (OWN, 0, [], 1),
        (OWN, 49, [BURNT], 1),
        (OWN, 50, [BURNT], 6),
        (OWN, EVERYTHING, [BURNT], 6),
        (OWN, 59, [REHABILITATED, BURNT], 6),
        (OWN, 60, [REHABILITATED, BURNT], 0),
        (OWN, 90, [Regrade(1, 50, 6)], 1),
        (replace(OWN, cap=5), 0, [], 1),
        (RELAY, 0, [], 1),
        (replace(RELAY, cap=5), 0, [], 5),
        (replace(RELAY, cap=0), 0, [], 1),
        (RELAY, 49, [Regrade(4, 50, 3)], 1),
        (RELAY, 50, [Regrade(4, 50, 3)], 3),
        (replace(RELAY, cap=5), 50, [Regrade(4, 50, 0)], 1),
        (RELAY, 50, [Regrade(3, 50, 5)], 5),
    ],
    ids=[
        "its own grade",
        "a regrade not known yet",
        "a regrade known just now",
        "a regrade known by now",
        "the latest regrade known",
        "a later one",
        "of somebody else",
        "an origin is not its own bound",
        "of an origin without a letter",
        "no more than its origin",
        "nor more than itself",
        "an origin regraded later",
        "an origin regraded",
        "a regrade replaces the origin's letter",
        "a regraded relay",
    ],
)
def test_the_letter_that_counts(row: Row, known: int, regrades: list[Regrade], letter: int) -> None:
    assert worth(row, known, *regrades) == TRUST[letter, row.digit]
    cell = report_cell(reports([row]), register(regrades), np.array([known]))
    assert divmod(int(cell[0]), TRUST.shape[1]) == (letter, row.digit)
