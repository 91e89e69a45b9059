"""Journals: one line each, that nothing in it can break, as text or JSON."""

import asyncio
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


async def _noted(journal: Journal, count: int) -> None:
    for number in range(count):
        journal.note(request=f"r-{number}")


def test_lines_are_held_together_for_a_while() -> None:
    async def run() -> list[bytes]:
        loop, written = asyncio.get_running_loop(), list[bytes]()
        done: asyncio.Future[None] = loop.create_future()

        def write(lines: bytes) -> None:
            written.append(lines)
            done.set_result(None)

        await _noted(Journal(write, Clock(), as_json=False, seconds=0.001), 3)
        assert not written
        await done
        return written

    (lines,) = asyncio.run(run())
    assert [line[-3:] for line in lines.splitlines()] == [b"r-0", b"r-1", b"r-2"]


def test_many_lines_are_not_held() -> None:
    written: list[bytes] = []
    asyncio.run(_noted(Journal(written.append, Clock(), as_json=False, seconds=3600.0), 1500))
    assert len(written) == 1
    assert 64 << 10 <= len(written[0]) < 65 << 10


def test_what_is_held_comes_before_anything_else_that_is_told() -> None:
    written: list[bytes] = []
    journal = Journal(written.append, Clock(), as_json=False, seconds=3600.0)
    asyncio.run(_noted(journal, 2))
    assert not written
    assert journal.before(logging.LogRecord("iwscore", logging.ERROR, "", 1, "fault", (), None))
    journal.flush()
    assert [lines.count(b"\n") for lines in written] == [2]


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
