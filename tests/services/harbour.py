"""The catalog that ``init`` makes, with a log beside it, for tests of what is written."""

from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

from iwscore.catalog import load
from iwscore.domain.catalogs import Catalog
from iwscore.domain.times import parse_instant, to_micros
from iwscore.services.recording import Desk, prepare_record, write
from tests.store.sheets import as_commas

NOW = "2026-04-01T12:00:30Z"
SOUND: dict[str, str] = {
    "observed_at": "2026-03-30T08:00:00Z",
    "indicator": "berths-cleared",
    "level": "present",
    "source": "broker",
    "grade": "C2",
}
_PLACES = {"indicators": "indicators/a.yaml", "scenarios": "scenarios/a.yaml", "sources": "sources/a.yaml"}


def harbour(folder: Path) -> Catalog:
    """Write the starter's catalog into a folder and load it."""
    for name, place in _PLACES.items():
        target = folder / place
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((files("iwscore") / "starter" / f"{name}.yaml").read_bytes())
    return load(folder)


def micros(text: str) -> int:
    return to_micros(parse_instant(text))


def sound(**changes: Any) -> dict[str, Any]:
    """Return the cells of an observation that is in order but for the changes."""
    return SOUND | changes


def commas(path: Path, rows: Sequence[Mapping[str, str]]) -> Path:
    """Write rows as a CSV file."""
    path.write_bytes(as_commas(rows))
    return path


def recorded(desk: Desk, **changes: str) -> str:
    """Record an observation; return its id."""
    return write(desk, prepare_record(desk, sound(**changes)), reason="watch").id
