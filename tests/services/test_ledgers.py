"""The digest of what a ceiling may see: however it was followed, and only of that."""

from pathlib import Path

import numpy as np
import pytest

from iwscore.core.bundles import NEVER
from iwscore.services.following import Live
from iwscore.services.ledgers import Ledger
from iwscore.store.entries import CATALOG
from iwscore.store.rolls import NO_TARGET, Roll
from tests.services.ceilings import digest_of, marked


def roll(*seqs: int, marking: int = 2, kind: int = 0, target: int = NO_TARGET, known_from: int = 5) -> Roll:
    return Roll(
        seq=np.array(seqs),
        id=np.array([[seq] * 16 for seq in seqs], dtype=np.uint8),
        kind=np.full(len(seqs), kind),
        marking=np.full(len(seqs), marking, dtype=np.int8),
        known_from=np.full(len(seqs), known_from),
        target=np.full(len(seqs), target),
    )


def taken(*rolls: Roll, ceiling: str = "amber") -> Ledger:
    ledger = Ledger(ceiling)
    for one in rolls:
        ledger.take_in([one], {seq: bytes([seq] * 16) for seq in one.seq.tolist()})
    return ledger


def test_pieces_and_what_is_hidden_between_them_make_no_difference() -> None:
    whole = taken(roll(1, 2, 3))
    assert whole.digest == taken(roll(1), roll(2), roll(3)).digest
    assert whole.digest == taken(roll(1), roll(9, marking=3, known_from=70), roll(2, 3)).digest
    assert whole.digest != taken(roll(1), roll(9), roll(2, 3)).digest
    assert whole.digest != taken(roll(1, 3, 2)).digest
    assert whole.digest != taken(roll(1, 2, 3, known_from=6)).digest


def test_places_in_the_log_make_no_difference() -> None:
    one, other = roll(1, 2), roll(1, 2)
    other.seq[:] += 40
    assert taken(one).digest == taken(other).digest


def test_until_when_an_entry_stands_is_seen_and_not_how_it_came_to_that() -> None:
    once, twice, never = taken(roll(1, 2)), taken(roll(1, 2)), taken(roll(1, 2))
    before = once.digest
    once.end(1, 7)
    once.end(2, 8)
    for place, until in ((2, 9), (1, 7), (2, 8)):
        twice.end(place, until)
    never.end(1, 7)
    never.end(1, NEVER)
    assert once.digest == twice.digest != before == never.digest


@pytest.mark.parametrize(("marking", "same"), [(2, False), (3, True)])
def test_an_outcome_that_is_shown_stands_until_its_first_retraction(marking: int, same: bool) -> None:
    came = roll(1, kind=3, marking=marking)
    both = taken(came, roll(2, kind=2, target=1, marking=4, known_from=9), roll(3, kind=2, target=1, marking=4))
    one = taken(came, roll(3, kind=2, target=1, marking=4))
    assert both.digest == one.digest
    assert (both.digest == taken(came).digest) == same


def test_the_newest_is_the_latest_that_is_shown() -> None:
    assert taken(roll(1, marking=4)).newest is None
    assert taken(roll(1, known_from=5), roll(2, known_from=3), roll(3, marking=4, known_from=9)).newest == 5
    assert taken(roll(1, known_from=5), roll(2, kind=CATALOG, known_from=9)).newest == 5


def test_it_is_what_the_page_says_it_is(sqlite_url: str, tmp_path: Path) -> None:
    for stream, log, _ in marked(3, sqlite_url, tmp_path):
        for _ in stream.steps(20):
            pass
        live = Live(log, stream.catalogs[0], ceiling="green")
        live.follow()
        assert live.seen == digest_of(log, "green")


def test_another_ceiling_that_sees_the_same_has_the_same_digest() -> None:
    assert taken(roll(1, 2)).digest == taken(roll(1, 2), ceiling="red").digest
