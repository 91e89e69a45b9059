"""How fast bands are drawn, beside a plain NumPy loop over the draws in the same run."""

from time import perf_counter
from typing import Any

import pytest

from benchmarks.band_jobs import DAYS, DRAWS, INDICATORS, SCENARIOS, Asked, drawn, plainly
from benchmarks.fused_bands import JOBS

PLAIN_DRAWS = 40  # every draw takes the loop as long


@pytest.mark.parametrize("job", JOBS)
def test_a_thousand_draws_of_30_signs_on_730_days(benchmark: Any, job: str) -> None:
    asked = JOBS[job]()
    benchmark.pedantic(drawn, args=(asked,), rounds=3)
    begin = perf_counter()
    plainly(Asked.of(), PLAIN_DRAWS)
    peer = (perf_counter() - begin) / PLAIN_DRAWS * DRAWS
    terms = DRAWS * DAYS * INDICATORS * SCENARIOS
    benchmark.extra_info["nanoseconds a term"] = benchmark.stats.stats.min / terms * 1e9
    benchmark.extra_info["times as fast as a plain loop without groups and weights"] = peer / benchmark.stats.stats.min
