"""Call a function as a process of its own, and leave the most memory that was held in a file.

``python -m benchmarks.peers.held FILE MODULE:FUNCTION ARGUMENT…``. Who waits for a process is told of the memory of its
parent as well, so the process says it itself.
"""

from __future__ import annotations

import atexit
import sys
from importlib import import_module
from pathlib import Path


def most_held() -> int:
    """Return the most memory this program has held at once, bytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    (line,) = (line for line in lines if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def main() -> None:
    file, name, *rest = sys.argv[1:]
    atexit.register(lambda: Path(file).write_text(str(most_held()), encoding="ascii"))
    sys.argv = [name, *rest]
    module, _, function = name.partition(":")
    getattr(import_module(module), function)()


if __name__ == "__main__":
    main()
