"""Bodies: read strictly, whoever sends them, and refused with where and why, but not with what they said."""

import json

import pytest

from iwscore.api.bodies import in_body
from iwscore.errors import DraftFaults, Fault
from tests.api.serving import Served, bearer, report, serving
from tests.store.drafting import Clock

PATH = "/v1/observations"


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with serving(str(tmp_path_factory.mktemp("bodies") / "iwscore.db"), Clock()) as served:
        yield served


def raw(served: Served, body: bytes | str, **headers: str):
    headers = bearer("analyst") | {"Content-Type": "application/json"} | headers
    return served.client.post(PATH, content=body, headers=headers)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"observations": [{"value": NaN}]}', "NaN is no number"),
        (b'{"observations": [{"value": -Infinity}]}', "-Infinity is no number"),
        (b'{"reason": "a", "reason": "b"}', "a name is there twice in one object"),
        (b"[" * 100_000, "not JSON in UTF-8"),
        (b"[" * 30 + b"]" * 30, "nested deeper than 16"),
        (b'{"a":' * 30 + b"1" + b"}" * 30, "nested deeper than 16"),
        (b'{"reason": "\xff"}', "not JSON in UTF-8"),
        (b"1" * 10_000, "not JSON in UTF-8"),
        (b"{", "not JSON in UTF-8"),
        (b"", "Field required"),
        (b"null", "Field required"),
    ],
)
def test_what_is_no_strict_json_is_refused(served: Served, body: bytes, why: str) -> None:
    answer = raw(served, body)
    assert (answer.status_code, answer.headers["content-type"]) == (422, "application/problem+json")
    assert {one["code"] for one in answer.json()["faults"]} == {"IW560"}
    assert why in answer.text or body == b"null"
    assert served.log.head().entries == 0


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("value", False), ("value", "1500"), ("value", 10**400), ("value", [1]), ("level", 1), ("note", {"a": "b"}),
        ("observed_at", 1_664_841_600), ("grade", None), ("author", "somebody"), ("known_from", "2022-10-04"),
        ("kind", "correction"), ("target", "0" * 32), ("id", "0" * 32), ("note", "x" * 100_001), ("note", "\ud800"),
    ],
)  # fmt: skip
def test_a_cell_of_another_type_or_name_is_refused_where_it_stands(served: Served, name: str, cell: object) -> None:
    answer = raw(served, json.dumps({"observations": [report(), report(**{name: cell})]}))
    assert answer.status_code == 422, answer.text
    assert [one["where"] for one in answer.json()["faults"]] == [f"body.observations.1.{name}"]
    assert served.log.head().entries == 0


def test_ten_thousand_rows_are_too_many(served: Served) -> None:
    answer = served.post(PATH, {"observations": [report()] * 10_000})
    assert (answer.status_code, answer.json()["faults"][0]["where"]) == (422, "body.observations")
    assert len(answer.content) < 1000


def test_a_body_that_does_not_say_it_is_json_is_refused(served: Served) -> None:
    answer = raw(served, json.dumps({"observations": [report()]}), **{"Content-Type": "text/plain"})
    assert answer.status_code == 415


def test_faults_of_a_batch_as_a_whole_stand_beside_its_rows() -> None:
    places = ((0, "reason"), (10, "level"))
    made = [Fault("x", row, 0, "IW1", "a", None, "b", "c", field=field) for row, field in places]
    placed = [in_body(DraftFaults(made), "rows", rows=rows) for rows in (True, False)]
    assert [[fault.where for fault in one.faults] for one in placed] == [
        ["body.reason", "body.rows.10.level"], ["body.reason", "body.rows.level"],
    ]  # fmt: skip


def test_a_service_that_only_reads_takes_nothing(sqlite_url) -> None:
    with serving(sqlite_url, Clock(), read_only=True) as served:
        for path, body in (
            (PATH, {"observations": [report()]}),
            (f"{PATH}/{'0' * 32}/retraction", {"reason": "misread"}),
            (f"{PATH}/{'0' * 32}/correction", {"changes": {"level": "few"}, "reason": "misread"}),
        ):
            answer = served.post(path, body)
            assert (answer.status_code, answer.json()["code"], answer.headers["allow"]) == (405, "IW566", "")
        assert served.log.head().entries == 0
        assert served.get(PATH).status_code == 200
