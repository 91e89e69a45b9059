"""Laws of the whole: what changes the digest and what does not, and that no tree gets past the faults."""

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from iwscore.catalog import CHECKS, load
from iwscore.catalog.folders import DOCUMENTS, Folder
from iwscore.catalog.manuals import EXAMPLE, lay_over
from iwscore.catalog.resolving import resolve_folder
from iwscore.catalog.shapes import check_shape
from iwscore.catalog.sheets import Sheet
from iwscore.catalog.yamls import read_text
from tests.catalog.conftest import Write

ABOVE = """
scenarios/border.yaml:
  subjects: [belarus, poland]
  groups: [{id: signals, indicators: [talks, troops], correlation: 0.4, rationale: One order.}]
  outcomes: [{subject: poland, scenario: quiet, at: 2023-01-10}]
indicators/signs.yaml:
  indicators: [{id: troops, measure: {unit: men, cuts: [1500]}, references: [Grabo], review_by: 2027-01-01}]
  waivers: [{check: overconfidence, on: border, reason: Known., until: 2027-01-01}]
sources/sources.yaml: {sources: [{id: ministry, origin: state}, {id: state, title: The state}]}
"""
Tree = dict[str, Any]
Place = tuple[str | int, ...]


def rich() -> Tree:
    tree: Tree = lay_over(*(read_text(text.encode(), "a").tree for text in (EXAMPLE, ABOVE)))
    return tree


def leaves(node: object, path: Place = ()) -> Iterator[tuple[Place, object]]:
    yield path, node
    children = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for key, child in children:
        yield from leaves(child, (*path, key))


def at(tree: Any, path: Place) -> Any:
    for part in path:
        tree = tree[part]
    return tree


def shuffled(node: Any, rng: random.Random) -> Any:
    if isinstance(node, dict):
        keys = rng.sample(list(node), len(node))
        return {key: shuffled(node[key], rng) for key in keys}
    return [shuffled(item, rng) for item in node] if isinstance(node, list) else node


@pytest.fixture(scope="module")
def digest() -> str:
    return digest_of(rich())


def digest_of(tree: Tree) -> str:
    catalog = resolved(tree).catalog
    assert catalog is not None
    return catalog.digest


def resolved(tree: Tree) -> Any:
    sheets: dict[str, list[Sheet]] = {"indicators": [], "scenarios": [], "sources": []}
    for name, content in tree.items():
        sheet = read_text(json.dumps(content).encode(), name)
        kind = name.partition("/")[0]
        if sheet.tree is not None:
            check_shape(sheet, DOCUMENTS[kind])
        sheets[kind].append(sheet)
    folder = Folder(tuple(sheets["indicators"]), tuple(sheets["scenarios"]), tuple(sheets["sources"]))
    return resolve_folder(folder, checks={check.name for check in CHECKS})


def test_comments_layout_and_a_written_default_are_not_meaning(write: Write, digest: str) -> None:
    files = {name: yaml.safe_dump(content, width=20) for name, content in rich().items()}
    assert (
        load(write({name: f"# why\n{text.replace(': ', ':   ')}# end" for name, text in files.items()})).digest
        == digest
    )
    written = lay_over(
        rich(), {"scenarios/border.yaml": {"scale": "icd203", "expectations": {"troops": {"weight": 1}}}}
    )
    assert digest_of(written) == digest


@given(st.randoms(use_true_random=False))
def test_the_order_of_keys_is_not_meaning(rng: random.Random) -> None:
    assert digest_of(shuffled(rich(), rng)) == digest_of(rich())


def test_the_order_and_split_of_files_and_lists_of_names_are_not_meaning(digest: str) -> None:
    tree = rich()
    signs = tree.pop("indicators/signs.yaml")
    first, second = signs["indicators"]
    split = {"indicators/z.yaml": {"indicators": [first]}, "indicators/a.yaml": {**signs, "indicators": [second]}}
    border = tree["scenarios/border.yaml"]
    border["subjects"].reverse()
    border["groups"][0]["indicators"].reverse()
    tree["sources/sources.yaml"]["sources"].reverse()
    assert digest_of({**split, **tree}) == digest


# Names that stand in two places, where one alone cannot change.
TWICE = {"troops", "talks", "quiet", "attack", "other", "border", "state", "poland"}
OTHERS = {
    "likely": "very-likely",
    "unlikely": "remote",
    "military": "social",
    "political": "social",
    "C": "D",
    "ministry": "office",
    "belarus": "latvia",
    "signals": "orders",
    "overconfidence": "no-title",
    "normal": "calm",
    "watch": "alert",
}
VALUES = {
    "/".join(map(str, path)): (path, value)
    for path, value in leaves(rich())
    if not isinstance(value, dict | list) and value not in TWICE and "prior" not in path
}


def another(value: Any) -> object:
    """Return a value that may stand where this one does."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return value * 1.01 + 0.01
    if value[0].isdigit():
        return value.replace("2", "3", 1) if "-" in value else f"1{value}"
    return OTHERS.get(value, f"{value}!")


@pytest.mark.parametrize("name", VALUES)
def test_every_value_is_meaning(name: str, digest: str) -> None:
    path, value = VALUES[name]
    tree = rich()
    at(tree, path[:-1])[path[-1]] = another(value)
    assert digest_of(tree) != digest


def test_the_digest_covers_priors_rows_and_the_table_of_trust(digest: str) -> None:
    moved = {"scenarios/border.yaml": {"scenarios": [{"id": "quiet", "prior": 0.84}, {"id": "attack", "prior": 0.11}]}}
    row = {"scenarios/border.yaml": {"expectations": {"troops": {"otherwise": {"absent": 0.6, "present": 0.4}}}}}
    table = {letter: [0.5] * 6 for letter in "ABCDEFG"}
    trust = {"sources/trust.yaml": {"trust": {"label": "ours", "table": table}}}
    digests = {digest_of(lay_over(rich(), above)) for above in (moved, row, trust)}
    assert len(digests | {digest}) == 4


JUNK = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from(
        ["troops", "attack", "any", "unknown", "present", "likely", "never", "0d", "C", "2022-01-01", "a b"]
    ),
    st.just([]),
    st.just({}),
    st.just(["troops", "troops"]),
    st.just([{"id": "troops"}]),
    st.just({"id": "troops", "<word>": 1}),
)


@given(st.data())
def test_a_catalog_spoilt_anywhere_is_a_catalog_or_has_faults(data: st.DataObject) -> None:
    tree = rich()
    for _ in range(data.draw(st.integers(1, 3))):
        path, _ = data.draw(st.sampled_from([leaf for leaf in leaves(tree) if leaf[0]]))
        at(tree, path[:-1])[path[-1]] = copy.deepcopy(data.draw(JUNK))
    found = resolved(tree)
    assert (found.catalog is None) == bool(found.faults)
    assert all(fault.line and fault.column and fault.file in tree for fault in found.faults)
