"""What a figure was measured on and with; no names of hosts or folders."""

from __future__ import annotations

import os
import platform
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("numpy", "pyarrow", "duckdb", "polars", "pandas", "numba", "pyagrum", "pgmpy")


def machine() -> list[str]:
    """One line for the machine, one for the software."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    cores = len(os.sched_getaffinity(0))
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return [
        f"Machine: {processor()}, {cores} cores, {memory:.0f} GiB of memory, {platform.system()}.",
        f"Software: Python {platform.python_version()}, {packages}.",
    ]


def processor() -> str:
    """The model as the kernel names it, with what tells its generation."""
    lines = Path("/proc/cpuinfo").read_text(encoding="ascii", errors="replace").splitlines()
    said = {key.strip(): value.strip() for key, _, value in (line.partition(":") for line in lines)}
    return f"{said['model name']} (family {said['cpu family']}, model {said['model']})"
