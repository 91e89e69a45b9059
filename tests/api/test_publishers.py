"""Who listens to which answer: one answer for all, the newest for whoever is slow, and no trace of who has gone."""

from collections.abc import Iterator

import pytest

from iwscore.api.publishers import Frame, Listener, Publishers
from iwscore.api.readers import Reader, fingerprint
from iwscore.errors import QuestionError
from tests.api.patience import bounded
from tests.api.serving import CATALOG, READERS, Served, serving
from tests.api.test_streams import MINUTE, seen
from tests.store.drafting import Clock, record

READER = READERS[fingerprint("reader-red")]
PROBLEM = "northern-front"


@pytest.fixture
def served(sqlite_url: str, clock: Clock) -> Iterator[Served]:
    with serving(sqlite_url, clock) as served:
        yield served


def test_a_frame_is_named_by_its_bytes() -> None:
    one, same, other = Frame.of(b"{}"), Frame.of(b"{}"), Frame.of(b"[]")
    assert one == same
    assert one.name != other.name
    assert one.event == b"id: " + one.name.encode() + b"\nevent: assessment\ndata: {}\n\n"


def test_a_question_is_answered_once_while_nothing_changes(served: Served, clock: Clock) -> None:
    publishers = Publishers(served.station)
    one = publishers.publisher(READER, PROBLEM, None)
    assert publishers.publisher(READER, PROBLEM, None) is one
    assert one.made == 1
    record(served.log, seen())
    served.station.follow()
    assert one.due
    publishers.publisher(READER, PROBLEM, None)
    clock.now += MINUTE
    assert one.due
    publishers.publisher(READER, PROBLEM, None)
    assert one.made == 3


def test_each_question_has_its_own(served: Served) -> None:
    publishers = Publishers(served.station)
    asked = [(READER, PROBLEM, None), (READER, PROBLEM, "belarus"), (READER, "nato-border-pressure", None)]
    clear = READERS[fingerprint("reader-clear")]
    assert len({id(publishers.publisher(*one)) for one in [*asked, (clear, PROBLEM, None)]}) == 4


def test_what_cannot_be_asked_is_refused(served: Served) -> None:
    with pytest.raises(QuestionError, match="IW501"):
        Publishers(served.station).publisher(READER, "nowhere", None)


def test_of_those_nobody_listens_to_few_are_kept(served: Served) -> None:
    publishers = Publishers(served.station)
    for number in range(200):
        with pytest.raises(QuestionError):
            publishers.publisher(READER, f"nowhere-{number}", None)
    assert len(publishers._all) == 64


def test_who_is_slow_hears_the_newest_alone() -> None:
    listener = Listener(READER, "", 0.0)
    frames = [Frame.of(b"%d" % number) for number in range(3)]
    for frame in frames:
        listener.tell(frame, 1.0)
    assert listener.take(frames[-1], 1.0) == frames[-1].event
    assert listener.take(frames[-1], 1.0) == b""


def test_who_has_the_answer_is_not_woken_for_it() -> None:
    frame = Frame.of(b"{}")
    listener = Listener(READER, frame.name, 0.0)
    listener.tell(frame, 1.0)
    assert not listener.wake.is_set()
    assert listener.take(frame, 1.0) == b""


def test_after_long_silence_there_is_a_beat() -> None:
    frame = Frame.of(b"{}")
    listener = Listener(READER, frame.name, 0.0)
    listener.tell(frame, 14.9)
    assert not listener.wake.is_set()
    listener.tell(frame, 15.0)
    assert listener.wake.is_set()
    assert listener.take(frame, 15.0) == b":\n\n"
    listener.tell(frame, 29.9)
    assert listener.take(frame, 29.9) == b""


def test_a_new_answer_needs_no_beat() -> None:
    listener = Listener(READER, "", 0.0)
    frame = Frame.of(b"{}")
    listener.tell(frame, 20.0)
    assert listener.take(frame, 20.0) == frame.event
    assert listener.take(frame, 20.0) == b""


def ended_after(publishers: Publishers, reader: Reader = READER) -> Listener:
    """Listen until that is over, and return who listened."""

    async def listen() -> Listener:
        publisher, listener = publishers.join(publishers.publisher(READER, PROBLEM, None), reader, "")
        while not listener.ended:
            await listener.wake.wait()
            listener.wake.clear()
        publishers.leave(publisher, listener)
        assert not publisher.listeners
        return listener

    return bounded(listen())


def test_who_is_unknown_hears_nothing(served: Served) -> None:
    assert ended_after(Publishers(served.station), Reader("mallory", "reader", "red")).ended


def test_once_ended_nobody_listens(served: Served) -> None:
    publishers = Publishers(served.station)
    publishers.end()
    assert ended_after(publishers).ended


def test_a_question_that_is_no_more_is_ended(served: Served) -> None:
    publishers = Publishers(served.station)
    problems = {name: one for name, one in CATALOG.problems.items() if name != PROBLEM}

    async def listen() -> None:
        publisher, listener = publishers.join(publishers.publisher(READER, PROBLEM, None), READER, "")
        await listener.wake.wait()
        assert listener.take(publisher.frame, 0.0)
        served.station.replace(CATALOG.model_copy(update={"problems": problems, "digest": "another"}), 0)
        while not listener.ended:
            listener.wake.clear()
            await listener.wake.wait()

    bounded(listen())
