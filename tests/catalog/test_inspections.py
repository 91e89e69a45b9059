from pathlib import Path

import pytest

from iwscore.catalog import inspect, load
from iwscore.errors import DocumentFaults, Unreachable
from tests.catalog.conftest import Inspect, Write

ROOT = Path(__file__).parents[2]


def test_an_inspection_holds_what_load_gives(look: Inspect, write: Write) -> None:
    assert look().catalog == load(write({}))


def test_errors_are_the_same_and_no_finding_is_made_of_half_a_catalog(look: Inspect, write: Write) -> None:
    found = look("scenarios/border.yaml: {question: ~, horizon: soon, subjects: 7}")
    with pytest.raises(DocumentFaults) as refusal:
        load(write({}))
    assert tuple(remark.fault for remark in found.remarks) == refusal.value.faults
    assert (found.catalog, found.count("error"), len(found.remarks)) == (None, 2, 2)
    assert refusal.value.exit_code == 1


def test_a_folder_without_a_catalog_cannot_be_inspected(write: Write) -> None:
    with pytest.raises(Unreachable, match="IW201"):
        inspect(write({"docs/a.md": ""}))


def test_the_built_in_catalog_has_no_error_and_no_warning() -> None:
    found = inspect(ROOT)
    assert [
        str(remark.fault) for remark in found.remarks if remark.fault.severity != "info" and not remark.waiver
    ] == []
    assert found.catalog is not None
    assert "northern-front" in found.catalog.problems


def test_an_empty_catalog_is_one(write: Write) -> None:
    catalog = load(write({"indicators/a.yaml": "indicators: []"}))
    assert (catalog.indicators, catalog.problems, catalog.sources) == ({}, {}, {})
