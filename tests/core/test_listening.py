"""The whole pass: whichever way a voice goes, and however the work is cut, the evidence is the same to the bit."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.core.bundles import EVERYTHING, Register, Reports, Times
from iwscore.core.evidence import Evidence, gather
from iwscore.core.hearings import Clocks, hear
from iwscore.core.listening import listen
from iwscore.core.speaking import speak
from tests.core.drawing import some_clocks, some_regrades, some_rows, some_times
from tests.core.rows import DAY, QUARTER, Regrade, Row, problem, register, reports

PROBLEM = problem()


def the_long_way(said: Reports, table: Register, clocks: Clocks, times: Times) -> Evidence:
    """Every voice through hearing and speaking."""
    hearings = hear(said, table, PROBLEM, clocks)
    return gather(hearings, speak(hearings, times), times, PROBLEM)


def assert_same(one: Evidence, other: Evidence) -> None:
    for name in Evidence.__slots__:
        assert getattr(one, name).tobytes() == getattr(other, name).tobytes(), name


@given(some_rows(), some_times, some_clocks, some_regrades)
def test_the_short_way_gives_the_bits_of_the_long_one(
    rows: list[Row], times: Times, clocks: Clocks, regrades: list[Regrade]
) -> None:
    asked = reports(rows), register(regrades)
    assert_same(listen(*asked, PROBLEM, clocks, times), the_long_way(*asked, clocks, times))


@given(some_rows(), some_times, some_clocks, st.integers(1, 3), st.integers(1, 4), st.randoms())
def test_neither_blocks_nor_threads_nor_the_order_of_rows_show(
    rows: list[Row], times: Times, clocks: Clocks, threads: int, size: int, chance: object
) -> None:
    whole = listen(reports(rows), register(), PROBLEM, clocks, times)
    mixed = np.random.default_rng(len(rows)).permutation(len(rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("iwscore.core.listening._BLOCK", 1 << size)
        patch.setattr("iwscore.core.listening._AT_ONCE", (size, size))
        patch.setattr("iwscore.core.listening._CACHE", size)
        patch.setattr("iwscore.core.folding._AT_ONCE", size)
        patch.setattr("iwscore.core.folding._PLACES", 3)
        cut = listen(reports(rows).take(mixed), register(), PROBLEM, clocks, times, threads=threads)
    np.testing.assert_array_equal(cut.nats, whole.nats)
    np.testing.assert_array_equal(cut.speaking, whole.speaking)
    np.testing.assert_allclose(cut.fresh, whole.fresh, rtol=1e-9)


@given(some_rows(), some_times)
def test_what_is_known_later_leaves_no_trace(rows: list[Row], times: Times) -> None:
    """A vintage answer is that of the log as it was, to the bit."""
    said = reports(rows)
    whole = listen(said, register(), PROBLEM, Clocks(vintage=True), times)
    for t, time in enumerate(times.tolist()):
        then = listen(said, register(), PROBLEM, Clocks.known_at(time), times[t : t + 1])
        assert whole.nats[t].tobytes() == then.nats[0].tobytes()


def of_one_source(observed_at: Sequence[int], levels: Sequence[int], letters: Sequence[int]) -> Reports:
    told = zip(observed_at, levels, letters, strict=True)
    return reports(
        [Row(indicator=1, level=level, letter=letter, observed_at=t, known_from=t) for t, level, letter in told]
    )


def test_a_strong_report_outlasts_many_weaker_ones() -> None:
    """Half an hour apart, each of the weak ones fresher than the one before, and all of them weaker than the first."""
    half_hours = np.arange(100) * (QUARTER // 12)
    said = of_one_source(half_hours.tolist(), [2] * 100, [0] + [5] * 99)
    times = half_hours[[0, 1, 50, 99]]
    found = listen(said, register(), PROBLEM, Clocks(), times).nats[:, -1]
    first = found[0] * 2.0 ** (-(times - times[0]) / DAY / 4.0)
    np.testing.assert_allclose(found, first, rtol=1e-14)


def test_evidence_of_two_centuries_ago_is_gone_without_a_trace() -> None:
    said = of_one_source([0], [2], [0])
    found = listen(said, register(), PROBLEM, Clocks(), np.array([0, 200 * 365 * DAY]))
    assert found.nats[1].tolist() == [0.0] * len(PROBLEM.half_life_days)
    assert found.speaking.tolist() == [1, 0]


def test_columns_may_be_narrow_or_one_and_the_same() -> None:
    wide = of_one_source([0, DAY, 2 * DAY], [2, 1, 2], [0, 1, 2])
    small = {
        name: getattr(wide, name).astype(np.int8)
        for name in ("channel", "indicator", "level", "letter", "digit", "cap")
    }
    source: Any = wide.source.astype(np.int16)
    narrow = replace(wide, **small, source=source, origin=source, known_from=wide.observed_at)
    times = np.arange(4) * DAY
    for clocks in (Clocks(), Clocks(vintage=True), Clocks.known_at(EVERYTHING)):
        assert_same(
            listen(narrow, register(), PROBLEM, clocks, times), listen(wide, register(), PROBLEM, clocks, times)
        )


def test_nobody_may_speak() -> None:
    assert not listen(reports([]), register(), PROBLEM, Clocks(), np.array([0])).nats.any()


@given(some_rows(), some_times, some_clocks)
def test_how_fresh_reports_are_need_not_be_asked(rows: list[Row], times: Times, clocks: Clocks) -> None:
    asked = reports(rows), register(), PROBLEM, clocks, times
    found, whole = listen(*asked, fresh=False), listen(*asked)
    assert found.nats.tobytes() == whole.nats.tobytes()
    assert found.speaking.tolist() == whole.speaking.tolist()
    assert not found.fresh.any()
