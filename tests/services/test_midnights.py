"""The ladder's past while the log grows: the steps of a fresh reading, and few of them answered again."""

from pathlib import Path

import pytest

from iwscore.core.answering import first_known, series_of, steps
from iwscore.core.assessing import Assessed
from iwscore.core.bundles import EVERYTHING
from iwscore.core.hearings import Clocks
from iwscore.services.inquiries import Inquiry
from iwscore.services.midnights import Midnights
from iwscore.services.rungs import folding_of
from iwscore.services.standings import Standing
from tests.services.shelving import DAY, NOON, Shelved, said
from tests.services.streams import Stream


class Asked:
    """A ladder's past that notes at which nights it asks for an answer by itself."""

    def __init__(self, inquiry: Inquiry, known_at: int) -> None:
        folding = folding_of(inquiry.frame.problem)
        assert folding is not None
        self.nights: list[int] = []
        self.inquiry = inquiry
        self.standing = Standing(inquiry, Clocks.known_at(known_at, vintage=True))
        self.past = Midnights(inquiry, folding, known_at, self.answer)

    def answer(self, at: int) -> Assessed:
        self.nights.append(at)
        return self.standing.assessed(at)

    def catch_up(self) -> None:
        changed = self.inquiry.catch_up()
        if changed is not None:
            self.standing.touch(changed)
            self.past.touch(changed)


@pytest.mark.parametrize("known_at", [EVERYTHING, NOON + 12 * DAY])
@pytest.mark.parametrize("seed", range(2))
def test_steps_are_those_of_a_fresh_reading(shelved: Shelved, tmp_path: Path, known_at: int, seed: int) -> None:
    asked = Asked(shelved.inquiry(), known_at)
    for _ in Stream(seed, shelved.log, shelved.clock, [shelved.catalog], ["here"]).steps(30):
        shelved.catch_up()
        asked.catch_up()
        frame = shelved.frame()
        folding = folding_of(frame.problem)
        assert folding is not None
        for last in (shelved.clock.now, NOON + 4 * DAY):
            times = steps(folding, first_known(frame.reports, known_at), last)
            clocks = Clocks.known_at(known_at, vintage=True)
            wanted = series_of(folding, times, shelved.fresh(clocks, times))
            found = asked.past.series(last)
            for name in ("times", "adverse", "coverage"):
                assert getattr(found, name).tobytes() == getattr(wanted, name).tobytes()


def test_what_is_recorded_now_changes_no_night_that_is_over(shelved: Shelved) -> None:
    shelved.told(said())
    shelved.told(said(sign=1, day=3), day=20)
    asked = Asked(shelved.inquiry(), EVERYTHING)
    asked.past.series(NOON + 20 * DAY)
    shelved.told(said(level=0, day=2), day=21)
    asked.catch_up()
    asked.past.series(NOON + 22 * DAY)
    midnight = NOON + DAY // 2
    assert asked.nights == [midnight + 20 * DAY, midnight + 21 * DAY]
    shelved.told(said(level=0, day=21, reported_at=NOON + 21 * DAY), day=22, historical=True)
    asked.catch_up()
    asked.past.series(NOON + 22 * DAY)
    assert asked.nights[2:] == [midnight + 21 * DAY]
