"""The examples of the OpenAPI document are answers that the service gave to the starter, asked for again here."""

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from iwscore.catalog import load
from iwscore.cli.init import init
from iwscore.domain.times import parse_instant, to_micros
from iwscore.store import appending
from iwscore.store.drafts import Draft, Drafts
from tests.api.pairs import Dice
from tests.api.serving import bearer, serving
from tests.store.drafting import Clock

ASKED = {
    "problems": "/v1/problems",
    "problem": "/v1/problems/port-closure",
    "assessment": "/v1/problems/port-closure/assessment?at=2026-03-08&draws=100",
    "trend": "/v1/problems/port-closure/trend?from=2026-03-06&to=2026-03-08&limit=2",
    "rungs": "/v1/problems/port-closure/rungs?at=2026-03-10T12:00:00Z",
    "explanation": "/v1/problems/port-closure/explanation?at=2026-03-08&since=2026-03-06",
    "indicators": "/v1/indicators?problem=port-closure",
    "sources": "/v1/sources",
}
NOW = to_micros(parse_instant("2026-03-08T12:00:00Z"))


def drafts(table: Path) -> list[Draft]:
    """Return the starter's reports as the log takes them."""
    found = []
    for row in csv.DictReader(table.read_text(encoding="utf-8").splitlines()):
        told: dict[str, Any] = {name: text for name, text in row.items() if name != "value"}
        for name in ("observed_at", "reported_at"):
            told[name] = to_micros(parse_instant(row[name]))
        if row["value"]:
            told["value"] = float(row["value"])
        found.append(Draft(kind="observation", subject="harbour", marking="green", **told))
    return found


def test_every_example_is_an_answer_of_the_service(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, golden: Callable[[str, str], None]
) -> None:
    init(tmp_path / "harbour")
    monkeypatch.setattr(appending, "os", Dice("samples"))
    catalog = load(tmp_path / "harbour")
    with serving(str(tmp_path / "iwscore.db"), Clock(NOW), catalog=catalog) as served:
        told = Drafts.of(drafts(tmp_path / "harbour" / "observations.csv"))
        served.log.append(told, author="ann", reason="to try it with", historical=True)
        served.station.follow()
        kept = {}
        for name, path in ASKED.items():
            answer = served.client.get(path, headers=bearer(ceiling="green"))
            assert answer.status_code == 200, answer.text
            kept[name] = {"asked": path, "answer": answer.json()}
        text = orjson.dumps(kept, option=orjson.OPT_INDENT_2).decode() + "\n"
        golden("../../src/iwscore/api/samples.json", text)
        document = served.client.get("/v1/openapi.json", headers=bearer()).json()
    operations = [one for item in document["paths"].values() for one in item.values()]
    shown = {
        one["operationId"]: one["responses"]["200"]["content"]["application/json"]["examples"]["starter"]
        for one in operations
        if "examples" in one["responses"].get("200", {}).get("content", {}).get("application/json", {})
    }
    assert {name: (one["summary"], one["value"]) for name, one in shown.items()} == {
        name: (f"GET {one['asked']}", one["answer"]) for name, one in kept.items()
    }
