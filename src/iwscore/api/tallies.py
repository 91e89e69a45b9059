"""Tallies: how often the service was asked what, with which outcome, and how soon the answer began.

Here belong figures of the service itself, which tell of hidden writes too. Who may see them belongs to ``metrics``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.metrics_core import Metric
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.routing import compile_path

__all__ = ["Tallied", "Tallies"]

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class Tallies:
    """Counts requests by operation and status.

    Where several processes share a folder, each keeps its counts there in files of its own, and what is collected is
    their sum. They must then have been started with ``PROMETHEUS_MULTIPROC_DIR`` set to that folder.
    """

    def __init__(self, shared: Path | None = None) -> None:
        self._registry = CollectorRegistry()
        self._requests = Counter(
            "iwscore_requests", "Requests answered.", ("method", "operation", "status"), registry=self._registry
        )
        self._seconds = Histogram(
            "iwscore_request_seconds", "From a request to the beginning of its answer.", ("operation",),
            buckets=_SECONDS, registry=self._registry,
        )  # fmt: skip
        self._known: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}
        if shared is not None:
            self._registry = CollectorRegistry()
            untyped: Any = MultiProcessCollector
            untyped(self._registry, path=str(shared))

    def collect(self) -> Iterable[Metric]:
        """Return the counts, of all processes."""
        return self._registry.collect()

    def count(self, method: str, operation: str, status: int, seconds: float) -> None:
        """Take note of an answer."""
        requests, times = self._known.get((method, operation, status)) or self._named(method, operation, status)
        requests.inc()
        times.observe(seconds)

    def _named(self, method: str, operation: str, status: int) -> tuple[Counter, Histogram]:
        """Return what counts such answers; it is looked up by its labels once, as that takes longer than counting."""
        name = method if method in _METHODS else "other"
        found = self._requests.labels(name, operation, str(status)), self._seconds.labels(operation)
        if name == method:  # else whoever asks could make it grow
            self._known[method, operation, status] = found
        return found


class Tallied:
    """Counts whatever is answered, refusals and answers given again among them, by the operation that was asked for.

    ``offered`` returns the OpenAPI document, which knows the operations.
    """

    def __init__(self, tallies: Tallies, offered: Callable[[], dict[str, Any]]) -> None:
        self._tallies, self._offered = tallies, offered
        self._operations: list[tuple[re.Pattern[str], dict[str, str]]] = []
        self._operation = lru_cache(maxsize=1024)(self._find)

    def __call__(self, path: str, method: str, status: int, seconds: float) -> None:
        """Count an answer that begins so many seconds after its request."""
        self._tallies.count(method, self._operation(path, method), status, seconds)

    def _find(self, path: str, method: str) -> str:
        """Return the operation that a path and a method mean; "none" where they mean nothing that is offered."""
        if not self._operations:
            self._operations = list(_operations(self._offered()))
        for pattern, names in self._operations:
            if method in names and pattern.match(path):
                return names[method]
        return "none"


def _operations(offered: dict[str, Any]) -> Iterator[tuple[re.Pattern[str], dict[str, str]]]:
    for path, methods in offered["paths"].items():
        yield compile_path(path)[0], {method.upper(): str(one["operationId"]) for method, one in methods.items()}
