from pathlib import Path

import pytest

from iwscore.catalog.documents import SourcesFile
from iwscore.catalog.folders import read_file, read_folder
from iwscore.errors import Unreachable
from tests.catalog.conftest import Write


def test_yaml_files_are_read_in_order_and_others_named(write: Write) -> None:
    folder = write(
        {
            "indicators/b.yaml": "indicators: []",
            "indicators/a.yaml": "indicators: []",
            "indicators/c.yml": "indicators: []",
            "indicators/more/d.yaml": "indicators: []",
            "indicators/e.yaml/f.txt": "",
            "sources/README.md": "",
            "notes/g.yaml": "",
            "top.yaml": "",
        }
    )
    read = read_folder(folder)
    assert [sheet.file for sheet in read.indicators] == ["indicators/a.yaml", "indicators/b.yaml"]
    assert (read.scenarios, read.sources) == ((), ())
    assert read.strays == ("indicators/c.yml", "indicators/e.yaml", "indicators/more", "sources/README.md")
    assert read.sheets == read.indicators


@pytest.mark.parametrize("name", ["missing", "scenarios/a.yaml", "x" * 5000], ids=["missing", "a file", "no name"])
def test_a_folder_that_cannot_be_read_is_unreachable(write: Write, name: str) -> None:
    folder = write({"scenarios/a.yaml": ""})
    with pytest.raises(Unreachable) as refusal:
        read_folder(folder / name)
    assert refusal.value.exit_code == 3
    assert str(refusal.value) == (
        f"IW200 the folder cannot be read ({name}); the catalog must be a folder. Name another with --catalog DIR."
    )


def test_a_folder_without_a_catalog_is_unreachable(write: Write) -> None:
    folder = write({"docs/a.yaml": "", "indicators": "a file"})
    with pytest.raises(Unreachable) as refusal:
        read_folder(folder)
    assert str(refusal.value) == (
        "IW201 no catalog there (.); it must hold indicators, scenarios or sources. Make one with iwscore init DIR."
    )


def test_a_file_that_cannot_be_read_is_a_fault(tmp_path: Path) -> None:
    sheet = read_file(tmp_path, SourcesFile)
    assert sheet.tree is None
    assert [str(fault) for fault in sheet.faults] == [
        (
            f"{tmp_path.as_posix()}:1:1: IW101 the file cannot be read (Is a directory); it must be a readable file. "
            "Check its permissions."
        )
    ]
