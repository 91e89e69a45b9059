"""Where the built-in example lies: in the wheel, or at the root of the repository."""

from __future__ import annotations

from pathlib import Path

import iwscore

__all__ = ["example_folder"]


def example_folder() -> Path:
    """Return the folder that holds the built-in catalog and its ``examples``."""
    package = Path(iwscore.__file__).parent
    carried = package / "example"
    return carried if carried.is_dir() else package.parent.parent
