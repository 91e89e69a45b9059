"""Bands beside one fused loop, compiled by numba: what a program made for this job alone takes.

The loop knows yes/no signs that stand alone and count in full, each source its own origin. It takes who speaks when
and the drawn tables as `iwscore` makes them, and goes on alone. Without numba it runs as Python, for a small job.

    python -m benchmarks.fused_bands            ratios, the median of 5 interleaved rounds
    python -m benchmarks.fused_bands --smoke    equal answers on a small job, without numba
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable
from importlib import import_module
from statistics import median
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.band_jobs import DAY, DRAWS, INDICATORS, Asked, drawn, plainly
from iwscore.core.bands import Bands
from iwscore.core.bundles import Floats
from iwscore.core.speaking import speak

__all__ = ["JOBS", "compiled", "fused", "main", "ratios", "smoke"]

Loop = Callable[..., tuple[Floats, Floats]]
AT_ONCE = 256  # draws, so that all that a sign touches stays in the nearest cache
TOLERANCE = 1e-11
SIX = (np.arange(6), 0.5)
JOBS: dict[str, Callable[[], Asked]] = {
    "weights 1, no groups": Asked.of,
    "a group of six": lambda: Asked.of(groups=(SIX,)),
    "every second weight 0.7": lambda: Asked.of().weighted(),
    "groups of six and of four, and weights": lambda: Asked.of(groups=(SIX, (np.arange(10, 14), 1.0))).weighted(),
}


def fused(asked: Asked, draws: int, loop: Loop) -> Bands:
    """The answer of the loop, from the reports that can be heard."""
    said, problem = asked.hearings, asked.expectations
    statements = speak(said, asked.times)
    row = statements.hearing
    told = (said.channel[row], said.cell[row], said.observed_at[row], said.half_life_days[row] * DAY)
    spans = np.searchsorted(asked.times, statements.start), np.searchsorted(asked.times, statements.stop)
    present = np.ascontiguousarray(asked.rows(draws)[:, :, 1])
    return Bands(*loop(*told, *spans, asked.times, asked.nats(draws), present, problem.common_error, problem.priors))


def compiled(*, parallel: bool) -> Loop:
    """The loop, by numba."""
    numba: Any = import_module("numba")
    loop = _loop(numba.njit(nogil=True, error_model="numpy", fastmath={"contract", "nsz"}), numba.prange)
    found: Loop = numba.njit(parallel=parallel, error_model="numpy")(loop)
    return found


def _loop(jit: Callable[[Any], Any], times_of: Any) -> Loop:
    """The loop in Python, its parts compiled by ``jit``."""
    weights, move, end = jit(_weights), jit(_move), jit(_end(jit(_select)))

    def loop(
        channel: Any, cell: Any, observed: Any, half_life: Any, begin: Any, stop: Any, times: Any, nats: Any,
        present: Any, error: Any, priors: Any,
    ) -> tuple[Floats, Floats]:  # fmt: skip
        scenarios, draws = present.shape[1:]
        left = np.zeros((len(times), 2 * present.shape[0], nats.shape[0]))
        weights(left, channel, cell, observed, half_life, begin, stop, times)
        low, high = np.empty((len(times), scenarios)), np.empty((len(times), scenarios))
        for t in times_of(len(times)):
            moved = np.empty((scenarios, draws))
            spoke = move(moved, left[t], nats, present, error, priors)
            for s in range(scenarios):
                low[t, s] = end(moved[s], 0.05) if spoke else priors[s]
                high[t, s] = end(moved[s], 0.95) if spoke else priors[s]
        return low, high

    return loop


def _weights(
    left: Any, channel: Any, cell: Any, observed: Any, half_life: Any, begin: Any, stop: Any, times: Any
) -> None:
    """Add up how often over each cell is told on each channel."""
    for m in range(len(channel)):
        for t in range(begin[m], stop[m]):
            left[t, channel[m], cell[m]] += 2.0 ** (-(times[t] - observed[m]) / half_life[m])


def _move(moved: Any, left: Any, nats: Any, present: Any, error: Any, priors: Any) -> bool:
    """Write the likelihoods of each draw at one time; say whether anything speaks."""
    signs, scenarios, draws = present.shape
    spoke = False
    for first in range(0, draws, AT_ONCE):
        size = min(AT_ONCE, draws - first)
        here, evidence = moved[:, first : first + size], np.empty(size)
        for s in range(scenarios):
            here[s, :] = priors[s]
        for i in range(signs):
            evidence[:] = 0.0
            heard = False
            for k in range(nats.shape[0]):
                no, yes = left[2 * i, k], left[2 * i + 1, k]
                if no != 0.0 or yes != 0.0:
                    heard = True
                    worth = nats[k, first : first + size]
                    for d in range(size):
                        evidence[d] += (yes - no) * worth[d]
            if not heard:
                continue
            spoke = True
            for d in range(size):
                small = math.exp(-abs(evidence[d]))
                shared = 0.5 * (1.0 + small) * error[i]
                most, least = 1.0 - error[i] + shared, (1.0 - error[i]) * small + shared
                evidence[d] = most / least - 1.0 if evidence[d] > 0.0 else least / most - 1.0
            for s in range(scenarios):
                p, factor = present[i, s, first : first + size], here[s]
                for d in range(size):
                    factor[d] *= 1.0 + p[d] * evidence[d]
        for d in range(size):
            total = 0.0
            for s in range(scenarios):
                total += here[s, d]
            for s in range(scenarios):
                here[s, d] /= total
    return spoke


def _select(numbers: Any, place: int) -> float:
    """Hoare's selection: the number that would stand at a place, those below it before it, those above it after."""
    first, last = 0, len(numbers) - 1
    while first < last:
        middle, i, j = numbers[(first + last) // 2], first, last
        while i <= j:
            while numbers[i] < middle:
                i += 1
            while numbers[j] > middle:
                j -= 1
            if i <= j:
                numbers[i], numbers[j] = numbers[j], numbers[i]
                i += 1
                j -= 1
        if place <= j:
            last = j
        elif place >= i:
            first = i
        else:
            break
    return float(numbers[place])


def _end(select: Any) -> Callable[[Any, float], float]:
    def end(numbers: Any, q: float) -> float:
        place = q * (len(numbers) - 1)
        under = int(place)
        found = select(numbers, under)
        if under + 1 == len(numbers):
            return float(found)
        over = numbers[under + 1 :].min()
        return float(found + (over - found) * (place - under))

    return end


def _agree(found: Bands, expected: Bands) -> None:
    for ours, theirs in ((found.low, expected.low), (found.high, expected.high)):
        np.testing.assert_allclose(ours, theirs, rtol=TOLERANCE)


def smoke() -> None:
    """Hold our answers to a small job against the loop and against whole arrays; fail where they differ."""
    asked, draws = Asked.of(days=5), 7
    found = drawn(asked, draws)
    _agree(found, fused(asked, draws, _loop(lambda part: part, range)))
    likelihood = plainly(asked, draws, draws)
    _agree(found, Bands(*np.quantile(likelihood, (0.05, 0.95), axis=0)))


def ratios(rounds: int) -> list[tuple[str, int, float, float]]:
    """Return for each job and number of threads our seconds, and how many times those of the loop that is."""
    numba: Any = import_module("numba")
    plain = Asked.of()
    found = []
    for threads in (1, 2):
        numba.set_num_threads(threads)
        loop = compiled(parallel=threads > 1)
        _agree(drawn(plain, threads=threads), fused(plain, DRAWS, loop))
        for name, job in JOBS.items():
            asked, pairs = job(), []
            for _ in range(rounds):
                begin = perf_counter()
                fused(plain, DRAWS, loop)
                middle = perf_counter()
                drawn(asked, threads=threads)
                pairs.append((perf_counter() - middle, middle - begin))
            ratio = median(ours / theirs for ours, theirs in pairs)
            found.append((name, threads, median(ours for ours, _ in pairs), ratio))
    return found


def main() -> None:
    """Print a table of ratios, or fail where answers differ."""
    parser = argparse.ArgumentParser(description="Bands beside a fused compiled loop.")
    parser.add_argument("--smoke", action="store_true", help="equal answers on a small job, without numba")
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    smoke()
    if asked.smoke:
        return
    print("| bands | threads | ms | times the fused loop without groups and weights | ns a term |")
    print("|---|---|---|---|---|")
    for name, threads, seconds, ratio in ratios(asked.rounds):
        nanoseconds = seconds / (DRAWS * len(Asked.of().times) * INDICATORS * 5) * 1e9
        print(f"| {name} | {threads} | {seconds * 1e3:.0f} | {ratio:.2f} | {nanoseconds:.1f} |")


if __name__ == "__main__":
    main()
