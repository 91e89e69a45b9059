import pytest

from iwscore.domain.catalogs import Waiver
from tests.catalog.conftest import Inspect, told

ABOVE = """
sources/sources.yaml:
  waivers: [{{check: {check}, on: {on}, reason: Known., until: {until}}}]
scenarios/border.yaml: {{question: ~, expectations: {{talks: {{rationale: ~}}}}}}
"""


@pytest.mark.parametrize("on", ["border", "talks"])
def test_a_waiver_covers_findings_about_its_id_in_any_file(look: Inspect, on: str) -> None:
    found = look(ABOVE.format(check="no-rationale", on=on, until="2026-06-01"))
    waivers = {remark.check: remark.waiver for remark in found.remarks}
    assert waivers["no-question"] is None
    assert isinstance(waivers["no-rationale"], Waiver)
    assert waivers["no-rationale"].reason == "Known."
    assert set(waivers) == {"no-question", "no-rationale"}
    assert (found.count("warning"), found.count("info"), found.count("error")) == (0, 1, 0)


@pytest.mark.parametrize(("check", "on"), [("no-rationale", "troops"), ("no-title", "talks")])
def test_a_waiver_for_something_else_is_idle(look: Inspect, check: str, on: str) -> None:
    found = look(ABOVE.format(check=check, on=on, until="2030-01-01"))
    assert len(told(found, "waiver-idle")) == 1
    assert [remark.waiver for remark in found.remarks] == [None] * 3


@pytest.mark.parametrize(("today", "waived"), [("2026-06-01", True), ("2026-06-02", False), (None, True)])
def test_a_waiver_holds_through_its_last_day(look: Inspect, today: str | None, waived: bool) -> None:
    found = look(ABOVE.format(check="no-question", on="border", until="2026-06-01"), today=today)
    remark = next(remark for remark in found.remarks if remark.check == "no-question")
    assert (remark.waiver is not None) is waived
    assert told(found, "waiver-idle") == []
    line = (
        "sources/sources.yaml:9:3: IW160 a waiver has run out (no-question on border until 2026-06-01); "
        "its end must not have passed. Mend the finding or renew it."
    )
    assert told(found, "waiver-expired") == ([] if waived else [line])
