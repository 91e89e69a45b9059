"""One log from several commands at once: the same thing is recorded once, and looking disturbs nobody."""

import subprocess
import sys
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path

from iwscore.store.logs import open_log
from iwscore.store.verifying import verify_log
from tests.faults.writing import clock, together, writer
from tests.store.drafting import opened, some

PROGRAM = Path(sys.executable).with_name("iwscore")


def once(url: str, count: int, answer: Connection) -> None:
    with open_log(url, clock=clock) as log:
        receipt = log.append(some(count), author="ann", reason="the same file", once=True)
    answer.send((receipt.entries, receipt.repeated))


def test_the_same_file_twice_at_once_is_recorded_once(url: str, heavy: bool) -> None:
    opened(url).close()
    for number in range(1, 20 if heavy else 3):
        count = 500 * number
        answers = sorted(together(2, once, url, count))
        assert answers == [(0, count), (500, count - 500)]
    assert verify_log(url).faults == ()


def test_looking_while_others_write(url: str, heavy: bool, tell: Callable[[str], None]) -> None:
    opened(url).close()
    looks = 20 if heavy else 1
    with writer(url, "w0", largest=50) as (pipe, _), writer(url, "w1", largest=5) as (other, _):
        pipe.recv()
        other.recv()
        for command in (["verify"], ["stats"], ["list"]) * looks:
            said = subprocess.run(
                [PROGRAM, "log", *command, "--database", url], capture_output=True, encoding="utf-8", check=False
            )
            assert (said.returncode, said.stderr) == (0, "")
    with open_log(url, clock=clock) as log:
        head = log.head()
    assert verify_log(url, head=head.digest).faults == ()
    tell(f"{3 * looks} commands looked while {head.batch} batches were written")
