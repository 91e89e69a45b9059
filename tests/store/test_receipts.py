"""Receipts: a request made again is written once and answered alike, whoever of several processes is asked."""

import hashlib

import pytest

from iwscore.domain.catalogs import Catalog
from iwscore.errors import DraftFaults, QuestionError
from iwscore.store.drafts import Drafts
from iwscore.store.entries import Head, Receipt
from iwscore.store.logs import Log, receipt_of
from iwscore.store.receipts import KEPT_MICROS, Request
from iwscore.store.verifying import verify_log
from tests.store.drafting import DAY, NOON, Clock, some, sound


def asked(key: str, body: str = "") -> Request:
    return Request(key, hashlib.sha256(body.encode()).digest())


def add(log: Log, count: int, request: Request | None, author: str = "ann", *, once: bool = False) -> Receipt:
    return log.append(some(count), author=author, reason="watch", request=request, once=once)


def test_a_request_made_again_writes_nothing(log: Log, now: Clock) -> None:
    assert receipt_of(log, "ann", asked("k")) is None
    first = add(log, 3, asked("k"))
    assert (first.first, first.entries, first.batch) == (1, 3, 1)
    log.append(some(1), author="bob", reason="watch")
    now.now += DAY
    assert add(log, 3, asked("k")) == receipt_of(log, "ann", asked("k")) == first
    assert log.head().entries == 4
    assert verify_log(log.url, head=first.head.digest).faults == ()


def test_a_key_is_its_authors_own(log: Log) -> None:
    first, second = add(log, 1, asked("k")), add(log, 2, asked("k", "other"), author="bob")
    assert (first.entries, second.entries) == (1, 2)
    assert receipt_of(log, "bob", asked("k", "other")) == second


def test_a_key_stands_for_one_request(log: Log) -> None:
    first = add(log, 1, asked("k 1"))
    for ask in (lambda: add(log, 2, asked("k 1", "other")), lambda: receipt_of(log, "ann", asked("k 1", "other"))):
        with pytest.raises(QuestionError) as refusal:
            ask()
        assert str(refusal.value) == (
            "IW559 key stands for another request (k 1); one key is for one request, word for word. "
            "Send the same as before, or take a new key."
        )
    assert log.head() == first.head


@pytest.mark.parametrize("key", ["", "k" * 201, "a\tb", "a\nb", "\0", "\ud800"])
def test_a_key_can_be_printed(log: Log, key: str) -> None:
    with pytest.raises(QuestionError, match=r"^IW558 key of a request is none .*; must be 1 to 200 characters"):
        add(log, 1, asked(key))
    assert log.head() == Head()


def test_a_long_key_in_any_script_is_one(log: Log) -> None:
    first = add(log, 1, asked("ключ" * 50))
    assert add(log, 1, asked("ключ" * 50)) == first


@pytest.mark.parametrize("author", ["", "a\0b"])
def test_who_cannot_sign_has_no_receipts(log: Log, author: str) -> None:
    with pytest.raises(DraftFaults, match=r"IW42[78]"):
        add(log, 1, asked("k"), author=author)


def test_what_is_refused_has_no_receipt(log: Log) -> None:
    with pytest.raises(DraftFaults, match="IW423"):
        log.append(Drafts.of([sound(observed_at=NOON + DAY)]), author="ann", reason="watch", request=asked("k"))
    assert receipt_of(log, "ann", asked("k")) is None
    assert add(log, 1, asked("k")).entries == 1


def test_nothing_new_has_a_receipt_too(log: Log) -> None:
    add(log, 2, None)
    nothing = add(log, 2, asked("k"), once=True)
    assert (nothing.batch, nothing.entries, nothing.repeated) == (None, 0, 2)
    add(log, 3, None, author="bob")
    assert add(log, 2, asked("k"), once=True) == nothing


def test_the_catalog_is_put_in_force_once(log: Log, catalog: Catalog) -> None:
    receipts = {
        log.append(some(1), author="ann", reason="watch", catalog=catalog, request=asked("k")) for _ in range(2)
    }
    assert [receipt.batch for receipt in receipts] == [2]
    assert log.head().batch == 2


def test_receipts_are_dropped_in_passing(log: Log, now: Clock) -> None:
    add(log, 1, asked("old"))
    now.now += KEPT_MICROS
    log.append(some(1), author="bob", reason="watch", request=asked("other"))
    assert receipt_of(log, "ann", asked("old")) is not None
    now.now += 1
    log.append(some(1), author="eve", reason="watch", request=asked("other"))
    assert receipt_of(log, "ann", asked("old")) is None
    assert receipt_of(log, "bob", asked("other")) is not None
