"""Who is heard at one time, while the log grows and the time moves: the answers of a fresh reading."""

from pathlib import Path
from random import Random

import numpy as np
import pytest

from iwscore.core.hearings import Clocks
from iwscore.core.speaking import speak
from iwscore.services.standings import Standing
from tests.services.shelving import DAY, NOON, Shelved, bits, said
from tests.services.streams import Stream

PRESENT = NOON + 200 * DAY
CLOCKS = [Clocks.known_at(time, vintage=vintage) for time in (None, NOON + 9 * DAY) for vintage in (False, True)]


@pytest.mark.parametrize("seed", range(3))
def test_answers_are_those_of_a_fresh_reading_wherever_the_time_moves(
    shelved: Shelved, tmp_path: Path, seed: int
) -> None:
    inquiry, rng = shelved.inquiry(), Random(seed)
    standings = [Standing(inquiry, clocks) for clocks in CLOCKS]
    for _ in Stream(seed, shelved.log, shelved.clock, [shelved.catalog], ["here"]).steps(30):
        shelved.catch_up()
        changed = inquiry.catch_up()
        at = rng.choice([shelved.clock.now, NOON + rng.randrange(-9, 40) * DAY])
        for clocks, standing in zip(CLOCKS, standings, strict=True):
            if changed is not None:
                standing.touch(changed)
            assert bits(standing.assessed(at)) == bits(shelved.fresh(clocks, np.array([at])))


def test_the_same_answer_is_given_until_something_touches_it(shelved: Shelved) -> None:
    shelved.told(said(), said(sign=1))
    inquiry = shelved.inquiry()
    standing = Standing(inquiry, CLOCKS[0])
    found = standing.assessed(NOON)
    assert standing.assessed(NOON) is found
    shelved.told(said(day=0.1), day=1)
    changed = inquiry.catch_up()
    assert changed is not None
    standing.touch(changed)
    assert standing.assessed(NOON) is not found
    assert standing.hearings().report.tolist() == [2, 1]


def test_of_two_equally_strong_reports_the_same_is_heard_as_among_all(shelved: Shelved) -> None:
    """A2 is worth ln 9, B3 ln 3, half of it: three weeks apart they are even, and rounding decides who is heard."""
    clocks, at = CLOCKS[0], np.array([PRESENT])
    for day in range(30):
        subject = f"here-{day}"
        shelved.told(said(sign=1, subject=subject), day=60 + day)
        inquiry = shelved.inquiry(subject)
        standing = Standing(inquiry, clocks)
        standing.assessed(PRESENT)
        shelved.told(said(day=day, grade="A2", subject=subject), said(day=day + 21, grade="B3", subject=subject))
        changed = inquiry.catch_up()
        assert changed is not None
        standing.touch(changed)
        standing.assessed(PRESENT)
        everything = inquiry.hear(np.arange(3), clocks)
        heard = everything.report[speak(everything, at).hearing]
        assert standing.hearings().report.tolist() == heard.tolist()
