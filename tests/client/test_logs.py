"""Entries are read page by page, and written under a key that stays the same when they are sent again."""

import orjson
import pytest

from iwscore.client import Client, Declined, Receipt
from tests.api.running import Running
from tests.api.serving import report
from tests.client.scripted import BUSY, Script, said, scripted

RECEIPT = said({"added": 0, "repeated": 0, "entries": []}, 201)


def bodies(server: Script) -> list[object]:
    return [orjson.loads(body) for _, _, _, body in server.asked]


def keys(server: Script) -> list[str]:
    return [headers["idempotency-key"] for _, _, headers, _ in server.asked]


def test_each_write_has_a_key_of_its_own_and_keeps_it() -> None:
    with scripted(BUSY, RECEIPT, RECEIPT, RECEIPT) as server:
        client = Client(server.url, "secret", pause=server.pauses.append)
        assert client.log.record([{"level": "present"}], reason="watch") == Receipt(added=0, repeated=0, entries=())
        client.log.retract("a/b", reason="wrong")
        client.log.retract("a/b", reason="wrong", key="mine")
        client.close()
    one, again, other, given = keys(server)
    assert (one == again, one == other, given) == (True, False, "mine")
    assert bodies(server)[0] == {"observations": [{"level": "present"}], "reason": "watch"}
    assert server.asked[2][1] == "/v1/observations/a/b/retraction"


def test_reports_are_recorded_corrected_retracted_and_read(served: Running) -> None:
    with Client(served.url, "analyst-amber") as client:
        log = client.log
        sent = [dict(report(external_id=f"r-{number}", note=str(number))) for number in range(3)]
        written = log.record(sent, key="mine")
        assert (written.added, [one.external_id for one in written.entries]) == (3, ["r-0", "r-1", "r-2"])
        assert log.record(sent, key="mine") == written
        first, second, third = (one.id for one in written.entries)
        (correction,) = log.correct(first, {"note": "better"}, reason="misread").entries
        log.retract(second, reason="another place")
        told = log.observation(first).content
        assert [one.id for one in told] == [first, first, correction.id]
        assert (told[0].standing, told[-1].note, told[-1].target) == (False, "better", first)
        assert {one.id for one in log.observations(limit=2) if one.standing} == {third, correction.id}
        pages = list(log.changes(limit=2))
        kinds = [one["kind"] for page in pages for one in page.changes]
        assert kinds == ["catalog", "observation", "observation", "observation", "correction", "retraction"]
        assert list(log.changes(pages[-1].next)) == []
        with pytest.raises(Declined, match="404 IW530"):
            log.observation("0" * 32)


def test_a_reader_may_not_write(served: Running) -> None:
    with Client(served.url, "reader-amber") as client, pytest.raises(Declined, match="403 IW561"):
        client.log.record([dict(report())])


def test_what_is_at_fault_is_named(served: Running) -> None:
    with Client(served.url, "analyst-amber") as client, pytest.raises(Declined) as refused:
        client.log.record([dict(report()), dict(report(indicator="troup-build-up"))])
    assert [fault.where for fault in refused.value.faults] == ["body.observations.1.indicator"]
