"""Samples: answers that the service gave, kept beside it so that its document shows what an answer looks like.

Here belongs where they are shown. The tests ask for each of them again.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import orjson

__all__ = ["show"]


def show(document: dict[str, Any]) -> None:
    """Add to each operation of the document the answer that is kept for it."""
    kept = orjson.loads((files("iwscore") / "api" / "samples.json").read_bytes())
    for item in document["paths"].values():
        for operation in item.values():
            sample = kept.get(operation["operationId"])
            if sample is not None:
                shown = {"summary": f"GET {sample['asked']}", "value": sample["answer"]}
                operation["responses"]["200"]["content"]["application/json"]["examples"] = {"starter": shown}
