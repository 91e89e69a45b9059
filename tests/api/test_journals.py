"""Journals: one line each, that nothing in it can break, as text or JSON."""

import json
import logging
import sys
from types import SimpleNamespace

import pytest

from iwscore.api.journals import Journal, Lines, Operations, outliving
from tests.store.drafting import Clock


def test_a_request_is_one_line_of_text() -> None:
    lines: list[bytes] = []
    Journal(lines.append, Clock(), as_json=False).note(request="r-1", who='an"na\n', ms=1.25)
    assert lines == [b'2022-10-05T20:00:00.000Z info request request=r-1 who="an\'na\\n" ms=1.25\n']


def test_a_request_is_one_line_of_json() -> None:
    lines: list[bytes] = []
    Journal(lines.append, Clock(), as_json=True).note(request="r-1", status=200)
    assert json.loads(lines[0]) == {
        "time": "2022-10-05T20:00:00.000Z", "level": "info", "event": "request", "request": "r-1", "status": 200,
    }  # fmt: skip


@pytest.mark.parametrize("as_json", [True, False])
def test_an_error_has_its_traceback(as_json: bool) -> None:
    try:
        raise ValueError("odd")
    except ValueError:
        record = logging.LogRecord("iwscore", logging.ERROR, "", 1, "fault %s", ("one",), sys.exc_info())
    record.fields = {"request": "r-1"}
    line = Lines(as_json=as_json).format(record)
    assert "fault one" in line
    assert "r-1" in line
    assert "ValueError: odd" in line
    assert ("\n" in line) is not as_json


def test_an_operation_is_remembered_by_its_path() -> None:
    operations = Operations(most=1)
    asked = {"path": "/a", "method": "GET"}
    assert operations.name(asked) == "-"
    assert operations.name(asked | {"route": SimpleNamespace(operation_id="first")}) == "first"
    assert operations.name(asked) == "first"
    assert operations.name(asked | {"path": "/b", "route": SimpleNamespace(name="second")}) == "second"
    assert operations.name(asked) == "-"


def test_errors_are_outlived_and_told(caplog: pytest.LogCaptureFixture) -> None:
    with outliving("it fails", request="r-1"):
        raise ValueError("odd")
    with outliving("it fails quietly", quiet=True):
        raise ValueError("odd")
    assert [record.getMessage() for record in caplog.records] == ["it fails"]
