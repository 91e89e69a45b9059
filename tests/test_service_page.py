"""The pages about the service are true of it: every operation with its role, every test that a claim rests on."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from iwscore.client import Client
from tests.api.exchanges import operations
from tests.api.running import Running, running
from tests.api.serving import report
from tests.store.drafting import Clock

ROOT = Path(__file__).parents[1]
PAGE = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")


@pytest.fixture
def served(sqlite_url: str) -> Iterator[Running]:
    with running(sqlite_url, Clock()) as served:
        yield served


def test_every_operation_is_in_the_table_with_its_role(served: Running) -> None:
    listed = re.findall(r"^\| `([A-Z]+ /\S+)` \| (\w+) \|", PAGE, re.MULTILINE)
    offered = [(f"{one.method} {one.path}", one.said["x-role"]) for one in operations(served.app.openapi())]
    assert sorted(listed) == sorted(offered)


def test_the_example_of_the_client_runs(served: Running, capsys: pytest.CaptureFixture[str]) -> None:
    (example,) = re.findall(r"^```python\n(from iwscore\.client.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
    code = example.replace("http://127.0.0.1:8765", served.url)
    code += "        break\n"
    exec(compile(code, "docs/service.md", "exec"), {"token": "analyst-red", "report": dict(report())})
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "watchcon-4 ('nothing is reported',)"
    with Client(served.url, "reader-red") as client:
        assert lines[-1] == repr(client.problems.assessment("northern-front").content.scenarios[0].likelihood)


def test_every_test_that_a_claim_rests_on_is_there() -> None:
    named = re.findall(r"`(tests/[\w/]+\.py)`", (ROOT / "SECURITY.md").read_text(encoding="utf-8"))
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == []
