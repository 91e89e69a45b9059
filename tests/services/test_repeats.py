"""Repeats: what has been met is known, however the stream is cut."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.services import repeats
from iwscore.services.repeats import Repeats, text_keys

STREAM = st.lists(st.lists(st.integers(-5, 5), min_size=1), max_size=8)


@given(STREAM)
def test_the_first_row_of_a_key_is_remembered(stream):
    index, number = Repeats(1), 0
    first: dict[int, int] = {}
    for part in stream:
        keys = np.array(part, dtype=np.int64)
        facts = np.arange(number, number + len(part))[:, None]
        for key, fact in zip(part, facts[:, 0].tolist(), strict=True):
            first.setdefault(key, fact)
        assert index.meet(keys, facts)[:, 0].tolist() == [first[key] for key in part]
        number += len(part)
    assert [index.find(key) for key in range(-5, 6)] == [(first[k],) if k in first else None for k in range(-5, 6)]


@given(STREAM)
def test_a_key_is_new_once(stream):
    index, met = Repeats(0), set()
    for part in stream:
        expected = [key not in met and key not in part[:n] for n, key in enumerate(part)]
        assert index.new(np.array(part, dtype=np.int64)).tolist() == expected
        met.update(part)


def test_long_runs_are_left_as_they_are(monkeypatch):
    monkeypatch.setattr(repeats, "_LONGEST", 10)
    index = Repeats(1)
    for start in range(0, 100, 5):
        index.meet(np.arange(start, start + 5), np.arange(start, start + 5)[:, None])
    assert index.find(42) == (42,)
    assert index.find(100) is None


@pytest.mark.parametrize(("texts", "codes"), [(["", "a", "b"], [1, 2, 1])])
def test_equal_texts_have_one_key(texts, codes):
    first, second, third = text_keys(texts, np.array(codes, dtype=np.int32)).tolist()
    assert first == third != second
