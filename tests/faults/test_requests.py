"""The same requests of several processes at once: each is written once, and all are told the same of it."""

import random
from collections.abc import Callable
from multiprocessing.connection import Connection

from iwscore.errors import QuestionError
from iwscore.store.drafts import Drafts
from iwscore.store.logs import open_log
from iwscore.store.verifying import verify_log
from tests.faults.writing import clock, together
from tests.store.drafting import opened, sound
from tests.store.test_receipts import asked


def ask_all(url: str, keys: int, answer: Connection) -> None:
    """Make so many requests, each at least once, in an order of this process's own; and each with other words."""
    order = [*range(keys), *range(keys)]
    random.Random(clock()).shuffle(order)
    receipts, refused = [], 0
    with open_log(url, clock=clock) as log:
        for number in order:
            drafts = Drafts.of([sound(external_id=f"{number}-{place}") for place in range(1 + number % 3)])
            request = asked(f"key {number}", str(number))
            receipts.append((number, log.append(drafts, author="ann", reason="watch", request=request)))
            try:
                log.append(drafts, author="ann", reason="watch", request=asked(request.key, "other words"))
            except QuestionError as refusal:
                refused += refusal.code == "IW559"
    answer.send((receipts, refused))


def test_equal_requests_of_several_processes_are_written_once(
    url: str, heavy: bool, tell: Callable[[str], None]
) -> None:
    processes, keys = 4, 100 if heavy else 10
    opened(url).close()
    answers = together(processes, ask_all, url, keys)
    assert [refused for _, refused in answers] == [2 * keys] * processes
    receipts = {pair for told, _ in answers for pair in told}
    assert sorted(number for number, _ in receipts) == list(range(keys))
    with open_log(url, clock=clock) as log:
        entries, head = log.entries(limit=10**6), log.head()
        written = {
            number: [entry.external_id for entry in entries if entry.batch == receipt.batch]
            for number, receipt in receipts
        }
    assert written == {n: [f"{n}-{place}" for place in range(1 + n % 3)] for n in range(keys)}
    assert head.batch == keys
    assert verify_log(url, head=head.digest).faults == ()
    kind = "PostgreSQL" if "://" in url else "SQLite"
    tell(f"{kind}: {processes} processes x {2 * keys} requests of {keys}: {head.batch} batches, receipts equal")
