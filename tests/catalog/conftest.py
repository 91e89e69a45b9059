"""Small catalogs for the tests of ``catalog``: the example of the manual, changed and written to a folder."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import pytest
import yaml

from iwscore.catalog import Inspection, inspect
from iwscore.catalog.manuals import EXAMPLE, TODAY, lay_over
from iwscore.catalog.sheets import Sheet
from iwscore.catalog.yamls import read_text

Write = Callable[[Mapping[str, object]], Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Write:
    """Return what writes files (text, bytes or trees) and gives their folder, as a relative path."""
    monkeypatch.chdir(tmp_path)

    def written(files: Mapping[str, object]) -> Path:
        for name, content in files.items():
            path = Path(name)
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                text = content if isinstance(content, str) else yaml.safe_dump(content, sort_keys=False)
                path.write_bytes(text.encode())
        return Path()

    return written


@pytest.fixture
def example() -> dict[str, object]:
    """Return the files of the manual's example as trees, with dates as text."""
    tree = read_text(EXAMPLE.encode(), "example").tree
    assert isinstance(tree, dict)
    return tree


@pytest.fixture
def sheet() -> Callable[[str], Sheet]:
    """Return what reads a text as a sheet named ``a.yaml``."""
    return lambda text: read_text(text.encode(), "a.yaml")


Inspect = Callable[..., Inspection]


@pytest.fixture
def look(write: Write, example: dict[str, object]) -> Inspect:
    """Return what lays YAML over the manual's example and inspects the catalog, on the manual's day or another."""

    def looked(above: str = "{}", *, today: str | None = TODAY) -> Inspection:
        tree = read_text(above.encode(), "above").tree
        folder = write(lay_over(example, tree))
        return inspect(folder, today=date.fromisoformat(today) if today else None)

    return looked


def told(inspection: Inspection, check: str) -> list[str]:
    """Return what one check says, waived or not."""
    return [str(remark.fault) for remark in inspection.remarks if remark.check == check]
