"""Whether a sheet has the shape of its document: every wrong key and value, at its place.

Here belongs the way from pydantic's errors to faults. Which shape is right belongs to ``documents``.
"""

from __future__ import annotations

import re
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from iwscore.catalog.sheets import Path, Sheet
from iwscore.errors import nearest

__all__ = ["check_shape"]

_KINDS = {
    "bool_type": ("true or false", "Write true or false, without quotes."),
    "dict_type": ("a mapping", "Write keys with values."),
    "float_type": ("a number", "Write a number, without quotes."),
    "list_type": ("a list", "Put it in [ ] or behind a hyphen."),
    "model_type": ("a mapping", "Write keys with values."),
    "string_type": ("text", "Put it in quotes if it is meant as text."),
}
_LIMITS = {
    "greater_than": "above {gt:g}",
    "greater_than_equal": "at least {ge:g}",
    "less_than_equal": "at most {le:g}",
    "too_short": "at least {min_length}",
    "too_long": "at most {max_length}",
}
_LONGEST_NAME = 200  # of a subject; ids are shorter
_CHANCES = ({"ge": 0.001}, {"le": 0.999})
_WRITTEN = {"span": "IW121", "instant": "IW122"}


def check_shape(sheet: Sheet, document: type[BaseModel]) -> None:
    """Add a fault for every key and value of the sheet that its document does not allow."""
    try:
        document.model_validate(sheet.tree)
    except ValidationError as errors:
        for error in errors.errors(include_url=False):
            path = _path(sheet, error["loc"])
            if path not in sheet.broken:
                _fault(sheet, document, path, error)


def _path(sheet: Sheet, loc: Path) -> Path:
    """Return the path an error speaks of: ``loc`` without the branches of unions that pydantic puts into it."""
    path: Path = ()
    for part in loc:
        if (*path, part) in sheet.values or not _is_branch(part):
            path = (*path, part)
    return path


def _is_branch(part: str | int) -> bool:
    return isinstance(part, str) and part.startswith("<")


def _fault(sheet: Sheet, document: type[BaseModel], path: Path, error: ErrorDetails) -> None:
    kind, value, limits = error["type"], error["input"], error.get("ctx", {})
    if kind == "extra_forbidden":
        known = _keys(document, path[:-1])
        sheet.fault("IW114", path, value=path[-1], key=True, nearest=nearest(str(path[-1])[:80], known))
    elif kind == "missing":
        sheet.fault("IW115", path, value=path[-1])
    elif kind in _KINDS:
        text, advice = _KINDS[kind]
        branch = error["loc"][-1:]
        if branch != path[-1:]:
            text, advice = str(branch[0]).strip("<>"), "Write one of these."
        sheet.fault("IW116", path, value=value, kind=text, advice=advice)
    elif kind in _WRITTEN:
        sheet.fault(_WRITTEN[kind], path, value=value, **limits)
    elif kind == "literal_error":
        words = re.findall("'([^']*)'", limits["expected"])
        near = nearest(str(value)[:80], words)
        remedy = near if near.startswith("Did") else "Write one of these."
        sheet.fault("IW118", path, value=value, words=", ".join(words), nearest=remedy)
    elif kind == "string_too_short":
        sheet.fault("IW124", path)
    elif kind in _LIMITS:
        _limit(sheet, path, error)
    else:
        named = "S" in limits.get("pattern", "") or limits.get("max_length") == _LONGEST_NAME
        sheet.fault("IW142" if named else "IW117", path, value=value)


def _limit(sheet: Sheet, path: Path, error: ErrorDetails) -> None:
    kind, value, limits = error["type"], error["input"], error["ctx"]
    limit = _LIMITS[kind].format(**limits)
    if kind.startswith("too_"):
        sheet.fault("IW123", path, value=limits["actual_length"], limit=limit)
    elif limits in _CHANCES and 0 <= value <= 1:
        sheet.fault("IW120", path, value=value)
    else:
        sheet.fault("IW119", path, value=value, limit=limit)


def _keys(document: type[BaseModel], path: Path) -> set[str]:
    """Return the keys of the document's part that a path leads to."""
    for part in path:
        fields = {field.alias or name: field for name, field in document.model_fields.items()}
        if part in fields:
            document = _inner(fields[str(part)].annotation) or document
    return {field.alias or name for name, field in document.model_fields.items()}


def _inner(annotation: object) -> type[BaseModel] | None:
    """Return the document inside a field's type, as in a list of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next(filter(None, map(_inner, get_args(annotation))), None)
