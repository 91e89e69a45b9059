from pathlib import Path

import pytest

from tests.catalog.conftest import Inspect, told


@pytest.mark.parametrize(("today", "count"), [("2026-12-31", 0), ("2027-01-01", 1), (None, 0)])
def test_a_review_is_overdue_from_the_day_after(look: Inspect, today: str | None, count: int) -> None:
    above = "indicators/signs.yaml: {indicators: [{id: troops, review_by: 2026-12-31}]}"
    assert len(told(look(above, today=today), "review-overdue")) == count


@pytest.mark.parametrize("status", ["draft", "deprecated"])
def test_only_active_indicators_have_to_be_used(look: Inspect, status: str) -> None:
    found = look(f"indicators/signs.yaml: {{indicators: [{{id: spare, half_life: 1d, status: {status}}}]}}")
    assert told(found, "unused-indicator") == []


def test_files_that_are_not_read_are_told_even_of_a_broken_catalog(look: Inspect) -> None:
    Path("sources").mkdir()
    Path("sources/old.yml").write_text("", encoding="utf-8")
    found = look("scenarios/border.yaml: {horizon: soon}")
    assert found.catalog is None
    assert [str(remark.fault) for remark in found.remarks] == [
        (
            "scenarios/border.yaml:4:10: IW121 not a duration (soon); "
            "it must be a number above 0 and one of min, h, d, w, mo, y. Write it like 90d."
        ),
        (
            "sources/old.yml: IW258 a file lies in a folder of the catalog and is not read (old.yml); "
            "only *.yaml files are read there. Rename it to .yaml if it belongs to the catalog, else move it."
        ),
    ]
