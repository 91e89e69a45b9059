"""A Dask cluster on this machine, part by part, so that any part can be lost."""

import os
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType

BARE = """
import sys

class Nothing:
    def find_spec(self, name, path=None, target=None):
        top, _, rest = name.partition(".")
        known = top == "iwscore" and rest.partition(".")[0] in ("", "core")
        if top in ("pyarrow", "pydantic", "sqlalchemy") or (top == "iwscore" and not known):
            raise ImportError(f"{name} is not on this worker")

sys.meta_path.insert(0, Nothing())
"""
WITHOUT = """
import sys

sys.modules["iwscore"] = None
"""
OTHER = """
import iwscore

iwscore.__version__ = "9.9"
"""


class Cluster:
    """A scheduler and the workers it has been given, each a process; all end with the block."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.stack = ExitStack()

    def __enter__(self) -> "Cluster":
        words = ("--port", "0", "--dashboard-address", "127.0.0.1:0")
        self.scheduler = self.start("scheduler", *words, site=WITHOUT)
        assert self.scheduler.stderr
        said = next(line for line in self.scheduler.stderr if "Scheduler at:" in line)
        self.address = said.split()[-1]
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stack.close()

    def worker(self, site: str = BARE) -> subprocess.Popen[str]:
        """Start a worker with one thread; ``site`` is run in it before anything else."""
        words = ("--nthreads", "1", "--no-nanny", "--local-directory", str(self.home))
        return self.start("worker", self.address, *words, site=site)

    def start(self, what: str, *words: str, site: str) -> subprocess.Popen[str]:
        home = self.home / str(len(list(self.home.iterdir())))
        home.mkdir()
        (home / "sitecustomize.py").write_text(site)
        started = subprocess.Popen(
            [sys.executable, "-m", f"distributed.cli.dask_{what}", *words, "--host", "127.0.0.1", "--no-dashboard"],
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env=os.environ | {"PYTHONPATH": str(home)},
        )
        self.stack.enter_context(started)
        self.stack.callback(started.kill)
        return started
