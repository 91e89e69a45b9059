"""The JSON Schema of a catalog's files, for editors that complete and check them.

Here belongs the way from documents to the schema. It knows the shape of a file; what one file says of another only
``iwscore check`` knows.
"""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from iwscore.catalog.folders import DOCUMENTS
from iwscore.catalog.mapping_documents import MappingFile

__all__ = ["schema"]

_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema(kind: str | None = None) -> dict[str, Any]:
    """Return the JSON Schema of the files under ``indicators``, ``scenarios`` or ``sources``, or of any of them.

    ``mappings`` has that of a mapping, which is no part of a catalog.

    Raises
    ------
    KeyError
        If there is no such kind of file.

    Examples
    --------
    >>> schema("sources")["$ref"]
    '#/$defs/SourcesFile'
    """
    every: dict[str, type[BaseModel]] = {**DOCUMENTS, "mappings": MappingFile}
    documents = {kind: every[kind]} if kind else DOCUMENTS
    _, definitions = models_json_schema(
        [(document, "validation") for document in documents.values()], ref_template="#/$defs/{model}"
    )
    references = {name: {"$ref": f"#/$defs/{document.__name__}"} for name, document in documents.items()}
    chosen = references[kind] if kind else {"anyOf": list(references.values())}
    return {"$schema": _DIALECT, "title": "iwscore catalog", **chosen, **_without_null(definitions)}


def _without_null(node: Any) -> Any:
    """Return the schema without the null that stands for a key left out: in a file a key must have a value."""
    if isinstance(node, list):
        return [_without_null(item) for item in node]
    if not isinstance(node, dict):
        return node
    kept = {key: _without_null(value) for key, value in node.items() if not (key == "default" and value is None)}
    branches = [branch for branch in kept.get("anyOf", ()) if branch != {"type": "null"}]
    if len(branches) == 1:
        del kept["anyOf"]
        kept = {**branches[0], **kept}
    return kept
