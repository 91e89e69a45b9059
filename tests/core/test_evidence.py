"""From statements to evidence: fading, sharing a voice, sums over origins."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given

from iwscore.core.bundles import Floats, Times
from iwscore.core.evidence import gather, say
from iwscore.core.examples import tiny_hearings, tiny_problem
from iwscore.core.hearings import Clocks, hear
from iwscore.core.speaking import speak
from iwscore.core.trust import trust_nats
from tests.core.drawing import some_clocks, some_regrades, some_rows, some_times
from tests.core.rows import DAY, TRUST, Regrade, Row, problem, register, reports

NATS = trust_nats(TRUST)


def gathered(rows: list[Row], at: int) -> Floats:
    """The evidence on each channel at one time."""
    hearings = hear(reports(rows), register(), problem(), Clocks())
    now = np.array([at])
    return gather(hearings, speak(hearings, now), now, problem()).nats[0]


def test_independent_origins_add_up() -> None:
    rows = [Row(source=0, origin=0), Row(source=1, origin=1, digit=1), Row(level=0, source=2, origin=2, letter=3)]
    np.testing.assert_allclose(gathered(rows, 0)[:2], [NATS[3, 0], NATS[0, 0] + NATS[0, 1]], rtol=1e-15)


def test_sources_that_disagree_on_one_origin_share_its_voice_by_squares() -> None:
    rows = [Row(source=1, letter=1), Row(level=0, source=2, letter=3)]
    b, d = NATS[1, 0], NATS[3, 0]
    np.testing.assert_allclose(gathered(rows, 0)[:2], [d * d / (b + d), b * b / (b + d)], rtol=1e-14)
    assert gathered(rows, 0).sum() < max(b, d) + min(b, d)


def test_sharing_is_of_what_is_left_after_fading() -> None:
    """After 2.5 days the present one has halved; after 1 day a half-life of the absent one."""
    rows = [Row(source=1), Row(level=0, source=2)]
    absent, present = NATS[0, 0] / 2**5, NATS[0, 0] / 2**2
    total = absent + present
    np.testing.assert_allclose(gathered(rows, 5 * DAY)[:2], [absent**2 / total, present**2 / total], rtol=1e-13)


def test_a_voice_that_is_all_but_gone_can_still_be_shared() -> None:
    """Evidence of 1e-320 has few digits left; no step may divide by what has become nothing."""
    rows = [Row(source=1), Row(level=0, source=2)]
    for days in (1060, 1074, 1076, 1090, 2000, 5000, 80_000):
        left = gathered(rows, days * DAY)
        assert np.isfinite(left).all()
        assert left[0] == 0.0
        assert (left[1] > 0.0) == (days / 2.5 < 1074)


def test_what_never_fades_is_left_when_all_else_is_gone() -> None:
    rows = [Row(), Row(indicator=1, level=0), Row(indicator=1, level=1, source=1, origin=1)]
    assert gathered(rows, 200 * 365 * DAY).tolist() == [0.0, 0.0, NATS[0, 0], 0.0, 0.0]


def test_coverage_counts_the_freshest_before_sharing() -> None:
    rows = [Row(source=1, letter=1), Row(level=0, source=2, letter=3)]
    hearings = hear(reports(rows), register(), problem(), Clocks())
    now = np.array([0])
    heard = gather(hearings, speak(hearings, now), now, problem())
    assert heard.fresh.tolist() == [[TRUST[1, 0], 0.0]]
    assert heard.speaking.tolist() == [2]


@given(some_rows(), some_times, some_clocks, some_regrades)
def test_one_time_gives_the_bits_of_that_time_among_others(
    rows: list[Row], times: Times, clocks: Clocks, regrades: list[Regrade]
) -> None:
    hearings = hear(reports(rows), register(regrades), problem(), clocks)
    many = gather(hearings, speak(hearings, times), times, problem())
    for t in range(len(times)):
        alone = times[t : t + 1]
        one = gather(hearings, speak(hearings, alone), alone, problem())
        assert one.nats[0].tobytes() == many.nats[t].tobytes()
        assert one.fresh[0].tobytes() == many.fresh[t].tobytes()
        assert one.speaking[0] == many.speaking[t]


@given(some_rows(), some_times, some_clocks)
def test_what_is_said_adds_up_to_the_evidence(rows: list[Row], times: Times, clocks: Clocks) -> None:
    hearings = hear(reports(rows), register(), problem(), clocks)
    statements = speak(hearings, times)
    said = say(hearings, statements, times)
    total = np.zeros((len(times), len(problem().half_life_days)))
    np.add.at(total, (said.time, hearings.channel[statements.hearing[said.statement]]), said.nats)
    np.testing.assert_allclose(gather(hearings, statements, times, problem()).nats, total, rtol=1e-14)
    assert ((said.left >= 0) & (said.left <= 1)).all()


@pytest.mark.parametrize("times", [[], [3], [0, 0, 5]])
def test_there_may_be_no_time_or_one_or_the_same_twice(times: list[int]) -> None:
    hearings, asked = tiny_hearings(levels=[1, 0], observed_at=[0, 4]), np.array(times, dtype=np.int64)
    nats = gather(hearings, speak(hearings, asked), asked, tiny_problem()).nats
    assert nats.round(4).tolist() == [[1.0986, 0.0] if t >= 4 else [0.0, 1.0986] for t in times]


def test_nothing_heard_is_no_evidence() -> None:
    nothing = tiny_hearings(levels=[], observed_at=[])
    now = np.array([5])
    heard = gather(nothing, speak(nothing, now), now, tiny_problem())
    assert (heard.nats.tolist(), heard.fresh.tolist(), heard.speaking.tolist()) == ([[0.0, 0.0]], [[0.0]], [0])


def test_a_voice_of_one_level_keeps_every_bit_of_it() -> None:
    """Where nobody disagrees there is nothing to share, not even in rounding."""
    rows = [replace(Row(), source=n, digit=n) for n in range(1, 4)]
    assert gathered(rows, 0)[1] == NATS[0, 1]
