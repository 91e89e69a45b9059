"""Figures as a scraper reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from tests.api.serving import Served

Labelled = tuple[dict[str, str], float]


@dataclass(frozen=True, slots=True)
class Figures:
    """The samples of a text, by name."""

    samples: dict[str, list[Labelled]]

    def all(self, name: str, **labels: str) -> list[Labelled]:
        """Return the figures of a name that have these labels."""
        found = self.samples.get(f"iwscore_{name}", [])
        return [one for one in found if labels.items() <= one[0].items()]

    def one(self, name: str, **labels: str) -> float:
        """Return the one figure of a name that has these labels."""
        ((_, value),) = self.all(name, **labels)
        return value


def read(text: str) -> Figures:
    """Return the figures of a text."""
    samples: dict[str, list[Labelled]] = {}
    for family in text_string_to_metric_families(text):
        for one in family.samples:
            samples.setdefault(one.name, []).append((one.labels, one.value))
    return Figures(samples)


def scrape(served: Served, **who: Any) -> Figures:
    """Return the figures for a reader."""
    answer = served.get("/metrics", **who)
    assert answer.status_code == 200, answer.text
    return read(answer.text)
