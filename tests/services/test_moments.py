"""What is heard at one moment, statement by statement."""

from collections.abc import Callable
from datetime import timedelta

import numpy as np

from iwscore.core.hearings import Clocks
from iwscore.domain.times import to_micros
from iwscore.services.moments import make_moment
from tests.oracle.plain import AT, report, world, yes_no
from tests.oracle.worlds import World
from tests.services.telling import Told


def test_a_moment_holds_what_is_heard_at_one_time_as_known_at_one_time(tell: Callable[[World], Told]) -> None:
    rows = [report("sign-0", 1, "a", "A1"), report("sign-0", 0, "b", "B1", AT + timedelta(days=1))]
    frame = tell(world([0.5, 0.5], {"sign-0": yes_no([0.8, 0.2])}, rows)).frame()
    first, second = to_micros(AT), to_micros(AT + timedelta(days=1))
    for at, known_at, heard in [(first, second, [0]), (second, first, [0]), (second, second, [0, 1])]:
        moment = make_moment(frame, at, Clocks.known_at(known_at))
        assert moment.time.tolist() == [at]
        assert moment.hearings.report[moment.rows].tolist() == heard
        np.testing.assert_array_equal(moment.evidence[0, moment.hearings.channel[moment.rows]], moment.said.nats)
