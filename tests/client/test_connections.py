"""Requests are sent again where that is safe, what is held stays while it is true, and a token goes nowhere else."""

import socket
from contextlib import closing
from datetime import UTC, datetime

import pytest

from iwscore.client.connections import Connection, written
from iwscore.client.refusals import Declined
from iwscore.errors import Unreachable
from tests.client.scripted import BREAK, BUSY, said, scripted


def test_what_is_held_is_asked_for_by_its_tag_and_given_again() -> None:
    with scripted(said({"n": 1}, ETag='"a"'), (304, {"ETag": '"a"'}, b""), said({"n": 2}, ETag='"b"')) as server:
        connection = server.connection()
        answers = [connection.get("/x") for _ in range(3)]
    assert [(got.json(), got.tag, got.unchanged) for got in answers] == [
        ({"n": 1}, '"a"', False), ({"n": 1}, '"a"', True), ({"n": 2}, '"b"', False),
    ]  # fmt: skip
    assert [headers.get("if-none-match") for _, _, headers, _ in server.asked] == [None, '"a"', '"a"']


def test_another_question_or_form_is_another_answer() -> None:
    with scripted(*(said({"n": n}, ETag='"a"') for n in range(3))) as server:
        connection = server.connection()
        answers = [
            connection.get("/x"), connection.get("/x", {"at": "2022-10-12"}), connection.get("/x", accept="text/csv")
        ]  # fmt: skip
    assert [got.json()["n"] for got in answers] == [0, 1, 2]
    assert not any("if-none-match" in headers for _, _, headers, _ in server.asked)


def test_no_more_is_held_than_a_few_hundred_answers() -> None:
    with scripted(*[said({}, ETag='"a"')] * 258) as server:
        connection = server.connection()
        for number in [*range(257), 0]:
            connection.get(f"/{number}")
    assert "if-none-match" not in server.asked[-1][2]


def test_a_question_is_asked_again_while_the_service_is_busy_or_breaks_off() -> None:
    with scripted(BUSY, BREAK, said({}, 429, **{"Retry-After": "7"}), said({"n": 1})) as server:
        assert server.connection().get("/x").json() == {"n": 1}
    assert server.pauses == [0.1, 0.2, 7.0]


def test_a_write_is_sent_again_word_for_word_under_its_key() -> None:
    with scripted(BREAK, BUSY, said({"batch": 1}, 201)) as server:
        assert server.connection().post("/x", {"n": 1}, key="k").json() == {"batch": 1}
    assert {(place, headers["idempotency-key"], body) for _, place, headers, body in server.asked} == {
        ("/x", "k", b'{"n":1}')
    }
    assert len(server.asked) == 3


def test_in_the_end_the_refusal_is_told() -> None:
    with scripted(BUSY, BUSY) as server, pytest.raises(Declined, match="503 IW410 Try again"):
        server.connection(attempts=2).get("/x")


def test_a_pause_is_never_as_long_as_a_service_likes() -> None:
    with scripted(said({}, 503, **{"Retry-After": "86400"}), said({})) as server:
        server.connection().get("/x")
    assert server.pauses == [30.0]


def test_nobody_there_is_said_so() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"
    pauses: list[float] = []
    connection = Connection(url, "secret", pause=pauses.append)
    with closing(connection), pytest.raises(Unreachable) as refused:
        connection.get("/x")
    assert str(refused.value) == (
        f"IW577 service cannot be reached ({url}); must answer. Check the address, and that it runs."
    )
    assert pauses == [0.1, 0.2, 0.4]


def test_a_redirection_is_not_followed_and_the_token_not_shown() -> None:
    with scripted((302, {"Location": "http://127.0.0.1:9/"}, b"")) as server:
        connection = server.connection()
        with pytest.raises(Declined) as refused:
            connection.get("/x")
    assert refused.value.status == 302
    assert server.asked[0][2]["authorization"] == "Bearer secret"
    assert "secret" not in repr(connection) + str(refused.value)


def test_parameters_are_written_as_the_service_reads_them() -> None:
    when = datetime(2022, 10, 12, tzinfo=UTC)
    assert written({"at": when, "scenario": ["a", "b"], "bands": False, "draws": 0, "seed": None}) == {
        "at": "2022-10-12T00:00:00Z", "scenario": ["a", "b"], "bands": "false", "draws": 0,
    }  # fmt: skip


def test_what_cannot_be_written_is_not_sent() -> None:
    with scripted() as server, pytest.raises(TypeError):
        server.connection().post("/x", {"n": object()})
    assert server.asked == []
