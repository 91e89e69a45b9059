"""The cache: the same bytes while they are true, to whoever may have them, and asked for once."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from iwscore.api.caching import Cache
from iwscore.api.readers import Reader
from iwscore.api.stations import MINUTE, Station
from iwscore.domain.catalogs import Catalog
from iwscore.store.logs import create_log, open_log
from tests.api.exchanges import Exchange, exchange
from tests.api.serving import CATALOG, READERS, Served, report, serving
from tests.store.drafting import NOON, Clock, record, sound

ASSESSMENT = "/v1/problems/northern-front/assessment"
SAID = {"path": "/v1/a", "query": "", "accept": "*/*", "encoding": "identity", "role": "reader", "ceiling": "amber"}
LONG = b" and so on" * 1000
Answer = tuple[int, dict[bytes, bytes], bytes]


class Asked:
    """A cache before an endpoint, which counts how often it is asked and says what by whom."""

    def __init__(self, station: Station, **limits: Any) -> None:
        self.cache, self.station, self.times = Cache(self._app, station, **limits), station, 0
        self.status, self.keeps, self.more, self.kind = 200, True, b"", b"application/json"
        self.until: int | None = None
        self.waits: Callable[[], Awaitable[object]] | None = None

    async def _app(self, scope: Any, receive: Any, send: Any) -> None:
        self.times += 1
        if self.keeps:
            scope["stamp"], scope["keep_until"] = self.station.stamp(scope["reader"].ceiling), self.until
        body = b"%d %s" % (self.times, repr(sorted(scope["said"].items())).encode()) + self.more
        headers = [(b"etag", b'"%d"' % self.times), (b"content-type", self.kind)]
        if self.waits is not None:
            await self.waits()
        await send({"type": "http.response.start", "status": self.status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def ask(self, *, has: bytes = b"", method: str = "GET", **changes: str) -> Answer:
        """Return status, headers and body of an answer to a question that differs so from the one put else."""
        said, sent = SAID | changes, list[Any]()
        headers = [(b"accept", said["accept"].encode()), (b"accept-encoding", said["encoding"].encode())]
        scope = {
            "type": "http", "method": method, "path": said["path"], "query_string": said["query"].encode(),
            "headers": headers + ([(b"if-none-match", has)] if has else []), "said": said,
            "reader": Reader("anna", "admin" if said["role"] == "admin" else "reader", said["ceiling"]),
        }  # fmt: skip

        async def send(message: Any) -> None:
            sent.append(message)

        async def receive() -> Any:
            return {"type": "http.disconnect"}

        await self.cache(scope, receive, send)
        return sent[0]["status"], dict(sent[0]["headers"]), b"".join(part["body"] for part in sent[1:])

    def answer(self, **changes: Any) -> Answer:
        """Return the answer to one who asks alone."""
        return asyncio.run(self.ask(**changes))


@pytest.fixture
def station(sqlite_url: str, clock: Clock) -> Iterator[Station]:
    create_log(sqlite_url)
    with open_log(sqlite_url, clock=clock) as log:
        yield Station(log, CATALOG, lambda: READERS)


@pytest.fixture
def asked(station: Station) -> Asked:
    return Asked(station)


@pytest.fixture
def served(sqlite_url: str, clock: Clock) -> Iterator[Served]:
    with serving(sqlite_url, clock) as served:
        yield served


def test_what_is_true_is_given_again_and_nobody_is_asked(asked: Asked) -> None:
    assert asked.answer() == asked.answer() == asked.answer()
    assert asked.times == 1


@pytest.mark.parametrize("has", [b'"1"', b"*", b'W/"1"', b'"0", W/"1"'])
def test_who_has_it_is_told_so(asked: Asked, has: bytes) -> None:
    whole = asked.answer()
    status, headers, body = asked.answer(has=has)
    assert (status, body, asked.times) == (304, b"", 1)
    assert headers == {b"etag": whole[1][b"etag"]}
    assert asked.answer(has=b'"2"') == whole


@pytest.mark.parametrize(
    "other",
    [{"ceiling": "green"}, {"role": "admin"}, {"path": "/v1/b"}, {"query": "at=x"}, {"accept": "text/csv"},
     {"encoding": "gzip"}],
    ids=str,
)  # fmt: skip
def test_whoever_asks_otherwise_has_another_answer(asked: Asked, other: dict[str, str]) -> None:
    first, second = asked.answer(), asked.answer(**other)
    assert (asked.times, first[2] == second[2]) == (2, False)
    assert (asked.answer(), asked.answer(**other)) == (first, second)
    assert asked.times == 2


def test_whatever_is_not_read_by_a_reader_is_passed_on(asked: Asked) -> None:
    assert [asked.answer(method="POST")[0] for _ in range(2)] == [200, 200]
    assert asked.times == 2


def test_the_present_ends_with_its_minute(asked: Asked, clock: Clock) -> None:
    asked.until = NOON + MINUTE
    asked.answer()
    clock.now = NOON + MINUTE - 1
    asked.answer()
    assert asked.times == 1
    clock.now += 1
    asked.answer()
    assert asked.times == 2


def test_what_is_seen_of_the_log_makes_an_answer_old_and_nothing_else(asked: Asked) -> None:
    asked.answer()
    record(asked.station.log, sound(marking="red"))
    asked.station.follow()
    asked.answer()
    assert asked.times == 1
    record(asked.station.log, sound(marking="amber"))
    asked.station.follow()
    asked.answer()
    assert asked.times == 2


def test_doubts_and_a_catalog_make_an_answer_old(asked: Asked) -> None:
    asked.answer()
    asked.station.replace(CATALOG, 0, doubts=("not the one",))
    asked.answer()
    assert asked.times == 2
    fewer = Catalog(indicators=CATALOG.indicators, problems={}, sources=CATALOG.sources, trust=CATALOG.trust)
    asked.station.replace(fewer, 0, doubts=("not the one",))
    asked.answer()
    assert asked.times == 3


@pytest.mark.parametrize(("status", "keeps"), [(404, True), (503, True), (200, False)])
def test_errors_are_not_kept_nor_what_may_not_be(asked: Asked, status: int, keeps: bool) -> None:
    asked.status, asked.keeps = status, keeps
    assert [asked.answer()[0] for _ in range(2)] == [status, status]
    assert (asked.times, asked.cache.size) == (2, 0)


def test_no_more_is_kept_than_there_is_room_for(station: Station) -> None:
    asked = Asked(station, most=100_000)
    for number in range(50):
        asked.answer(query=str(number))
        assert 0 < asked.cache.size <= 100_000
    asked.answer(query="49")
    assert asked.times == 50
    asked.answer(query="0")
    assert asked.times == 51


def test_what_was_asked_for_last_stays_longest(station: Station) -> None:
    asked = Asked(station, most=10_000)
    for query in ("1", "2", "1", "3", "1"):
        asked.answer(query=query)
    assert asked.times == 3


def test_an_answer_that_would_fill_it_is_not_kept(station: Station) -> None:
    asked = Asked(station, most=50_000)
    asked.more = LONG
    assert [len(asked.answer()[2]) > 10_000 for _ in range(2)] == [True, True]
    assert (asked.times, asked.cache.size) == (2, 0)


@pytest.mark.parametrize("encoding", ["gzip", "br, gzip;q=0.5", "gzip; q=0.01"])
def test_zipped_it_is_the_same_under_a_tag_of_its_own(asked: Asked, encoding: str) -> None:
    asked.more = LONG
    _, headers, body = asked.answer(encoding=encoding)
    assert (headers[b"content-encoding"], headers[b"etag"]) == (b"gzip", b'"1-gzip"')
    assert headers[b"content-length"] == str(len(body)).encode()
    assert gzip.decompress(body).endswith(LONG)
    assert asked.answer(encoding=encoding, has=b'"1"')[0] == 200
    assert asked.answer(encoding=encoding, has=b'"1-gzip"')[0] == 304


@pytest.mark.parametrize(
    ("encoding", "kind", "more"),
    [("gzip;q=0", b"application/json", LONG), ("br, gzip;q=0.0, x", b"application/json", LONG),
     ("br", b"text/csv", LONG), ("gzip", b"application/vnd.apache.arrow.stream", LONG),
     ("gzip", b"application/json", b"")],
)  # fmt: skip
def test_what_is_short_or_tight_or_not_wanted_so_is_not_zipped(
    asked: Asked, encoding: str, kind: bytes, more: bytes
) -> None:
    asked.kind, asked.more = kind, more
    _, headers, body = asked.answer(encoding=encoding)
    assert (b"content-encoding" in headers, body.endswith(more)) == (False, True)


async def _together(asked: Asked, count: int, meanwhile: Callable[[asyncio.Task], object] | None = None) -> list[Any]:
    """Let so many ask the same while the first is not yet answered; return what each is told."""
    begun, going = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        begun.set()
        await going.wait()

    asked.waits = wait
    first = asyncio.create_task(asked.ask())
    await begun.wait()
    others = [asyncio.create_task(asked.ask()) for _ in range(count - 1)]
    await asyncio.gather(*(asyncio.create_task(_nothing()) for _ in range(2)))  # each has come to where it waits
    if meanwhile is not None:
        meanwhile(first)
    going.set()
    return await asyncio.gather(first, *others, return_exceptions=True)


async def _nothing() -> None:
    pass


def test_of_many_who_ask_the_same_at_once_one_asks_for_all(asked: Asked) -> None:
    answers = asyncio.run(_together(asked, 20))
    assert (asked.times, len(answers)) == (1, 20)
    assert all(answer == answers[0] for answer in answers)


def test_who_asks_after_a_change_is_not_told_what_was_true_before(asked: Asked) -> None:
    answers = asyncio.run(
        _together(asked, 20, lambda first: asked.station.replace(CATALOG, 0, doubts=("not the one",)))
    )
    assert asked.times == 2
    assert [answer[2][:2] for answer in answers] == [b"1 "] + 19 * [b"2 "]


def test_an_error_of_one_is_not_the_answer_of_all(asked: Asked) -> None:
    asked.status = 503
    answers = asyncio.run(_together(asked, 5))
    assert asked.times == 5
    assert [answer[:1] for answer in answers] == 5 * [(503,)]


def test_who_waits_for_one_that_has_gone_asks_anew(asked: Asked) -> None:
    gone, *answers = asyncio.run(_together(asked, 5, lambda first: first.cancel()))
    assert isinstance(gone, asyncio.CancelledError)
    assert {answer[0] for answer in answers} == {200}


def test_nobody_waits_for_long_for_another(station: Station) -> None:
    asked = Asked(station, patience_seconds=0.0)

    async def run() -> Answer:
        begun, never = asyncio.Event(), asyncio.Event()

        async def wait() -> None:
            if asked.times == 1:
                begun.set()
                await never.wait()

        asked.waits = wait
        first = asyncio.create_task(asked.ask())
        await begun.wait()
        answer = await asked.ask()
        first.cancel()
        return answer

    assert asyncio.run(run())[0] == 200


def served_to(served: Served, ceiling: str = "red", path: str = ASSESSMENT, **headers: str) -> Exchange:
    return exchange(served, "GET", path, who=("reader", ceiling), **headers)


def test_an_answer_for_one_ceiling_is_none_for_another(served: Served) -> None:
    served.post("/v1/observations", {"observations": [report(marking="red")]})
    answers = {ceiling: served_to(served, ceiling) for ceiling in ("red", "amber", "red", "amber", "clear")}
    assert (b'"observations":1,' in answers["red"].body, b'"observations":0,' in answers["amber"].body) == (True, True)
    assert len({answer.header("etag") for answer in answers.values()}) == 3
    tag = answers["red"].header("etag")
    assert served_to(served, "amber", if_none_match=tag).status == 200


def test_without_a_time_an_answer_is_true_until_the_minute_is_over(served: Served, clock: Clock) -> None:
    first, fixed = served_to(served), served_to(served, path=f"{ASSESSMENT}?at=2022-10-01")
    clock.now += 1
    assert served_to(served, if_none_match=first.header("etag")).status == 200
    assert served_to(served, path=f"{ASSESSMENT}?at=2022-10-01", if_none_match=fixed.header("etag")).status == 304


def test_what_is_recorded_ends_it(served: Served) -> None:
    first = served_to(served)
    served.post("/v1/observations", {"observations": [report()]})
    after = served_to(served, if_none_match=first.header("etag"))
    assert (after.status, after.header("iwscore-log") != first.header("iwscore-log")) == (200, True)


def test_it_is_zipped_for_who_asks_so(served: Served) -> None:
    plain, zipped = served_to(served), served_to(served, accept_encoding="br, gzip")
    assert gzip.decompress(zipped.body) == plain.body
    assert (zipped.header("content-encoding"), plain.header("content-encoding")) == ("gzip", "")
    assert zipped.header("etag") != plain.header("etag")
    assert served_to(served, accept_encoding="gzip", if_none_match=zipped.header("etag")).status == 304


def test_refusals_and_what_writes_are_not_kept(served: Served) -> None:
    for _ in range(2):
        refused = served_to(served, path="/v1/problems/nowhere/assessment")
        assert (refused.status, refused.header("cache-control"), refused.header("etag")) == (404, "no-store", "")
    sent = served.post("/v1/observations", {"observations": [report()]})
    assert (sent.headers["cache-control"], "etag" in sent.headers) == ("no-store", False)
