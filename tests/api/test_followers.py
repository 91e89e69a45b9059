"""Followers: no error ends them, and each trouble is told once at its beginning and once at its end."""

from collections.abc import Mapping
from threading import Event

import pytest

from iwscore.api.followers import Follower
from iwscore.errors import Unreachable


class Followed:
    """A station that fails in its first rounds, each time in another way."""

    def __init__(self, faults: list[Exception]) -> None:
        self.used = {"anna": 1}
        self.faults, self.through, self.read = faults, Event(), 0

    def follow(self) -> None:
        if self.faults:
            raise self.faults.pop(0)
        self.through.set()

    def read_readers(self) -> None:
        self.read += 1


def test_it_follows_on_after_any_error(caplog: pytest.LogCaptureFixture) -> None:
    gone = Unreachable("IW415", "log cannot be used", None, "must be there", "Look.")
    station, written = Followed([gone, gone, ValueError("odd")]), list[Mapping[str, int]]()
    follower = Follower(station, written.append)
    assert not follower.alive
    with caplog.at_level("INFO"):
        follower.open()
        assert station.through.wait(60)
        assert follower.alive
        follower.close()
    assert not follower.alive
    assert [record.getMessage() for record in caplog.records] == [
        "following the log fails: IW415 log cannot be used; must be there. Look.",
        "following the log works again",
    ]
    assert station.read >= 3  # while something is wrong, tokens are read in every round
    assert written == [{"anna": 1}]
    assert station.used == {}
