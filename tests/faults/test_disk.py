"""A full disk: the batch is refused whole, what was there stays, and it goes on when there is room."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from iwscore.errors import Unreachable
from iwscore.store.logs import open_log
from iwscore.store.verifying import verify_log
from tests.faults.writing import CONTEXT, clock
from tests.store.drafting import opened, some

MEBIBYTE = 1 << 20
TMPFS = "mount -t tmpfs -o size=4m tmpfs {folder} && exec {python} -m tests.faults.test_disk {folder}"


def limited(url: str) -> None:
    """Append more than a file may hold, in a process whose files may not grow beyond 4 MiB."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (4 * MEBIBYTE, 4 * MEBIBYTE))
    with open_log(url, clock=clock) as log:
        before = log.head()
        with pytest.raises(Unreachable, match=r"^IW415 log cannot be used \(.*disk I/O error\)"):
            log.append(some(100_000), author="eve", reason="too much")
        assert log.head() == before
        assert log.append(some(10), author="bob", reason="enough").entries == 10


def test_a_file_that_may_not_grow(sqlite_url: str) -> None:
    with opened(sqlite_url) as log:
        log.append(some(10), author="ann", reason="watch")
    process = CONTEXT.Process(target=limited, args=(sqlite_url,))
    process.start()
    process.join()
    assert process.exitcode == 0
    assert verify_log(sqlite_url).faults == ()
    with open_log(sqlite_url, clock=clock) as log:
        assert log.head().entries == 20
        assert log.append(some(5000), author="eli", reason="room again").entries == 5000
    assert verify_log(sqlite_url).faults == ()


def fill(folder: Path) -> None:
    """Fill a disk with a log, make room, and go on; ran in a namespace that has mounted it."""
    url = str(folder / "iwscore.db")
    spare = folder / "spare"
    with opened(url) as log:
        log.append(some(10), author="ann", reason="watch")
        spare.write_bytes(bytes(MEBIBYTE))
        before = log.head()
        with pytest.raises(Unreachable) as refusal:
            log.append(some(100_000), author="eve", reason="too much")
        assert str(refusal.value) == (
            f"IW419 no room for the log ({url}); there must be room on the disk; nothing was recorded. "
            "Make room and try again."
        )
        assert log.head() == before
        spare.unlink()
        assert log.append(some(1000), author="bob", reason="room again").entries == 1000
    assert verify_log(url, head=before.digest).faults == ()
    print("went on")


def test_a_disk_that_is_full(tmp_path: Path, heavy: bool) -> None:
    """A small tmpfs where one may be mounted, which the short form does without."""
    script = TMPFS.format(folder=tmp_path, python=sys.executable)
    ran = subprocess.run(
        ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", script],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (ran.stdout, ran.returncode) == ("went on\n", 0) or (not heavy and "mount" in ran.stderr), ran.stderr


if __name__ == "__main__":
    fill(Path(sys.argv[1]))
