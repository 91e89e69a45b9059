"""Observations over HTTP: all or nothing, once, under the writer's ceiling; read as far as a ceiling reaches."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from iwscore.domain.times import from_micros, parse_instant, to_micros
from iwscore.services import score
from iwscore.services.recording import Desk, prepare_correction, prepare_record, prepare_retraction, write
from tests.api.serving import CATALOG, Served, report, serving
from tests.store.drafting import NOON, Clock, opened

PATH = "/v1/observations"
MINUTE = 60_000_000


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def served(sqlite_url, clock):
    with serving(sqlite_url, clock) as served:
        yield served


@pytest.fixture
def everywhere(url, clock):
    with serving(url, clock) as served:
        yield served


def sent(served: Served, *rows: Any, ceiling: str = "red", **headers: str) -> list[str]:
    answer = served.post(PATH, {"observations": list(rows)}, ceiling=ceiling, **headers)
    assert answer.status_code == 201, answer.text
    return [entry["id"] for entry in answer.json()["entries"]]


def faults(answer: Any) -> list[tuple[str, str]]:
    return [(one["code"], one["where"]) for one in answer.json()["faults"]]


def without_name(answer: Any) -> dict[str, Any]:
    return answer.json() | {"request": ""}


def test_what_is_sent_is_recorded_in_the_writers_name(everywhere: Served) -> None:
    rows = [report(external_id="a", note="=1+1"), report(indicator="foreign-troops-present", level=None, value=9000)]
    rows[1] = {name: cell for name, cell in rows[1].items() if cell is not None}
    answer = everywhere.post(PATH, {"observations": rows, "reason": "morning round"})
    first, second = answer.json()["entries"]
    assert (answer.status_code, answer.json()["added"], answer.json()["repeated"]) == (201, 2, 0)
    assert [first[name] for name in ("external_id", "note", "author", "reason", "marking", "known_from")] == [
        "a", "=1+1", "analyst-red", "morning round", "amber", first["recorded_at"],
    ]  # fmt: skip
    assert (second["level"], second["value"]) == ("", 9000.0)
    assert "location" not in answer.headers
    assert [entry.id for entry in everywhere.log.entries()[1:]] == [first["id"], second["id"]]
    listed = everywhere.get(PATH).json()
    assert [one["id"] for one in listed["observations"]] == [second["id"], first["id"]]
    assert listed["log"] == answer.json()["log"] == everywhere.station.live("red").seen


def test_every_fault_of_every_row_is_named_and_nothing_recorded(everywhere: Served) -> None:
    rows = [
        report(), report(level="many", marking="red"), report(grade="Z9", observed_at="2022-10-04T12:00"),
        report(external_id="x"), report(external_id="x", note="other"), report(observed_at="2023-01-01"),
    ]  # fmt: skip
    answer = everywhere.post(PATH, {"observations": rows}, ceiling="amber")
    assert (answer.status_code, faults(answer)) == (
        422,
        [
            ("IW341", "body.observations.1.level"), ("IW362", "body.observations.1.marking"),
            ("IW322", "body.observations.2.observed_at"), ("IW327", "body.observations.2.grade"),
            ("IW337", "body.observations.4.external_id"), ("IW349", "body.observations.5.observed_at"),
        ],
    )  # fmt: skip
    assert everywhere.log.head().entries == 0


def test_a_name_stands_for_one_report(everywhere: Served) -> None:
    (first,) = sent(everywhere, report(external_id="a"))
    again = everywhere.post(PATH, {"observations": [report(external_id="a")]})
    assert (again.status_code, again.json()["repeated"], again.headers["location"]) == (200, 1, f"{PATH}/{first}")
    more = everywhere.post(PATH, {"observations": [report(external_id="a"), report(external_id="b")] * 2})
    assert (more.status_code, more.json()["added"], more.json()["repeated"]) == (201, 1, 3)
    assert more.json()["entries"][0]["id"] == first
    head = everywhere.log.head()
    other = everywhere.post(PATH, {"observations": [report(), report(external_id="a", note="x")]})
    assert (other.status_code, faults(other)) == (409, [("IW420", "body.observations.1.external_id")])
    assert everywhere.log.head() == head
    assert sent(everywhere, report(external_id="a", note="x"), ceiling="amber") != [first]


def test_the_same_request_again_is_answered_alike_and_not_done_twice(everywhere: Served, clock: Clock) -> None:
    body, key = {"observations": [report(), report(external_id="a")]}, {"Idempotency-Key": "k"}
    first = everywhere.post(PATH, body, **key)
    head = everywhere.log.head()
    clock.now += MINUTE
    again = everywhere.post(PATH, body, **key)
    assert (again.status_code, again.json()["entries"]) == (201, first.json()["entries"])
    assert everywhere.log.head() == head
    assert everywhere.post(PATH, {"observations": [report()]}, **key).json()["code"] == "IW559"
    assert everywhere.post(PATH, {"observations": [report()]}, ceiling="amber", **key).status_code == 201


def test_one_key_from_many_threads_is_one_request(everywhere: Served) -> None:
    def send(_: int) -> Any:
        return everywhere.post(PATH, {"observations": [report(), report()]}, **{"Idempotency-Key": "k"})

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({str(answer.json()["entries"]) for answer in answers}) == 1
    assert everywhere.log.head().entries == 3


def test_one_external_id_from_many_threads_is_one_report(everywhere: Served) -> None:
    def send(n: int) -> Any:
        return everywhere.post(PATH, {"observations": [report(external_id="a"), report(external_id=f"b{n}")]})

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(send, range(8)))
    assert [answer.status_code for answer in answers] == [201] * 8
    assert len({answer.json()["entries"][0]["id"] for answer in answers}) == 1
    assert sum(answer.json()["added"] for answer in answers) == 9


@pytest.mark.parametrize(
    ("observed_at", "told"),
    [
        ("2022-10-04T05:45:00+05:45", "2022-10-04T00:00:00Z"),
        ("2022-10-03T12:00:00.000001-1200", "2022-10-04T00:00:00.000001Z"),
        ("2022-10-04", "2022-10-04T00:00:00Z"),
    ],
)
def test_times_of_any_offset_are_told_in_utc(served: Served, observed_at: str, told: str) -> None:
    answer = served.post(PATH, {"observations": [report(observed_at=observed_at)]})
    assert answer.json()["entries"][0]["observed_at"] == told


@pytest.mark.parametrize("observed_at", ["2022-10-04T00:00:00+25:00", "1664841600", "2022-13-01", "tomorrow", " "])
def test_what_is_no_time_is_refused(served: Served, observed_at: str) -> None:
    answer = served.post(PATH, {"observations": [report(observed_at=observed_at)]})
    assert (answer.status_code, answer.json()["faults"][0]["where"]) == (422, "body.observations.0.observed_at")


def test_a_reader_records_nothing(served: Served) -> None:
    assert served.post(PATH, {"observations": [report()]}, role="reader").json()["code"] == "IW561"


def test_reports_are_found_by_what_they_say(served: Served, clock: Clock) -> None:
    sent(served, report(external_id="a"))
    clock.now += MINUTE
    sent(served, report(source="lukashenko", origin="kremlin", level="few"), ceiling="amber")

    def found(**asked: Any) -> list[str]:
        return [one["source"] for one in served.get(PATH, **asked).json()["observations"]]

    assert found() == ["lukashenko", "khrenin"]
    assert found(source="khrenin") == found(author="analyst-red") == found(external_id="a") == ["khrenin"]
    assert found(level="few") == found(origin="kremlin") == found(since="2022-10-05T20:01:00Z") == ["lukashenko"]
    assert found(until="2022-10-05T20:00:30Z") == ["khrenin"]
    assert found(until="2022-10-05") == ["lukashenko", "khrenin"]
    assert found(subject="belarus", indicator="mobilisation") == found(level="\0") == []
    assert served.get(PATH, since="now").json()["code"] == "IW507"
    assert served.get(PATH, sorce="khrenin").status_code == served.get(PATH, limit=1001).status_code == 422


def test_pages_make_up_the_whole_and_cursors_are_those_of_a_ceiling(served: Served) -> None:
    markings = ["amber", "red", "green", "red", "amber", "clear", "red"]
    ids = sent(served, *(report(marking=marking, note=str(n)) for n, marking in enumerate(markings)))
    pages: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = served.get(PATH, ceiling="amber", limit=1, **cursor).json()
        pages += [one["id"] for one in page["observations"]]
        if page["next"] is None:
            break
        cursor = {"cursor": page["next"]}
    assert pages == [name for name, marking in zip(ids, markings, strict=True) if marking != "red"][::-1]
    for strange in (ids[1], "0" * 32, "x"):
        assert served.get(PATH, ceiling="amber", cursor=strange).json()["code"] == "IW564"


def test_what_is_hidden_is_unknown(served: Served) -> None:
    (hidden,) = sent(served, report(marking="red"))
    asked = [
        lambda name: served.get(f"{PATH}/{name}", ceiling="amber"),
        lambda name: served.post(f"{PATH}/{name}/retraction", {"reason": "x"}, ceiling="amber"),
        lambda name: served.post(f"{PATH}/{name}/correction", {"changes": {}, "reason": "x"}, ceiling="amber"),
        lambda name: served.get(PATH, ceiling="amber", cursor=name),
    ]
    unknown = hidden[::-1] if hidden != hidden[::-1] else "0" * 32
    for ask in asked:
        one, other = ask(hidden), ask(unknown)
        assert one.status_code == other.status_code >= 400
        assert without_name(one) == without_name(other) | {"detail": other.json()["detail"].replace(unknown, hidden)}
    assert served.get(f"{PATH}/{hidden}").status_code == 200
    assert served.get(f"{PATH}/{served.log.entries()[0].id}").status_code == 404  # a catalog is no report


def test_a_report_is_told_with_its_chain_as_far_as_it_may_be(served: Served, clock: Clock) -> None:
    (first,) = sent(served, report(marking="green"))
    for marking in ("amber", "red"):
        clock.now += MINUTE
        body = {"changes": {"level": "few", "marking": marking}, "reason": "misread"}
        assert served.post(f"{PATH}/{first}/correction", body).status_code == 201
    chains = {}
    for ceiling in ("green", "amber", "red"):
        told = served.get(f"{PATH}/{first}", ceiling=ceiling).json()
        assert (told["observation"]["standing"], told["observation"]["withdrawn"]) == (False, "2022-10-05T20:01:00Z")
        chains[ceiling] = [(one["kind"], one["standing"], one["target"] != "") for one in told["chain"]]
    assert chains["green"] == [("observation", False, False)]
    assert chains["amber"] == [("observation", False, False), ("correction", False, True)]
    assert chains["red"] == [*chains["amber"], ("correction", True, True)]


def test_corrections_and_retractions_have_the_digits_of_the_commands(
    served: Served, clock: Clock, tmp_path: Any
) -> None:
    beside = opened(str(tmp_path / "beside.db"), clock)
    desk = Desk(beside, CATALOG, "ann")
    cells = {name: str(cell) for name, cell in report().items()}
    done = write(desk, prepare_record(desk, cells), reason="watch")
    (name,) = sent(served, report())

    def same() -> None:
        clock.now += MINUTE
        at = from_micros(clock.now)
        wanted = score(CATALOG, beside.columns(), problem="northern-front", at=at, draws=1000)
        told = served.get("/v1/problems/northern-front/assessment").json()["scenarios"]
        assert told == [line.model_dump() for line in wanted.scenarios]

    same()
    write(desk, prepare_correction(desk, done.id, {"value": "31000"}, reason="counted"), reason="counted")
    answer = served.post(f"{PATH}/{name}/correction", {"changes": {"value": 31000}, "reason": "counted"})
    (entry,) = answer.json()["entries"]
    assert (entry["kind"], entry["value"], entry["level"], entry["target"]) == ("correction", 31000.0, "", name)
    same()
    write(desk, prepare_retraction(desk, done.id, reason="hoax"), reason="hoax")
    answer = served.post(f"{PATH}/{name}/retraction", {"reason": "hoax"})
    assert (answer.status_code, answer.json()["entries"][0]["target"]) == (201, entry["id"])
    same()
    beside.close()
    for path, body in (("correction", {"changes": {"level": "few"}}), ("retraction", {})):
        again = served.post(f"{PATH}/{name}/{path}", body | {"reason": "again"})
        assert (again.status_code, again.json()["code"]) == (409, "IW538")


def test_a_change_asked_again_is_answered_alike(everywhere: Served) -> None:
    (name,) = sent(everywhere, report())
    steps = [
        ("correction", {"changes": {"level": "few", "note": ""}, "reason": "misread"}),
        ("retraction", {"reason": "hoax", "marking": "clear"}),
    ]
    for path, body in steps:
        answers = [everywhere.post(f"{PATH}/{name}/{path}", body, **{"Idempotency-Key": path}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [201, 201]
        assert answers[0].json()["entries"] == answers[1].json()["entries"]
    assert [entry.kind for entry in everywhere.log.entries()[1:]] == ["observation", "correction", "retraction"]
    other = everywhere.post(f"{PATH}/{name}/retraction", {"reason": "other"}, **{"Idempotency-Key": "correction"})
    assert (other.status_code, other.json()["code"]) == (409, "IW559")


def test_a_correction_at_fault_or_above_the_ceiling_is_refused(served: Served) -> None:
    (name,) = sent(served, report(), ceiling="amber")
    path = f"{PATH}/{name}/correction"
    wrong = served.post(path, {"changes": {"level": "fw", "grade": ""}, "reason": "misread"})
    assert (wrong.status_code, faults(wrong)) == (
        422, [("IW320", "body.changes.grade"), ("IW341", "body.changes.level")]
    )  # fmt: skip
    above = served.post(path, {"changes": {"marking": "red"}, "reason": "misread"}, ceiling="amber")
    assert (above.status_code, above.json()["code"]) == (422, "IW543")
    assert served.log.head().entries == 2


def test_a_name_given_to_a_correction_stands_for_it(served: Served) -> None:
    (name,) = sent(served, report())
    body = {"changes": {"level": "few", "external_id": "c"}, "reason": "misread"}
    first = served.post(f"{PATH}/{name}/correction", body)
    taken = served.post(f"{PATH}/{name}/correction", body | {"changes": {"external_id": "c", "note": "x"}})
    assert (first.status_code, taken.status_code) == (201, 409)
    assert faults(taken) == [("IW420", "body.changes.external_id")]


def test_where_the_database_is_gone_nothing_is_half_written(sqlite_url: str, clock: Clock) -> None:
    with serving(sqlite_url, clock) as served:
        (name,) = sent(served, report())
        served.log.close()
        kept = Path(sqlite_url)
        kept.rename(kept.with_suffix(".away"))
        for answer in (
            served.post(PATH, {"observations": [report()]}),
            served.post(f"{PATH}/{name}/retraction", {"reason": "x"}),
            served.get(PATH, source="khrenin"),
            served.get("/v1/changes", limit=7),
        ):
            assert (answer.status_code, answer.headers["content-type"]) == (503, "application/problem+json")
        kept.unlink(missing_ok=True)
        kept.with_suffix(".away").rename(kept)
        assert served.post(PATH, {"observations": [report()]}).status_code == 201
        assert served.log.head().entries == 3


def test_a_list_is_kept_until_something_seen_changes(served: Served) -> None:
    sent(served, report())
    first = served.get(PATH, ceiling="amber")
    sent(served, report(marking="red"))
    assert served.get(PATH, ceiling="amber").headers["etag"] == first.headers["etag"]
    sent(served, report())
    assert served.get(PATH, ceiling="amber").headers["etag"] != first.headers["etag"]


def test_recorded_times_are_those_of_the_log(served: Served) -> None:
    sent(served, report())
    (told,) = served.get(PATH).json()["observations"]
    assert to_micros(parse_instant(told["recorded_at"])) >= NOON
