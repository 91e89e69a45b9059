"""The wheel carries the package, its typing marker and the built-in example, and nothing else."""

import zipfile
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

from tests.house.tree import ROOT, SOURCE, files

EXAMPLE = ["indicators", "scenarios", "sources", "examples"]


@pytest.fixture(scope="module")
def carried(tmp_path_factory: pytest.TempPathFactory) -> set[str]:
    folder = tmp_path_factory.mktemp("wheel")
    (wheel,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(Path(wheel)) as archive:
        return {name for name in archive.namelist() if ".dist-info/" not in name}


def test_the_wheel_carries_the_package_and_its_typing_marker(carried: set[str]) -> None:
    package = {path.relative_to(SOURCE.parent).as_posix() for path in files(SOURCE)}
    assert "iwscore/py.typed" in package
    assert {name for name in carried if not name.startswith("iwscore/example/")} == package


@pytest.mark.parametrize("folder", EXAMPLE)
def test_the_wheel_carries_the_example(carried: set[str], folder: str) -> None:
    there = {f"iwscore/example/{path.relative_to(ROOT).as_posix()}" for path in files(ROOT / folder)}
    assert there
    assert {name for name in carried if name.startswith(f"iwscore/example/{folder}/")} == there
