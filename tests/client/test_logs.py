"""Entries are read page by page, and written under a key that stays the same when they are sent again."""

import orjson

from iwscore.client import Client
from tests.client.scripted import BUSY, Script, said, scripted

RECEIPT = said({"batch": 1}, 201)


def bodies(server: Script) -> list[object]:
    return [orjson.loads(body) for _, _, _, body in server.asked]


def keys(server: Script) -> list[str]:
    return [headers["idempotency-key"] for _, _, headers, _ in server.asked]


def test_each_write_has_a_key_of_its_own_and_keeps_it() -> None:
    with scripted(BUSY, RECEIPT, RECEIPT, RECEIPT) as server:
        client = Client(server.url, "secret", pause=server.pauses.append)
        assert client.log.record([{"level": "present"}], reason="watch") == {"batch": 1}
        client.log.retract("a/b", reason="wrong")
        client.log.retract("a/b", reason="wrong", key="mine")
        client.close()
    one, again, other, given = keys(server)
    assert (one == again, one == other, given) == (True, False, "mine")
    assert bodies(server)[0] == {"observations": [{"level": "present"}], "reason": "watch"}
    assert server.asked[2][1] == "/v1/observations/a/b/retraction"
