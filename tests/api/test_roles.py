"""Who may do what: each operation of the OpenAPI document with each role and without a token."""

from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from iwscore.api.application import make_app
from iwscore.api.readers import ROLES, Reader, fingerprint
from iwscore.api.stations import Station
from iwscore.store.logs import create_log, open_log
from tests.api.exchanges import METHODS, Operation, exchange, operations
from tests.api.serving import CATALOG, Served, serving
from tests.store.drafting import NOON, Clock


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with serving(str(tmp_path_factory.mktemp("roles") / "iwscore.db"), Clock()) as served:
        yield served


@pytest.fixture(scope="module")
def matrix(served: Served) -> list[Operation]:
    return list(operations(served.get("/v1/openapi.json").json()))


def asked(served: Served, operation: Operation, role: str | None) -> tuple[int, str]:
    """Return status and code of the answer; what is sent is an empty object, which says nothing of who may send it."""
    who = None if role is None else (role, "red")
    body: Any = None if operation.method == "GET" else {}
    answer = exchange(served, operation.method, operation.place(), who=who, body=body)
    assert str(answer.status) in operation.said["responses"], f"{operation.id} answers {answer.status}, undocumented"
    code = next((code for code in ("IW561", "IW562") if f'"{code}"'.encode() in answer.body), "")
    return answer.status, code


def test_every_operation_names_its_role(matrix: list[Operation]) -> None:
    assert matrix
    assert [one.id for one in matrix if one.said.get("x-role") not in ("none", *ROLES)] == []


def test_each_role_may_do_what_the_document_says_and_no_more(served: Served, matrix: list[Operation]) -> None:
    cells = 0
    for operation in matrix:
        needed = operation.said["x-role"]
        for role in ROLES:
            status, code = asked(served, operation, role)
            allowed = needed == "none" or ROLES.index(role) >= ROLES.index(needed)
            assert (status in (401, 403), code) == (not allowed, "" if allowed else "IW561"), (operation.id, role)
            cells += 1
    print(f"role × operation: {cells} cells, {len(matrix)} operations")


def test_without_a_token_nothing_is_answered_but_health(served: Served, matrix: list[Operation]) -> None:
    for operation in matrix:
        status, code = asked(served, operation, None)
        assert ((status, code) == (401, "IW562")) == (operation.said["x-role"] != "none"), operation.id


def test_what_is_no_operation_needs_a_token_too(served: Served) -> None:
    assert exchange(served, "GET", "/v1/openapi.json", who=None).status == 401
    assert exchange(served, "GET", "/nowhere", who=None).status == 401
    assert exchange(served, "GET", "/nowhere").status == 404


def test_methods_that_an_operation_does_not_have_are_refused(served: Served, matrix: list[Operation]) -> None:
    has = {(one.method, one.path) for one in matrix}
    for operation in matrix:
        for method in {name.upper() for name in METHODS} - {method for method, path in has if path == operation.path}:
            answer = exchange(served, method, operation.place(), who=("admin", "red"), body={})
            assert answer.status in (404, 405), (method, operation.path)


def test_a_token_that_has_expired_opens_nothing(sqlite_url: str) -> None:
    clock, late = Clock(), Reader("late", "reader", "red", expires_at=NOON + 1)
    create_log(sqlite_url)
    with open_log(sqlite_url, clock=clock) as log:
        station = Station(log, CATALOG, lambda: {fingerprint("reader-red"): late})
        with TestClient(make_app(station)) as client:
            served = Served(client, station, log, CATALOG)
            assert exchange(served, "GET", "/v1/problems").status == 200
            clock.now += 1
            assert exchange(served, "GET", "/v1/problems").status == 401
