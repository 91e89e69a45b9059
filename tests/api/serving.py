"""A service on a real log, asked over HTTP without a network: what the tests of the endpoints share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from iwscore.api.application import make_app
from iwscore.api.readers import ROLES, Reader, fingerprint
from iwscore.api.stations import Station
from iwscore.catalog import load
from iwscore.domain.catalogs import Catalog
from iwscore.domain.observations import MARKINGS
from iwscore.store.logs import Log, create_log, open_log

ROOT = Path(__file__).parents[2]
CATALOG = load(ROOT)
READERS: dict[bytes, Reader] = {
    secret: Reader(f"{role}-{ceiling}".replace("+", "-"), role, ceiling, secret=secret)
    for role in ROLES
    for ceiling in MARKINGS
    for secret in [fingerprint(f"{role}-{ceiling}")]
}


def bearer(role: str = "reader", ceiling: str = "red") -> dict[str, str]:
    """Return the headers of a reader of that role and ceiling."""
    return {"Authorization": f"Bearer {role}-{ceiling}"}


@dataclass(frozen=True, slots=True)
class Served:
    """A service that runs, its log and its catalog."""

    client: TestClient
    station: Station
    log: Log
    catalog: Catalog

    def get(self, path: str, role: str = "reader", ceiling: str = "red", **params: Any) -> Any:
        """Return the answer, of the reader of that role and ceiling."""
        return self.client.get(path, params=params, headers=bearer(role, ceiling))

    def post(self, path: str, body: Any, role: str = "analyst", ceiling: str = "red", **headers: str) -> Any:
        """Return the answer to a body that is sent."""
        return self.client.post(path, json=body, headers=bearer(role, ceiling) | headers)


@contextmanager
def serving(url: str, clock: Any, *, catalog: Catalog = CATALOG, **settings: Any) -> Iterator[Served]:
    """Run the service on a new log at that place; ``clock`` tells the time."""
    create_log(url)
    with open_log(url, clock=clock) as log:
        station = Station(log, catalog, lambda: READERS, **settings)
        with TestClient(make_app(station), raise_server_exceptions=False) as client:
            yield Served(client, station, log, catalog)


def report(**cells: Any) -> Mapping[str, Any]:
    """Return an observation of the built-in example, with these cells in place of its own."""
    return {
        "indicator": "foreign-troops-present",
        "level": "reinforced",
        "source": "khrenin",
        "grade": "B2",
        "observed_at": "2022-10-04T00:00:00Z",
    } | cells


def refused(answer: Any, status: int, code: str) -> None:
    """Check that an answer is a refusal of that status and code."""
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
