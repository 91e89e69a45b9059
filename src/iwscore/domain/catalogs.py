"""The catalog: indicators, problems, sources and the table of trust, with a digest of what they mean.

Here belongs the whole that every answer rests on. How it is read from YAML belongs to ``catalog``.
"""

from __future__ import annotations

import hashlib
import json
from datetime import date
from functools import cached_property

from iwscore.domain.grades import TrustTable
from iwscore.domain.indicators import Indicator
from iwscore.domain.models import Model, Slug
from iwscore.domain.problems import Problem
from iwscore.domain.sources import Source, resolve_origin

__all__ = ["Catalog", "Waiver"]


class Waiver(Model):
    """A finding that the authors accept, with why and until when; ``on`` is the id the finding is about."""

    check: str
    on: Slug
    reason: str
    until: date


class Catalog(Model):
    """A valid catalog; every mapping is sorted by name, so that the order of files never shows."""

    indicators: dict[str, Indicator]
    problems: dict[str, Problem]
    sources: dict[str, Source]
    trust: TrustTable
    waivers: tuple[Waiver, ...] = ()

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the meaning: comments, layout and order of files do not change it."""
        content = json.dumps(
            self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=True
        )
        return hashlib.sha256(content.encode()).hexdigest()

    @cached_property
    def origins(self) -> dict[str, str]:
        """For every source the end of its chain of origins."""
        links = {source.id: source.origin for source in self.sources.values()}
        return {name: resolve_origin(name, links) for name in links}

    @cached_property
    def only_subject(self) -> str | None:
        """The one subject the whole catalog names, or None where there are several or any."""
        named = {subject for problem in self.problems.values() for subject in problem.subjects or ("", "any")}
        return named.pop() if len(named) == 1 else None
