"""A real Prometheus that scrapes a service with the rules that are shipped."""

from __future__ import annotations

import shutil
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Event
from typing import Any

import httpx
import pytest
import yaml

from tests.api.serving import ROOT

ALERTS = ROOT / "docs" / "alerts"
_TRIES, _PAUSE_SECONDS = 600, 0.05


def binary(name: str) -> str:
    """Return where a program of Prometheus is; a test that needs it is skipped where it is not installed."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (Debian: apt-get install prometheus)")
    return found


@dataclass(frozen=True, slots=True)
class Prometheus:
    """Its API, asked until it has what is waited for."""

    client: httpx.Client

    def query(self, expression: str) -> list[dict[str, Any]]:
        """Return the series that an expression gives now."""
        answer = self.client.get("/api/v1/query", params={"query": expression}).json()
        assert answer["status"] == "success", (expression, answer)
        return list(answer["data"]["result"])

    def value(self, expression: str) -> float:
        """Return the one number that an expression gives now."""
        (series,) = self.query(expression)
        return float(series["value"][1])

    def firing(self, name: str) -> list[dict[str, str]]:
        """Return the labels of the alerts of a name that fire now."""
        alerts = self.client.get("/api/v1/alerts").json()["data"]["alerts"]
        return [one["labels"] for one in alerts if one["labels"]["alertname"] == name and one["state"] == "firing"]

    def evaluated(self) -> str:
        """Return when the rules were last evaluated."""
        (group,) = self.client.get("/api/v1/rules").json()["data"]["groups"]
        return str(group["lastEvaluation"])

    def _evaluated_since(self, before: str) -> bool:
        return self.evaluated() != before

    def wait(self, what: str, holds: Callable[[], bool]) -> None:
        """Ask until it holds, half a minute at most."""
        pause = Event()
        for _ in range(_TRIES):
            if holds():
                return
            pause.wait(_PAUSE_SECONDS)
        pytest.fail(f"waited in vain until {what}; targets: {self.client.get('/api/v1/targets').text}")

    def settle(self, at: float) -> None:
        """Wait until the figures of a time are scraped, and the rules are evaluated on them."""
        self.wait(f"{at} is scraped", lambda: self.query(f"iwscore_at_timestamp_seconds == {at!r}") != [])
        for _ in range(2):  # the first may have begun before the scrape
            self.wait("the rules are evaluated", partial(self._evaluated_since, self.evaluated()))


@contextmanager
def prometheus(folder: Path, target: str, token: str) -> Iterator[Prometheus]:
    """Run Prometheus on the example configuration, made quick and pointed at a target, on a port that is free."""
    program = binary("prometheus")
    configuration = yaml.safe_load((ALERTS / "prometheus.yml").read_text(encoding="utf-8"))
    (folder / "token").write_text(f"{token}\n", encoding="utf-8")
    configuration["global"] = {"scrape_interval": "200ms", "evaluation_interval": "200ms", "scrape_timeout": "200ms"}
    configuration["rule_files"] = [str(ALERTS / "iwscore.rules.yml")]
    (scraped,) = configuration["scrape_configs"]
    scraped["authorization"]["credentials_file"] = str(folder / "token")
    scraped["static_configs"] = [{"targets": [target]}]
    (folder / "prometheus.yml").write_text(yaml.safe_dump(configuration), encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [
        program, f"--config.file={folder / 'prometheus.yml'}", f"--storage.tsdb.path={folder / 'data'}",
        f"--web.listen-address=127.0.0.1:{port}", "--log.level=error",
    ]  # fmt: skip
    with subprocess.Popen(command) as process:
        try:
            with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
                running = Prometheus(client)
                running.wait("it is ready", lambda: _ready(client))
                yield running
        finally:
            process.terminate()


def _ready(client: httpx.Client) -> bool:
    try:
        return client.get("/-/ready").status_code == 200
    except httpx.TransportError:
        return False
