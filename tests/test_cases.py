"""Worked examples: each file in ``cases/scoring`` is a world, questions, and answers worked out by hand."""

import math
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from iwscore import catalog, store
from iwscore.domain.times import parse_instant, print_instant
from iwscore.services import explain, score, trend

CASES = Path(__file__).parent / "cases" / "scoring"
KEYS = {"about", "source", "files", "rows", "asked"}
CLOCKS = {"at", "known_at", "since", "start", "end"}
WITHIN = 1e-9


class CaseLoader(yaml.SafeLoader):
    """Plain YAML in which times stay as they are written."""


CaseLoader.yaml_implicit_resolvers = {
    first: [(tag, shape) for tag, shape in known if not tag.endswith("timestamp")]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read(path: Path) -> dict[str, Any]:
    case: dict[str, Any] = yaml.load(path.read_text(encoding="utf-8"), CaseLoader)
    return case


PATHS = sorted(CASES.glob("*.yaml"))
QUESTIONS = [
    pytest.param(path, number, id=f"{path.stem}-{number}")
    for path in PATHS
    for number in range(len(read(path)["asked"]))
]


def lay_out(case: dict[str, Any], folder: Path) -> None:
    """Write the catalog and the rows of a case: the ordinary files, and its own laid over them."""
    shutil.copytree(CASES / "ordinary", folder)
    for name, text in case.get("files", {}).items():
        if text:
            (folder / name).write_text(text, encoding="utf-8")
        else:
            (folder / name).unlink()
    (folder / "rows.csv").write_text(case["rows"], encoding="utf-8")


def answer(verb: str, asked: dict[str, Any], folder: Path) -> Any:
    """The answer of iwscore, with every list of named things as a mapping."""
    loaded = catalog.load(folder)
    seen = store.read_observations(folder / "rows.csv", loaded)
    question = {
        key: parse_instant(value, end_of_day=key == "known_at") if key in CLOCKS else value
        for key, value in asked.items()
    }
    verbs: dict[str, Callable[..., Any]] = {"score": score, "explain": explain, "trend": trend}
    found = verbs[verb](loaded, seen, **question)
    return by_time(found.rows()) if verb == "trend" else by_name(found.model_dump(mode="json"))


def by_name(found: Any) -> Any:
    if isinstance(found, dict):
        return {key: by_name(value) for key, value in found.items()}
    if isinstance(found, list) and found and isinstance(found[0], dict):
        return {one.get("external_id") or one["id"]: by_name(one) for one in found}
    return found


def by_time(rows: Iterator[dict[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for row in rows:
        here = found.setdefault(print_instant(row["at"]).removesuffix("T00:00:00Z"), {})
        here |= {"coverage": row["coverage"], "rung": row["rung"]}
        for column in ("likelihood", "score", "against"):
            here.setdefault(column, {})[row["scenario"]] = row[column]
    return found


def differences(expected: Any, found: Any, within: float, place: str = "answer") -> list[str]:
    """Where the answer is not as expected; only what is expected is compared."""
    if isinstance(expected, dict) and isinstance(found, dict):
        unknown = [f"{place} has no {key}; it has {', '.join(found)}" for key in expected if key not in found]
        known = [key for key in expected if key in found]
        return unknown + [
            one for key in known for one in differences(expected[key], found[key], within, f"{place}.{key}")
        ]
    numbers = all(isinstance(one, int | float) and not isinstance(one, bool) for one in (expected, found))
    same = math.isclose(expected, found, rel_tol=0, abs_tol=within) if numbers else expected == found
    return [] if same else [f"{place} is {found!r}, not {expected!r}"]


@pytest.mark.parametrize(("path", "number"), QUESTIONS)
def test_the_answer_is_the_one_worked_out_by_hand(path: Path, number: int, tmp_path: Path) -> None:
    case = read(path)
    asked = case["asked"][number]
    (verb,) = asked.keys() - {"because", "answer", "within"}
    lay_out(case, tmp_path / "world")
    found = answer(verb, asked[verb], tmp_path / "world")
    wrong = differences(asked["answer"], found, float(asked.get("within", WITHIN)))
    assert not wrong, "\n".join([*wrong, f"because {asked['because']}"])


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_case_says_what_it_shows_and_why(path: Path) -> None:
    case = read(path)
    assert set(case) <= KEYS
    assert KEYS - set(case) <= {"files"}
    for asked in case["asked"]:
        assert asked["because"].strip()
        assert asked["answer"]


@pytest.mark.parametrize(
    ("expected", "found", "told"),
    [
        ({"a": 1}, {"a": 1.0, "b": 2}, []),
        ({"a": 1}, {"a": 1.1}, ["answer.a is 1.1, not 1"]),
        ({"a": None}, {"a": 0.0}, ["answer.a is 0.0, not None"]),
        ({"b": 1}, {"a": 1}, ["answer has no b; it has a"]),
        ({"a": {"b": []}}, {"a": {"b": ["thin"]}}, ["answer.a.b is ['thin'], not []"]),
    ],
)
def test_a_wrong_answer_is_told_by_its_place(expected: Any, found: Any, told: list[str]) -> None:
    assert differences(expected, found, WITHIN) == told
