"""Assessments as they change: the bytes of the endpoint, to whom and when."""

import asyncio
from collections.abc import Iterator

import httpx
import pytest
from starlette.types import Message

from iwscore.api.publishers import Publishers
from iwscore.api.readers import ROLES, fingerprint
from iwscore.api.streams import EventStream
from iwscore.store.drafts import Draft
from tests.api.patience import bounded
from tests.api.running import Running, running
from tests.api.serving import READERS, Served, bearer, serving
from tests.store.drafting import DAY, NOON, Clock, record, sound

PATH = "/v1/problems/northern-front/stream"
MINUTE = 60_000_000
READER = READERS[fingerprint("reader-red")]


def seen(**cells: object) -> Draft:
    """Return a report that the built-in example knows."""
    return sound(**{"indicator": "mobilisation", "level": "general", "source": "khrenin"} | cells)


@pytest.fixture
def service(sqlite_url: str, clock: Clock) -> Iterator[Running]:
    with running(sqlite_url, clock) as service:
        yield service


def answer(service: Running, ceiling: str = "red") -> bytes:
    """Return what the endpoint of the assessment answers."""
    url = f"{service.url}/v1/problems/northern-front/assessment"
    return httpx.get(url, headers=bearer("reader", ceiling), trust_env=False).content


def test_an_event_has_the_bytes_of_the_assessment(service: Running) -> None:
    with service.listening(PATH) as heard:
        assert heard.answer.headers["content-type"].startswith("text/event-stream")
        assert heard.answer.headers["cache-control"] == "no-store"
        assert heard.block() == {"retry": "3000"}
        first = heard.block()
        assert (first["event"], first["data"].encode()) == ("assessment", answer(service))
        service.record(seen())
        second = heard.block()
        assert second["data"].encode() == answer(service)
        assert second["id"] != first["id"]


def test_whoever_has_the_present_answer_waits_for_the_next(service: Running) -> None:
    with service.listening(PATH) as heard:
        first = heard.event()
    with service.listening(PATH, has=first["id"]) as heard:
        service.record(seen())
        assert heard.event()["data"].encode() == answer(service) != first["data"].encode()
    with service.listening(PATH, has="of another day") as heard:
        assert heard.event()["data"].encode() == answer(service)


def test_the_minute_moves_on(service: Running, clock: Clock) -> None:
    service.record(seen())
    service.station.follow()
    with service.listening(PATH) as heard:
        before = heard.data()
        clock.now += DAY
        after = heard.data()
    assert (before["at"], after["at"]) == ("2022-10-05T20:00:00Z", "2022-10-06T20:00:00Z")
    assert before["scenarios"] != after["scenarios"]


def test_within_the_minute_nothing_is_said_of_the_time(service: Running, clock: Clock) -> None:
    clock.now = NOON + 1
    with service.listening(PATH) as heard:
        heard.event()
        clock.now = NOON + MINUTE
        service.record(seen())
        assert heard.data()["observations"] == 1


def test_a_subject_is_asked_for(service: Running) -> None:
    with service.listening(PATH, subject="belarus") as heard:
        assert heard.data()["subject"] == "belarus"


@pytest.mark.parametrize(
    ("path", "params", "status", "code"),
    [
        ("/v1/problems/nowhere/stream", {}, 404, "IW501"),
        (PATH, {"subject": "atlantis"}, 404, "IW503"),
        (PATH, {"at": "2022-10-01"}, 422, "IW560"),
    ],
)
def test_what_cannot_be_asked_is_refused_before_it_begins(
    service: Running, path: str, params: dict[str, str], status: int, code: str
) -> None:
    refusal = httpx.get(service.url + path, params=params, headers=bearer(), trust_env=False)
    assert (refusal.status_code, refusal.json()["code"]) == (status, code)
    assert refusal.headers["content-type"] == "application/problem+json"


def test_no_token_no_stream(service: Running) -> None:
    assert httpx.get(service.url + PATH, trust_env=False).status_code == 401


def test_a_revoked_token_hears_no_more(service: Running) -> None:
    with service.listening(PATH) as heard, service.listening(PATH, ceiling="amber") as other:
        assert heard.event()
        assert other.event()
        del service.readers[fingerprint("reader-red")]
        assert heard.event() == {}
        service.record(seen())
        assert other.data()["observations"] == 1


def test_a_token_that_expires_hears_no_more(service: Running, clock: Clock) -> None:
    reader = service.readers[fingerprint("reader-red")]
    service.readers[fingerprint("reader-red")] = type(reader)(reader.name, reader.role, reader.ceiling, NOON + 1)
    service.station.readers = dict(service.readers)
    with service.listening(PATH) as heard:
        assert heard.event()
        clock.now = NOON + 1
        assert heard.event() == {}


def test_the_service_stops_though_somebody_listens(service: Running) -> None:
    with service.listening(PATH) as heard:
        assert heard.event()
        service.server.should_exit = True
        assert heard.event() == {}


def test_many_listeners_cost_one_answer(service: Running) -> None:
    many = 120  # of three tokens, for each may have but so many
    begun = [asyncio.Event() for _ in range(many)]
    told: list[bytes] = []

    async def listen(client: httpx.AsyncClient, number: int) -> None:
        async with client.stream("GET", PATH, headers=bearer(ROLES[number % 3])) as heard:
            assert heard.status_code == 200
            lines = heard.aiter_lines()
            async for line in lines:
                if line.startswith("data:") and begun[number].is_set():
                    told.append(line.encode())
                    return
                if line.startswith("data:"):
                    begun[number].set()

    async def all_of_them() -> None:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=service.url, limits=limits, timeout=30, trust_env=False) as client:
            tasks = [asyncio.create_task(listen(client, number)) for number in range(many)]
            await asyncio.gather(*(one.wait() for one in begun))
            await asyncio.to_thread(service.record, seen())
            await asyncio.gather(*tasks)

    bounded(all_of_them())
    (publisher,) = service.app.state.publishers._all.values()
    assert publisher.made == 2
    assert set(told) == {b"data: " + answer(service)}
    assert len(told) == many


def test_those_who_leave_are_forgotten(service: Running) -> None:
    with service.listening(PATH) as heard, service.listening(PATH) as other:
        heard.event()
        (publisher,) = service.app.state.publishers._all.values()
        assert len(publisher.listeners) == 2
        heard.answer.close()
        service.record(seen())
        other.event()
        other.event()
        assert len(publisher.listeners) == 1


def test_what_is_hidden_is_not_heard(service: Running) -> None:
    with service.listening(PATH, ceiling="amber") as heard, service.listening(PATH) as above:
        first = heard.event()
        above.event()
        service.record(seen(marking="red"))
        assert above.data()["observations"] == 1
        assert answer(service, "amber") == first["data"].encode()
        service.record(seen(marking="amber", level="partial"))
        second = heard.event()
        assert second["data"].encode() == answer(service, "amber")
    (amber,) = (one for one in service.app.state.publishers._all.values() if one.question.ceiling == "amber")
    assert amber.made == 2


async def never() -> Message:
    """Receive nothing, as from somebody who stays."""
    await asyncio.Event().wait()
    raise AssertionError


def test_who_is_slow_skips_to_the_newest(sqlite_url: str, clock: Clock) -> None:
    sent: list[Message] = []

    async def listen(served: Served) -> None:
        publishers, taken, may_go = Publishers(served.station), asyncio.Semaphore(0), asyncio.Event()
        publisher = publishers.publisher(READER, "northern-front", None)

        async def send(message: Message) -> None:
            sent.append(message)
            if b"data:" in message.get("body", b""):
                taken.release()
                await may_go.wait()

        task = asyncio.create_task(EventStream(publishers, publisher, READER, "")({}, never, send))
        await taken.acquire()
        for level in ("covert", "partial", "general"):
            record(served.log, seen(level=level))
            served.station.follow()
            publisher.fresh()
        may_go.set()
        await taken.acquire()
        publishers.end()
        await task
        assert publisher.frame
        assert [one["body"] for one in sent if b"data:" in one.get("body", b"")][1:] == [publisher.frame.event]
        assert sent[-1] == {"type": "http.response.body", "body": b""}

    with serving(sqlite_url, clock) as served:
        bounded(listen(served))


def test_who_takes_nothing_is_left(sqlite_url: str, clock: Clock) -> None:
    async def listen(served: Served) -> None:
        publishers = Publishers(served.station)
        publisher = publishers.publisher(READER, "northern-front", None)

        async def send(message: Message) -> None:
            if "body" in message:
                await asyncio.Event().wait()

        stream = EventStream(publishers, publisher, READER, "")
        stream.patience_seconds = 0.0
        await stream({}, never, send)
        assert not publisher.listeners

    with serving(sqlite_url, clock) as served:
        bounded(listen(served))


def test_a_line_that_breaks_is_forgotten(sqlite_url: str, clock: Clock) -> None:
    async def listen(served: Served) -> None:
        publishers = Publishers(served.station)
        publisher = publishers.publisher(READER, "northern-front", None)

        async def send(message: Message) -> None:
            raise ConnectionResetError

        await EventStream(publishers, publisher, READER, "")({}, never, send)
        assert not publisher.listeners

    with serving(sqlite_url, clock) as served:
        bounded(listen(served))


def test_a_token_that_is_renewed_is_heard_no_more_by_its_earlier_secret(service: Running) -> None:
    with service.listening(PATH) as heard:
        assert heard.event()
        service.readers[fingerprint("another")] = service.readers.pop(fingerprint("reader-red"))
        assert heard.event() == {}
