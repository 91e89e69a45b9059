"""Until when each entry of a log stands."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iwscore.core.bundles import NEVER
from iwscore.core.withdrawals import stands_until

Entry = tuple[int, bool, int]  # target, whether it is a retraction, from when it is known


def until(entries: list[Entry]) -> list[int]:
    target, retraction, known_from = (list(column) for column in zip(*entries, strict=True)) if entries else ([],) * 3
    return stands_until(
        np.array(target, dtype=np.int64), np.array(retraction, dtype=bool), np.array(known_from, dtype=np.int64)
    ).tolist()


def plainly(entries: list[Entry]) -> list[int]:
    """The same by the letter: chain by chain, member by member."""

    def root(n: int) -> tuple[int, int]:
        depth = 0
        while entries[n][0] >= 0:
            n, depth = entries[n][0], depth + 1
        return n, depth

    def ends(n: int) -> list[int]:
        chain = [m for m in range(len(entries)) if root(m)[0] == root(n)[0]]
        retracted = [entries[m][2] for m in chain if entries[m][1]]
        later = [
            entries[m][2]
            for m in chain
            if not entries[m][1] and (root(m)[1], entries[m][2], m) > (root(n)[1], entries[n][2], n)
        ]
        return retracted if entries[n][1] else retracted + later

    return [min(ends(n), default=NEVER) for n in range(len(entries))]


@st.composite
def some_entries(draw: st.DrawFn) -> list[Entry]:
    """Entries that correct or retract others, told in any order."""
    found: list[Entry] = []
    for n in range(draw(st.integers(0, 9))):
        target = draw(st.integers(-1, n - 1))
        found.append((target, target >= 0 and draw(st.integers(0, 3)) == 0, draw(st.integers(0, 12))))
    places = draw(st.permutations(range(len(found))))
    moved = [found[0]] * len(found) if found else []
    for n, (target, retraction, known_from) in enumerate(found):
        moved[places[n]] = (places[target] if target >= 0 else -1, retraction, known_from)
    return moved


@settings(max_examples=300)
@given(some_entries())
def test_chains_end_as_the_method_says(entries: list[Entry]) -> None:
    assert until(entries) == plainly(entries)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([], []),
        ([(-1, False, 1)], [NEVER]),
        ([(-1, False, 1), (0, False, 5)], [5, NEVER]),
        ([(-1, False, 1), (0, False, 5), (0, False, 3)], [3, NEVER, 5]),
        ([(-1, False, 1), (0, False, 5), (1, False, 3)], [3, 3, NEVER]),
        ([(-1, False, 1), (0, True, 5)], [5, 5]),
        ([(-1, False, 1), (0, False, 5), (0, True, 3)], [3, 3, 3]),
        ([(-1, False, 1), (0, True, 3), (0, False, 5)], [3, 3, 3]),
        ([(-1, False, 1), (0, True, 6), (1, True, 4)], [4, 4, 4]),
        ([(-1, True, 1), (0, True, 6)], [1, 1]),
    ],
    ids=[
        "an empty log",
        "an entry stands",
        "a correction replaces its target",
        "of two corrections the later known stands",
        "a correction of a correction stands, known first though it was",
        "a retraction withdraws its target",
        "a retraction of the first withdraws the correction",
        "nothing comes after a retraction",
        "a retraction of a retraction gives nothing back",
        "retractions alone",
    ],
)
def test_until_when_an_entry_stands(entries: list[Entry], expected: list[int]) -> None:
    assert until(entries) == expected


@pytest.mark.parametrize(
    ("target", "named"),
    [([0], r"target\[0\] is 0"), ([1, 0], r"target\[0\] is 1"), ([-1, 2, 1], r"target\[1\] is 2")],
)
def test_a_circle_of_targets_is_refused(target: list[int], named: str) -> None:
    entries = [(place, False, 0) for place in target]
    with pytest.raises(ValueError, match=rf"^{named}; targets must not run in a circle$"):
        until(entries)
