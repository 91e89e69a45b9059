"""Windows count what a plain loop counts."""

from datetime import date

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from iwscore.domain.mappings import Count, Span, Step
from iwscore.store.windows import Events, Windows, count_windows, plan_windows

EVENTS = st.lists(st.tuples(st.integers(0, 2), st.integers(0, 40), st.integers(0, 3)), max_size=30)


def arrays(events: list[tuple[int, int, int]]) -> Events:
    group, end_day, amount = np.array(events, dtype=np.int64).reshape(-1, 3).T
    return Events(group, end_day, amount, np.arange(len(events)) + 2)


@given(EVENTS, st.integers(1, 15), st.integers(1, 9))
def test_a_window_counts_what_a_loop_counts(events: list[tuple[int, int, int]], window: int, every: int) -> None:
    steps = np.arange(window, 41, every)
    counts, rows = count_windows(arrays(events), 3, Windows(steps, steps - window))
    for group in range(3):
        for place, step in enumerate(steps.tolist()):
            inside = [
                (end, row, amount)
                for row, (own, end, amount) in enumerate(events, 2)
                if own == group and step - window < end <= step
            ]
            assert counts[group, place] == sum(amount for _, _, amount in inside)
            assert rows[group, place] == (max(inside)[1] if inside else 0)


def planned(first: str, end: str, window: Span, step: Step) -> list[tuple[str, str]]:
    days = [date.fromisoformat(text).toordinal() - date(1970, 1, 1).toordinal() for text in (first, end)]
    windows = plan_windows(days[0], days[1], Count(unit="x", window=window, step=step))
    spelt = [array.astype("datetime64[D]").astype(str).tolist() for array in (windows.opens, windows.steps)]
    return list(zip(*spelt, strict=True))


def test_only_windows_that_are_wholly_covered_are_planned() -> None:
    assert planned("2022-01-01", "2022-02-01", Span(days=14), "week") == [
        ("2022-01-03", "2022-01-17"),
        ("2022-01-10", "2022-01-24"),
        ("2022-01-17", "2022-01-31"),
    ]
    assert planned("2021-12-31", "2022-04-30", Span(months=2), "month") == [
        ("2022-01-01", "2022-03-01"),
        ("2022-02-01", "2022-04-01"),
    ]
    assert planned("2022-01-01", "2022-01-08", Span(days=7), "day") == [("2022-01-01", "2022-01-08")]
    assert planned("2022-01-01", "2022-01-07", Span(days=7), "day") == []


def test_no_window_and_no_event_are_no_trouble() -> None:
    none = Windows(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64))
    assert count_windows(arrays([(0, 1, 1)]), 1, none)[0].shape == (1, 0)
    assert count_windows(arrays([]), 2, Windows(np.array([7]), np.array([0])))[0].tolist() == [[0], [0]]
