"""Figures for Prometheus: who sees which, in which form, and how often they are made."""

import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families

from tests.api.prometheus import binary
from tests.api.scraping import read, scrape
from tests.api.serving import Served, bearer, serving
from tests.api.test_streams import MINUTE, seen
from tests.store.drafting import Clock, record

PLAIN = "text/plain; version=0.0.4; charset=utf-8"


@pytest.fixture
def served(sqlite_url: str, clock: Clock) -> Iterator[Served]:
    with serving(sqlite_url, clock) as served:
        record(served.log, seen())
        served.station.follow()
        yield served


def ask(served: Served, accept: str, ceiling: str = "amber") -> Any:
    return served.client.get("/metrics", headers=bearer("reader", ceiling) | {"Accept": accept})


def test_the_digits_are_those_of_the_assessment(served: Served) -> None:
    figures = scrape(served, ceiling="amber")
    for problem in served.catalog.problems:
        answer = served.get(f"/v1/problems/{problem}/assessment", ceiling="amber").json()
        for line in answer["scenarios"]:
            labels = {"problem": problem, "subject": answer["subject"], "scenario": line["id"]}
            for name in ("likelihood", "score", "against"):
                assert figures.one(name, **labels) == line[name]


@pytest.mark.parametrize(
    "accept", ["", "*/*", "text/plain;version=none", "application/openmetrics-text;version=x.y", ","]
)
def test_plain_text_is_the_form_where_none_is_understood(served: Served, accept: str) -> None:
    answer = ask(served, accept)
    assert (answer.status_code, answer.headers["content-type"]) == (200, PLAIN)
    assert read(answer.text).all("likelihood")


@pytest.mark.parametrize("ceiling", ["amber", "red"])
def test_open_metrics_are_given_where_asked_for(served: Served, ceiling: str) -> None:
    answer = ask(served, "application/openmetrics-text;version=1.0.0,text/plain;q=0.5", ceiling)
    assert answer.headers["content-type"].startswith("application/openmetrics-text; version=1.0.0")
    assert list(text_string_to_metric_families(answer.text))


def test_how_often_the_service_is_asked_is_for_those_who_see_all(served: Served) -> None:
    served.get("/v1/problems/northern-front/assessment")
    labels = {"method": "GET", "operation": "assessment", "status": "200"}
    assert scrape(served, ceiling="red").one("requests_total", **labels) == 1
    assert scrape(served, ceiling="amber+strict").all("requests_total") == []


def test_what_differs_each_time_is_not_kept(served: Served) -> None:
    first, second = ask(served, "*/*", "red"), ask(served, "*/*", "red")
    assert first.content != second.content
    assert (second.headers["cache-control"], second.headers.get("etag")) == ("no-store", None)
    assert second.headers["iwscore-ceiling"] == "red"


def test_what_others_ask_changes_nothing_under_a_ceiling(served: Served) -> None:
    before = ask(served, "*/*")
    served.get("/v1/problems/northern-front/assessment")
    served.get("/nowhere")
    assert ask(served, "*/*").content == before.content


def test_figures_are_made_once_for_what_is_seen_and_the_minute(served: Served, clock: Clock) -> None:
    app: Any = served.client.app
    made = app.state.sheets
    for accept in ("*/*", "application/openmetrics-text", "text/plain"):
        ask(served, accept)
        ask(served, accept, "red")
    assert made.made == 2
    clock.now += MINUTE
    ask(served, "*/*")
    assert made.made == 3
    record(served.log, seen(level="partial"))
    served.station.follow()
    ask(served, "*/*")
    assert made.made == 4


def test_a_scraper_that_has_them_is_told_so(served: Served) -> None:
    tag = ask(served, "*/*").headers["etag"]
    headers = bearer("reader", "amber") | {"Accept": "*/*", "If-None-Match": tag}
    assert served.client.get("/metrics", headers=headers).status_code == 304


def test_no_token_no_figures(served: Served) -> None:
    assert served.client.get("/metrics").status_code == 401


def test_what_is_hidden_changes_no_byte(served: Served) -> None:
    tag, before = ask(served, "*/*").headers["etag"], ask(served, "*/*").content
    record(served.log, seen(marking="red"), seen(marking="amber+strict", subject="poland"))
    served.station.follow()
    after = ask(served, "*/*")
    assert (after.headers["etag"], after.content) == (tag, before)
    assert scrape(served, ceiling="red").one("log_reports") == 3
    record(served.log, seen(level="partial"))
    served.station.follow()
    assert ask(served, "*/*").content != before


def test_promtool_has_nothing_against_the_figures(served: Served) -> None:
    text = ask(served, "*/*", "red").content
    done = subprocess.run([binary("promtool"), "check", "metrics"], input=text, capture_output=True)
    assert done.returncode == 0, done.stdout + done.stderr
