import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from iwscore.catalog import schema
from iwscore.catalog.folders import DOCUMENTS
from iwscore.catalog.yamls import read_text
from tests.catalog.test_cases import CASES, catalog_of

ROOT = Path(__file__).parents[2]
FILES = [path for kind in DOCUMENTS for path in sorted((ROOT / kind).glob("*.yaml"))]
TRUST = ROOT / "src" / "iwscore" / "catalog" / "trust.yaml"
# What a schema of one file can see: codes of shape, but for the days of the calendar.
SEEN = {"IW114", "IW115", "IW116", "IW117", "IW118", "IW119", "IW120", "IW123", "IW124"}


def validator(kind: str | None) -> Draft202012Validator:
    made = schema(kind)
    Draft202012Validator.check_schema(made)
    return Draft202012Validator(made)


@pytest.mark.parametrize("path", [*FILES, TRUST], ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_built_in_files_fit_the_schema(path: Path) -> None:
    kind = path.parent.name if path != TRUST else "sources"
    tree = read_text(path.read_bytes(), path.name).tree
    assert list(validator(kind).iter_errors(tree)) == []
    assert validator(None).is_valid(tree)


def broken() -> list[Any]:
    found = []
    for name, case in CASES.items():
        for file, text in catalog_of(case).items():
            codes = {fault.split(": ")[1][:5] for fault in case["faults"] if fault.startswith(f"{file}:")}
            tree = read_text(text.encode(), file)
            if codes & SEEN and not tree.faults:
                found.append(pytest.param(file, tree.tree, id=f"{name}-{file}"))
    return found


@pytest.mark.parametrize(("file", "tree"), broken())
def test_broken_files_do_not_fit_it(file: str, tree: object) -> None:
    assert not validator(file.partition("/")[0]).is_valid(tree)


def test_a_key_without_a_value_does_not_fit_it() -> None:
    assert '"null"' not in json.dumps(schema())
    trees: list[object] = [{"sources": [{"id": "a", "origin": None}]}, {"sources": [], "trust": None}]
    for tree in trees:
        assert not validator("sources").is_valid(tree)


@pytest.mark.parametrize("path", sorted((ROOT / "examples" / "mappings").glob("*.yaml")), ids=lambda path: path.stem)
def test_the_shipped_mappings_fit_theirs(path: Path) -> None:
    tree = read_text(path.read_bytes(), path.name).tree
    assert list(validator("mappings").iter_errors(tree)) == []
    assert not validator(None).is_valid(tree)


def test_there_is_no_schema_of_another_kind() -> None:
    with pytest.raises(KeyError):
        schema("observations")
