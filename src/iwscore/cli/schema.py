"""``iwscore schema``: JSON Schema, so that editors complete and check what people write."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from iwscore.cli.options import put

__all__ = ["schema"]


def schema(
    kind: Annotated[
        Literal["indicators", "scenarios", "sources", "mappings"] | None,
        typer.Argument(help="One kind of file [default: the three of a catalog, as definitions]."),
    ] = None,
) -> None:
    """Print the JSON Schema of the catalog's files, or of mappings."""
    import json

    from iwscore.catalog import schema as described

    put(json.dumps(described(kind), indent=2, ensure_ascii=False) + "\n", None)
