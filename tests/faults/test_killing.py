"""kill -9 at any moment: what was acknowledged is there, and no batch is there in part."""

import os
import random
import signal
import time
from collections.abc import Callable

from iwscore.store.logs import open_log
from iwscore.store.verifying import verify_log
from tests.faults.writing import Acknowledged, clock, received, writer
from tests.store.drafting import opened

LONGEST_SECONDS = 0.05  # of a writer's life after a batch it has acknowledged
LARGEST = 400


def killed(url: str, author: str, chance: random.Random) -> list[Acknowledged]:
    """Let a writer write and kill it at a moment of chance; return what it had acknowledged."""
    with writer(url, author, largest=chance.choice([1, 10, LARGEST])) as (pipe, pid):
        acknowledged = [pipe.recv() for _ in range(chance.randint(1, 4))]
        moment = time.perf_counter() + chance.uniform(0, LONGEST_SECONDS)
        while pipe.poll(max(0, moment - time.perf_counter())):  # until the moment has come, wherever the writer is
            acknowledged.append(pipe.recv())
        os.kill(pid, signal.SIGKILL)
        return acknowledged + list(received(pipe))


def test_what_was_acknowledged_is_never_lost(url: str, heavy: bool, tell: Callable[[str], None]) -> None:
    kills = (30 if "://" in url else 100) if heavy else 5
    chance = random.Random(20221005)
    opened(url).close()
    batches = entries = unacknowledged = 0
    for number in range(kills):
        acknowledged = killed(url, f"w{number}", chance)
        with open_log(url, clock=clock) as log:
            head = log.head()
            for first, count, batch in acknowledged:
                there = log.entries(after=first - 1, limit=count)
                assert [e.external_id for e in there] == [f"w{number}-{batch}-{place}" for place in range(count)]
            assert log.entries(after=head.entries) == []
            written = head.batch - batches
        # One more may be there: committed, and killed before it was acknowledged.
        assert written - len(acknowledged) in (0, 1)
        unacknowledged += written - len(acknowledged)
        batches, entries = head.batch, head.entries
    assert verify_log(url, head=head.digest).faults == ()
    kind = "PostgreSQL" if "://" in url else "SQLite"
    tell(
        f"{kind}: {kills} kills -9, {batches - unacknowledged} batches acknowledged, 0 lost; "
        f"{unacknowledged} committed and not yet acknowledged; {entries} entries, 0 half batches, chain intact"
    )
