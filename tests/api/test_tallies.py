"""How often the service was asked: by operation and status, summed over its processes."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.api.scraping import read, scrape
from tests.api.serving import Served, bearer, serving
from tests.store.drafting import Clock

ASSESSMENT = "/v1/problems/northern-front/assessment"
WORKER = """
import sys
from pathlib import Path
from prometheus_client import generate_latest
from iwscore.api.tallies import Tallies
tallies = Tallies(Path(sys.argv[1]))
tallies.count("GET", "assessment", 200, 0.002)
tallies.count("GET", "assessment", 304, 0.001)
print(generate_latest(tallies).decode())
"""


@pytest.fixture
def served(sqlite_url: str) -> Iterator[Served]:
    with serving(sqlite_url, Clock()) as served:
        yield served


def test_every_answer_counts_whoever_gives_it(served: Served) -> None:
    tag = served.get(ASSESSMENT).headers["etag"]
    served.get(ASSESSMENT)
    served.client.get(ASSESSMENT, headers=bearer() | {"If-None-Match": tag})
    served.client.get(ASSESSMENT)
    served.client.post(ASSESSMENT)
    served.get("/v1/problems/nowhere/assessment")
    served.get("/wp-login.php")
    figures = scrape(served)
    told = {(one["operation"], one["status"]): value for one, value in figures.all("requests_total", method="GET")}
    assert told == {
        ("assessment", "200"): 2, ("assessment", "304"): 1, ("assessment", "401"): 1, ("assessment", "404"): 1,
        ("none", "404"): 1,
    }  # fmt: skip
    assert figures.one("request_seconds_count", operation="assessment") == 5
    assert figures.one("requests_total", method="POST") == 1


def test_a_method_nobody_knows_is_no_name_of_its_own(served: Served) -> None:
    for method in ("BREW", "PROPFIND"):
        served.client.request(method, "/metrics")
    assert scrape(served).one("requests_total", method="other") == 2


def test_processes_of_one_service_add_up(tmp_path: Path) -> None:
    environment = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    command = [sys.executable, "-c", WORKER, str(tmp_path)]
    texts = [subprocess.run(command, env=environment, check=True, capture_output=True).stdout for _ in range(2)]
    for text, times in zip(texts, (1, 2), strict=True):
        figures = read(text.decode())
        for status in ("200", "304"):
            assert figures.one("requests_total", method="GET", operation="assessment", status=status) == times
        assert figures.one("request_seconds_count", operation="assessment") == 2 * times
