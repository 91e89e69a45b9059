"""Ids: each stands for one entry, whichever batch it came with."""

import pytest
import sqlalchemy as sa

from iwscore.store.databases import database_at
from iwscore.store.ids import with_ids
from iwscore.store.schema import entries, ids
from iwscore.store.verifying import verify_log
from tests.store.drafting import opened, record, sound
from tests.store.tampering import change, unguard


def test_every_entry_is_found_by_its_id(url: str) -> None:
    with opened(url) as log:
        names = [*record(log, sound(), sound(note="again")), *record(log, sound(level="absent"))]
        assert [entry.seq for entry in log.entries(ids=names[1:])] == [2, 3]
    database = database_at(url)
    with database.reading() as connection:
        held = connection.execute(sa.select(ids.c.id, ids.c.seq).order_by(ids.c.seq)).all()
        found = connection.execute(sa.select(entries.c.seq).where(with_ids([bytes.fromhex(names[0])]))).all()
    database.dispose()
    assert [(bytes(key).hex(), seq) for key, seq in held] == list(zip(names, [1, 2, 3], strict=True))
    assert [seq for (seq,) in found] == [1]


@pytest.mark.parametrize(
    ("statement", "places"),
    [
        ("DELETE FROM ids WHERE seq = 2", [2]),
        ("UPDATE ids SET seq = 5 - seq WHERE seq IN (2, 3)", [2, 3]),
        ("UPDATE ids SET seq = 9 WHERE seq = 1", [1, 9]),
        ("SELECT 1", []),
    ],
)
def test_an_id_that_leads_elsewhere_is_found(url: str, statement: str, places: list[int]) -> None:
    with opened(url) as log:
        record(log, *(sound(note=str(n)) for n in range(4)))
    unguard(url)
    change(url, statement)
    faults = [(fault.code, fault.field, fault.line) for fault in verify_log(url).faults if fault.code != "IW448"]
    assert faults == [("IW450", "ids", place) for place in places]
