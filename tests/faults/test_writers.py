"""Eight writers in processes of their own: nothing is lost, nothing twice, and the chain holds."""

import itertools
import time
from collections.abc import Callable
from contextlib import ExitStack

from iwscore.store.logs import open_log
from iwscore.store.verifying import verify_log
from tests.faults.writing import clock, received, writer
from tests.store.drafting import opened


def test_eight_writers_lose_nothing(url: str, heavy: bool, tell: Callable[[str], None]) -> None:
    writers, each = 8, 1000 if heavy else 10
    opened(url).close()
    with ExitStack() as stack:
        begun = time.perf_counter()
        pipes = [stack.enter_context(writer(url, f"w{n}", batches=each))[0] for n in range(writers)]
        acknowledged = [list(received(pipe)) for pipe in pipes]
        seconds = time.perf_counter() - begun
    with open_log(url, clock=clock) as log:
        entries = log.entries(limit=10**6)
        head = log.head()
    assert sorted(entry.external_id for entry in entries) == sorted(
        f"w{n}-{number}-0" for n in range(writers) for number in range(each)
    )
    firsts = [first for one in acknowledged for first, _, _ in one]
    assert sorted(firsts) == [entry.seq for entry in entries] == list(range(1, writers * each + 1))
    stamps = [entry.recorded_at for entry in entries]
    assert all(before < after for before, after in itertools.pairwise(stamps))
    assert verify_log(url, head=head.digest).faults == ()
    kind = "PostgreSQL" if "://" in url else "SQLite"
    rate = len(entries) / seconds
    tell(f"{kind}: {writers} writers x {each}: {len(entries)} present, chain intact, {rate:.0f} entries/s")
