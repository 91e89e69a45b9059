"""Every broken catalog of ``tests/cases/catalog`` has exactly the faults it names."""

import re
import textwrap
from pathlib import Path
from typing import Any

import pytest
import yaml

from iwscore.catalog import load
from iwscore.catalog.codes import CODES
from iwscore.catalog.manuals import EXAMPLE
from iwscore.errors import DocumentFaults
from tests.catalog.conftest import Write

FOLDER = Path(__file__).parents[1] / "cases" / "catalog"
CASES = {
    f"{path.stem}/{name}": case
    for path in sorted(FOLDER.glob("*.yaml"))
    for name, case in yaml.safe_load(path.read_text(encoding="utf-8")).items()
}
PARTS = re.findall(r"^(\S+):\n((?:  .*\n)+)", EXAMPLE, re.MULTILINE)


def catalog_of(case: dict[str, Any]) -> dict[str, str]:
    files = {} if case.get("alone") else {name: textwrap.dedent(text) for name, text in PARTS}
    for name, changes in case.get("replace", {}).items():
        for old, new in changes.items():
            assert files[name].count(old) == 1, f"{name} holds {old!r} {files[name].count(old)} times"
            files[name] = files[name].replace(old, new)
    return files | case.get("files", {})


@pytest.mark.parametrize("name", CASES)
def test_a_broken_catalog_has_exactly_these_faults(name: str, write: Write) -> None:
    with pytest.raises(DocumentFaults) as refusal:
        load(write(catalog_of(CASES[name])))
    assert str(refusal.value).splitlines() == CASES[name].get("faults")


def test_the_example_has_no_fault(write: Write) -> None:
    assert list(load(write(catalog_of({}))).problems) == ["border"]


def test_there_is_a_case_for_every_code() -> None:
    told = {fault.split(": ", 1)[1][:5] for case in CASES.values() for fault in case["faults"]}
    # Codes of whole files and folders are tested with the module that reads them, those of mappings with theirs.
    elsewhere = {"IW101", "IW102", "IW103", "IW104", "IW106", "IW200", "IW201"}
    elsewhere |= {code for code in CODES if "IW170" <= code < "IW190" or code in ("IW211", "IW212", "IW213")}
    assert told == set(CODES) - elsewhere
    assert len(CASES) > 60
