"""Every entry in the order of recording, on both databases: who may see it, and from when it counts."""

from collections.abc import Iterator

import numpy as np
import pytest

from iwscore.domain.catalogs import Catalog
from iwscore.domain.markings import place_of
from iwscore.domain.observations import Names
from iwscore.store.drafts import Draft
from iwscore.store.entries import ENTRY_KINDS, Head
from iwscore.store.logs import Log, tail_of
from iwscore.store.rolls import NO_TARGET, places_of
from tests.store.drafting import NOON, opened, record, some, sound


@pytest.fixture
def log(url: str) -> Iterator[Log]:
    with opened(url) as log:
        yield log


@pytest.mark.parametrize("count", [1, 700])
def test_the_rolls_have_every_entry(log: Log, catalog: Catalog, count: int) -> None:
    log.register(catalog, author="ann", reason="first use")
    before = log.head()
    first, came = record(log, sound(marking="green"), Draft(kind="outcome", subject="belarus", content="{}"))
    record(log, Draft(kind="retraction", target=came), sound(kind="correction", target=first, marking="red"))
    record(log, sound(reported_at=NOON - 1), historical=True)
    log.append(some(count), author="ann", reason="watch")
    entries = log.entries(limit=count + 6)
    for after, known in ((Head(), entries), (before, entries[1:])):
        tail = tail_of(log, after)
        assert tail is not None
        rolls = tail.rolls
        marking = [0 if one.kind == "catalog" else place_of(one.marking) for one in known]
        assert np.concatenate([roll.seq for roll in rolls]).tolist() == [one.seq for one in known]
        assert np.concatenate([roll.marking for roll in rolls]).tolist() == marking
        assert np.concatenate([roll.known_from for roll in rolls]).tolist() == [one.known_from for one in known]
        assert [ENTRY_KINDS[kind] for roll in rolls for kind in roll.kind.tolist()] == [one.kind for one in known]
        assert [row.tobytes().hex() for roll in rolls for row in roll.id] == [one.id for one in known]
        targets = {4: 3, 5: 2}
        assert np.concatenate([roll.target for roll in rolls]).tolist() == [
            targets.get(one.seq, NO_TARGET) for one in known
        ]
        assert {place: one.hex() for place, one in tail.ids.items()} == {one.seq: one.id for one in entries[1:5]}
        assert sum(len(roll) for roll in rolls) == len(known)


def test_markings_become_places() -> None:
    assert places_of(Names(np.array([2, 0, 1], dtype=np.int32), ("", "red", "clear"))).tolist() == [0, 2, 4]
