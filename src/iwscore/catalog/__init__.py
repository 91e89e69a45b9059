"""The catalog in YAML: read, checked and described.

``load`` gives the catalog or all of its faults; ``inspect`` also what is worth a look. Here belongs the way from files
to ``domain`` models; their meaning belongs to ``domain``.
"""

from __future__ import annotations

from iwscore.catalog.checks import CHECKS, Check, Remark
from iwscore.catalog.inspections import Inspection, inspect, load
from iwscore.catalog.manuals import manual
from iwscore.catalog.mappings import load_mapping
from iwscore.catalog.schemas import schema

__all__ = ["CHECKS", "Check", "Inspection", "Remark", "inspect", "load", "load_mapping", "manual", "schema"]
