"""The program, started often: one process imports what commands need, and each start is a fork of it.

What a command does, prints and leaves with is what it would be: only the imports are done before. Whatever hangs on the
start itself is tested with a process of its own.
"""

import importlib
import json
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

_MOST = 1 << 20  # bytes of what is asked
_IMPORTED = (
    "alembic.command",
    "orjson",
    "pyarrow.parquet",
    "sqlalchemy",
    "iwscore.catalog",
    "iwscore.cli.app",
    "iwscore.render",
    "iwscore.services.importing",
    "iwscore.services.recording",
    "iwscore.services.rescoring",
    "iwscore.store.logs",
)


class Forking:
    """A process that has the program's imports, and forks."""

    def __init__(self) -> None:
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, __file__, str(theirs.fileno())],
                stdin=subprocess.DEVNULL,
                env={**os.environ, "PYTHONWARNINGS": "error"},
                pass_fds=[theirs.fileno()],
            )

    def start(
        self, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Return what the program printed, and its exit code."""
        asked = json.dumps([arguments, str(cwd), dict(environment)]).encode()
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            socket.send_fds(self._ours, [asked], [out.fileno(), err.fileno()])
            code = int(self._ours.recv(100))
            said = [_read(file.fileno()) for file in (out, err)]
        return subprocess.CompletedProcess(arguments, code, *said)

    def end(self) -> None:
        """End the process."""
        self._ours.close()
        self._process.wait()


def _read(number: int) -> str:
    os.lseek(number, 0, os.SEEK_SET)
    with os.fdopen(os.dup(number), encoding="utf-8", newline="") as file:
        return file.read().replace("\r\n", "\n")


def _answer(number: int) -> None:
    """Fork for each start that is asked for, and tell how it left, until nobody asks any more."""
    with socket.socket(fileno=number) as asking:
        while True:
            asked, files, _, _ = socket.recv_fds(asking, _MOST, 2)
            if not asked:
                return
            child = os.fork()
            if not child:
                asking.close()
                _become(*json.loads(asked), *files)
            for file in files:
                os.close(file)
            _, status = os.waitpid(child, 0)
            asking.send(str(os.waitstatus_to_exitcode(status)).encode())


def _become(arguments: list[str], cwd: str, environment: dict[str, str], out: int, err: int) -> NoReturn:
    """Run the program in this process, and leave it as the program does."""
    for file, place in ((out, 1), (err, 2)):
        os.dup2(file, place)
        os.close(file)
    os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["iwscore", *arguments]
    from iwscore.cli.app import main

    main()
    sys.exit(0)


if __name__ == "__main__":
    for module in _IMPORTED:
        importlib.import_module(module)
    _answer(int(sys.argv[1]))
