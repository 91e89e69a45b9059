"""Trends over HTTP: the command's digits in four forms, and pages that make up the whole."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import orjson
import pyarrow as pa
import pytest
from fastapi import Request

from iwscore.api.cursors import Place, cursor_of
from iwscore.api.trends import MOST_TIMES
from iwscore.domain.assessments import Trend
from iwscore.domain.times import DAY, from_micros, parse_instant, print_instant, to_micros
from iwscore.render import trend_chart, trend_csv, trend_json
from iwscore.services import trend
from tests.api.chances import SPAN, Chance
from tests.api.serving import Served, bearer, refused, report, serving
from tests.store.drafting import NOON, Clock, record, sound

PATH = "/v1/problems/northern-front/trend"
START, END = (parse_instant(SPAN[name]) for name in ("from", "to"))


@pytest.fixture(scope="module", params=[2, 10])
def seed(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """The built-in example, with a report the day before."""
    with serving(str(tmp_path_factory.mktemp("served") / "iwscore.db"), Clock()) as served:
        record(served.log, sound(**{**report(), "observed_at": NOON - DAY - DAY // 3, "subject": "belarus"}))
        served.station.follow()
        yield served


def asked(random: Chance, problem: str, *, vintage: bool = False, **more: Any) -> Trend:
    """What the command answers."""
    known = random.in_force(more.get("known_at"))
    question: dict[str, Any] = {"start": START, "end": END, "step": "1d", "subject": random.subject[problem]} | more
    catalog = known if vintage else random.catalog
    return trend(catalog, random.served.log.columns(), problem=problem, vintage=vintage, **question)


@pytest.mark.parametrize("vintage", [False, True])
def test_a_trend_has_the_bytes_of_the_command(random: Chance, vintage: bool) -> None:
    for problem in random.catalog.problems:
        wanted = asked(random, problem, vintage=vintage)
        params: dict[str, Any] = SPAN | {"vintage": vintage}
        csv = random.get(problem, "trend", "text/csv", **params)
        assert csv.content == trend_csv(wanted).encode()
        found, said = random.get(problem, "trend", **params).json(), orjson.loads(trend_json(wanted))
        assert {key: found[key] for key in said} == said
        assert set(found) - set(said) == {"log", "ceiling", "at", "stale", "degraded", "truncated", "next"}
        assert (found["truncated"], found["next"], found["at"]) == (False, None, SPAN["to"])


def test_chance_has_made_ladders_and_catalogs_one_after_another(random: Chance) -> None:
    ladders = [one.ladder is not None for one in random.catalog.problems.values()]
    assert (any(ladders), len(random.in_force().catalogs) > 1) == (True, True)


@pytest.mark.parametrize("more", [{}, {"vintage": True}, {"bands": True, "draws": 20, "seed": 3}])
@pytest.mark.parametrize("limit", [1, 5])
def test_pages_make_up_the_whole(random: Chance, limit: int, more: dict[str, Any]) -> None:
    for problem in random.catalog.problems:
        whole = random.get(problem, "trend", **SPAN, **more).json()["rows"]
        assert walked(random, problem, **SPAN, **more, limit=limit) == whole


def test_pages_of_calendar_months_are_counted_from_the_first_day(random: Chance) -> None:
    problem = next(iter(random.catalog.problems))
    span = {"from": "2022-07-31", "to": "2023-04-30", "step": "1mo"}
    rows = walked(random, problem, **span, limit=2)
    assert rows == random.get(problem, "trend", **span).json()["rows"]
    assert sorted({row["at"][:10] for row in rows})[:3] == ["2022-07-31", "2022-08-31", "2022-09-30"]
    assert "2022-12-31" in {row["at"][:10] for row in rows}


def walked(random: Chance, problem: str, **params: Any) -> list[Any]:
    """Follow ``next`` to the end; every page says that it is one."""
    rows: list[Any] = []
    cursor: dict[str, str] = {}
    while True:
        answer = random.get(problem, "trend", **params, **cursor)
        found = answer.json()
        rows += found["rows"]
        assert found["truncated"] == (found["next"] is not None)
        assert answer.headers["iwscore-truncated"] == str(found["truncated"]).lower()
        if found["next"] is None:
            assert "link" not in answer.headers
            return rows
        assert f"cursor={quote(found['next'])}" in answer.headers["link"]
        cursor = {"cursor": found["next"]}


def test_left_out_a_trend_runs_from_the_first_report_to_now_and_pages_keep_to_that(random: Chance) -> None:
    problem = next(iter(random.catalog.problems))
    first = from_micros(int(random.served.log.columns().observed_at.min()) // DAY * DAY)
    wanted = trend_csv(asked(random, problem, start=first, end=random.now()))
    assert random.get(problem, "trend", "text/csv").text == wanted
    page = random.get(problem, "trend", limit=3).json()
    random.clock.now += 2 * DAY
    try:
        rows = page["rows"] + random.get(problem, "trend", cursor=page["next"]).json()["rows"]
        assert len(rows) == wanted.count("\n") - 1
    finally:
        random.clock.now -= 2 * DAY


def test_a_link_leads_to_the_next_page_in_every_form(random: Chance) -> None:
    problem = next(iter(random.catalog.problems))
    for form in ("application/json", "text/csv", "application/vnd.apache.arrow.stream"):
        answer = random.get(problem, "trend", form, **SPAN, limit=5)
        assert answer.headers["content-type"].partition(";")[0] == form
        path = answer.headers["link"].removeprefix("<").removesuffix('>; rel="next"')
        later = random.served.client.get(path, headers=bearer() | {"Accept": form})
        assert (later.status_code, later.headers["iwscore-truncated"]) == (200, "true")
        assert later.content != answer.content


def test_arrow_has_the_rows_and_what_the_answer_says_of_itself(random: Chance) -> None:
    drawn = {"bands": True, "draws": 20}
    several: list[dict[str, Any]] = [{}, drawn]
    for problem in random.catalog.problems:
        for more in several:
            answer = random.get(problem, "trend", "application/vnd.apache.arrow.stream", **SPAN, **more)
            table = pa.ipc.open_stream(answer.content).read_all()
            found = random.get(problem, "trend", **SPAN, **more).json()
            rows = [row | {"at": print_instant(row["at"])} for row in table.to_pylist()]
            assert rows == found["rows"]
            said = orjson.loads(table.schema.metadata[b"iwscore"])
            assert said == {key: found[key] for key in said}
            assert {"catalog", "log", "ceiling", "at", "known_at", "stale", "degraded", "truncated"} <= set(said)


def test_a_chart_is_the_one_the_command_draws(random: Chance) -> None:
    for problem, one in random.catalog.problems.items():
        wanted = trend_chart(asked(random, problem), title=one.title)
        answer = random.get(problem, "trend", "application/vnd.vegalite.v5+json", **SPAN)
        assert answer.json() == orjson.loads(orjson.dumps(wanted))
        assert wanted["$schema"].endswith("/vega-lite/v5.json")


def test_only_the_scenarios_asked_for_are_told(random: Chance) -> None:
    for problem, one in random.catalog.problems.items():
        some = [one.scenario_ids[-1], one.scenario_ids[0], one.scenario_ids[0]]
        whole = random.get(problem, "trend", **SPAN).json()["rows"]
        found = random.get(problem, "trend", **SPAN, scenario=some).json()["rows"]
        assert found == [row for row in whole if row["scenario"] in some]


def test_a_cursor_belongs_to_its_question(random: Chance) -> None:
    first, *others = random.catalog.problems
    cursor = random.get(first, "trend", **SPAN, limit=2).json()["next"]
    for more in ({"step": "2d"}, {"vintage": True}, {"subject": "elsewhere"}, {"to": "2022-09-30"}):
        refused(random.get(first, "trend", **SPAN | more, limit=2, cursor=cursor), 422, "IW564")
    for other in others[:1]:
        refused(random.get(other, "trend", **SPAN, limit=2, cursor=cursor), 422, "IW564")
    assert random.get(first, "trend", **SPAN, limit=3, cursor=cursor).status_code == 200


def test_no_accept_is_json_and_what_no_form_suits_is_refused(served: Served) -> None:
    for accept, status, form in (
        ("*/*", 200, "application/json"),
        ("text/*", 200, "text/csv"),
        ("application/json;q=0.1, text/csv;q=0.2", 200, "text/csv"),
        ("image/png", 406, "application/problem+json"),
        ("application/json;q=0", 406, "application/problem+json"),
    ):
        answer = served.client.get(PATH, headers=bearer() | {"Accept": accept})
        assert (answer.status_code, answer.headers["content-type"].partition(";")[0]) == (status, form), accept
    before = served.client.headers.pop("accept")
    assert served.client.get(PATH, headers=bearer()).headers["content-type"] == "application/json"
    served.client.headers["accept"] = before


@pytest.mark.parametrize(
    ("path", "params", "status", "code"),
    [
        ("/v1/problems/nowhere/trend", {}, 404, "IW501"),
        (PATH, {"subject": "elsewhere"}, 404, "IW503"),
        (PATH, {"scenario": ["peace"]}, 404, "IW527"),
        (PATH, {"from": "2022-10-02", "to": "2022-10-01"}, 422, "IW505"),
        (PATH, {"step": "often"}, 422, "IW506"),
        (PATH, {"from": "tomorrow"}, 422, "IW507"),
        (PATH, {"from": "0001-01-01", "step": "1min"}, 422, "IW511"),
        (PATH, {"to": "9999-12-31"}, 422, "IW565"),
        (PATH, {"cursor": "nonsense"}, 422, "IW564"),
        (PATH, {"cursor": "A" * 40}, 422, "IW564"),
        (PATH, {"cursor": "A" * 41}, 422, "IW560"),
        (PATH, {"limit": MOST_TIMES + 1}, 422, "IW560"),
        (PATH, {"draws": 10_001}, 422, "IW560"),
        (PATH, {"at": "2022-10-01"}, 422, "IW560"),
        (PATH, {"start": "2022-10-01"}, 422, "IW560"),
        (PATH, {"scenario": ["x" * 201]}, 422, "IW560"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    served: Served, path: str, params: dict[str, Any], status: int, code: str
) -> None:
    refused(served.get(path, **params), status, code)


def test_where_nothing_is_reported_the_first_time_must_be_named(sqlite_url: str) -> None:
    with serving(sqlite_url, Clock()) as served:
        refused(served.get(PATH), 422, "IW508")
        assert served.get(PATH, **{"from": "2022-10-05"}).status_code == 200


def test_a_million_times_are_answered_a_page_at_a_time(served: Served) -> None:
    span = {"to": "2022-10-05T16:39:00Z", "step": "1min", "from": "2020-11-10T06:00:00Z"}
    answer = served.get(PATH, **span).json()
    assert len(answer["rows"]) == MOST_TIMES * len(served.catalog.problems["northern-front"].scenarios)
    here = Place(999_990, *(to_micros(parse_instant(span[name])) for name in ("from", "to")))
    request = served.client.build_request("GET", PATH, params=span)
    cursor = cursor_of(Request({"type": "http", "path": PATH, "query_string": request.url.query}), here)
    last = served.get(PATH, **span, cursor=cursor).json()
    assert (last["rows"][-1]["at"], last["next"]) == (span["to"], None)
    for row in last["rows"][-2:]:
        alone = served.get("/v1/problems/northern-front/assessment", at=row["at"], draws=0).json()
        line = next(one for one in alone["scenarios"] if one["id"] == row["scenario"])
        assert (line["likelihood"], alone["coverage"], alone["rung"]) == (
            row["likelihood"],
            row["coverage"],
            row["rung"],
        )


def test_bands_of_many_draws_leave_fewer_times_to_a_page(served: Served) -> None:
    span = {"from": "2022-10-01", "to": "2022-10-05", "step": "1min"}
    answer = served.get(PATH, **span, bands=True, draws=10_000, scenario=["broker"]).json()
    assert (len(answer["rows"]), answer["truncated"]) == (100, True)


def test_the_same_question_again_is_not_modified_and_forms_have_tags_of_their_own(served: Served) -> None:
    tags = {}
    for form in ("application/json", "text/csv", "application/vnd.apache.arrow.stream"):
        headers = bearer() | {"Accept": form}
        tags[form] = served.client.get(PATH, headers=headers).headers["etag"]
        again = served.client.get(PATH, headers=headers | {"If-None-Match": tags[form]})
        assert (again.status_code, again.content) == (304, b"")
    assert len(set(tags.values())) == 3
