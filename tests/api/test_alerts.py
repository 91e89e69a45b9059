"""The alerts and the dashboard that are shipped, with the real Prometheus: fired, held and cleared."""

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from iwscore.api.gauges import Sheet
from iwscore.domain.catalogs import Catalog
from iwscore.store.drafts import Draft
from tests.api.prometheus import ALERTS, Prometheus, binary, prometheus
from tests.api.running import Running, running
from tests.services.harbour import harbour
from tests.store.drafting import DAY, Clock, sound

HOUR, MINUTE = 3_600_000_000, 60_000_000
BEGIN = 1_775_001_540_000_000  # a whole minute
ALARM = {"patrol-boats": "many", "insurance-withdrawn": "refused", "berths-cleared": "present"}
CALM = {"patrol-boats": "few", "insurance-withdrawn": "none", "berths-cleared": "absent"}
DASHBOARD: dict[str, Any] = json.loads((ALERTS / "iwscore-dashboard.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("verbs", "name"),
    [
        (["check", "rules"], "iwscore.rules.yml"),
        (["test", "rules"], "iwscore.rules.test.yml"),
        (["check", "config", "--syntax-only"], "prometheus.yml"),
    ],
)
def test_promtool_has_nothing_against_what_is_shipped(verbs: list[str], name: str) -> None:
    done = subprocess.run([binary("promtool"), *verbs, str(ALERTS / name)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def reports(clock: Clock, levels: dict[str, str]) -> list[Draft]:
    """Return what the harbour master says an hour ago."""
    said = {"subject": "harbour", "source": "harbour-master", "grade": "A1", "observed_at": clock.now - HOUR}
    return [sound(indicator=name, level=level, **said) for name, level in levels.items()]


def watched(folder: Path) -> Catalog:
    """Return the starter's catalog, with a ladder that is blind while coverage is under a half."""
    catalog = harbour(folder)
    problem = catalog.problems["port-closure"]
    assert problem.ladder
    ladder = problem.ladder.model_copy(update={"coverage_floor": 0.5})
    return catalog.model_copy(update={"problems": {problem.id: problem.model_copy(update={"ladder": ladder})}})


@pytest.fixture
def service(sqlite_url: str, tmp_path: Path) -> Iterator[tuple[Running, Clock]]:
    clock = Clock(BEGIN)
    with running(sqlite_url, clock, catalog=watched(tmp_path / "catalog")) as service:
        yield service, clock


def tell(service: Running, clock: Clock, levels: dict[str, str]) -> None:
    """Record reports, and let a minute pass."""
    service.record(*reports(clock, levels))
    service.station.follow()
    clock.now += MINUTE


def test_a_rung_alerts_is_held_in_silence_and_clears_after_recovery(
    service: tuple[Running, Clock], tmp_path: Path
) -> None:
    served, clock = service
    tell(served, clock, CALM)
    with prometheus(tmp_path, served.url.removeprefix("http://"), "reader-amber") as watcher:
        watcher.settle(clock.now / 1e6)
        assert watcher.firing("IwscoreRungRaised") == []
        clock.now += DAY
        tell(served, clock, ALARM)
        watcher.settle(clock.now / 1e6)
        assert raised(watcher) == {"watch", "warning"}
        check_the_dashboard(watcher)
        clock.now += 25 * DAY  # and nobody reports
        watcher.settle(clock.now / 1e6)
        assert watcher.value("iwscore_adverse_likelihood") < watcher.value('iwscore_rung_clear_at{rung="warning"}')
        assert watcher.value("iwscore_blind") == 1
        assert raised(watcher) == {"watch", "warning"}
        tell(served, clock, CALM)
        watcher.settle(clock.now / 1e6)
        assert watcher.value("iwscore_blind") == 0
        assert raised(watcher) == {"watch", "warning"}  # not for long enough yet
        clock.now += 8 * DAY
        tell(served, clock, CALM)
        watcher.settle(clock.now / 1e6)
        assert raised(watcher) == set()


def raised(watcher: Prometheus) -> set[str]:
    return {labels["rung"] for labels in watcher.firing("IwscoreRungRaised")}


def check_the_dashboard(watcher: Prometheus) -> None:
    """Ask all that the dashboard asks; what it shows while all is well is there."""
    for panel, expression in expressions():
        chosen = expression.replace("$problem", "port-closure").replace("$subject", "harbour")
        found = watcher.query(chosen.replace("$__range", "1h"))
        assert found or "overdue" in panel.lower(), (panel, expression)


def expressions() -> Iterator[tuple[str, str]]:
    """Yield the expressions of the dashboard, each with the title of its panel."""
    for panel in DASHBOARD["panels"]:
        yield from ((panel["title"], target["expr"]) for target in panel.get("targets", ()))


def test_the_dashboard_is_in_order() -> None:
    panels = DASHBOARD["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {(place["x"] + x, place["y"] + y) for x in range(place["w"]) for y in range(place["h"])}
        assert not cells & taken
        assert max(x for x, _ in cells) < 24
        taken |= cells
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])
    assert {one["name"] for one in DASHBOARD["templating"]["list"]} == {"datasource", "problem", "subject"}


def test_rules_and_dashboard_ask_for_figures_that_there_are() -> None:
    offered = {f"iwscore_{name}" for name in Sheet().names}
    rules = (ALERTS / "iwscore.rules.yml").read_text(encoding="utf-8")
    asked = re.findall(r"\biwscore_\w+", rules + json.dumps(DASHBOARD))
    assert set(asked) - offered == set()
    page = (ALERTS.parent / "alerts.md").read_text(encoding="utf-8")
    assert {name for name in offered if f"`{name}" not in page} == set()
