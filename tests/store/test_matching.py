"""Matching: a growing set of fingerprints says what a plain set says."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from iwscore.store.drafts import Draft, Drafts
from iwscore.store.matching import Known, keys, span_of
from tests.store.drafting import NOON, sound

# Few distinct halves, so that two fingerprints often share their first half and end in zero bytes.
HALF = st.sampled_from([bytes(8), b"a" + bytes(7), b"abcdefgh", b"\xff" * 8])
KEYS = st.lists(st.tuples(HALF, HALF).map(b"".join), max_size=12)


def column(made: list[bytes]) -> np.ndarray:
    return np.frombuffer(b"".join(made), dtype="S16")


@given(st.lists(KEYS, max_size=6), KEYS)
def test_it_holds_what_was_taken_in(blocks: list[list[bytes]], asked: list[bytes]) -> None:
    known, plain = Known(), set()
    for block in blocks:
        known.add(column(block))
        plain |= set(block)
    assert known.holds(column(asked)).tolist() == [key in plain for key in asked]


def test_keys_are_read_from_their_digits() -> None:
    digits = np.array([b"00" * 16, b"0f" * 16], dtype="S32")
    assert keys(digits).tobytes() == bytes(16) + b"\x0f" * 16


def test_a_span_is_of_the_times_there_are() -> None:
    assert span_of(Drafts.of([sound(observed_at=NOON), Draft(kind="retraction"), sound(observed_at=5)])) == (5, NOON)
    assert span_of(Drafts.of([Draft(kind="retraction")])) == (0, 0)
