"""The newest word on each indicator."""

from pathlib import Path

import pytest

from iwscore.services.following import Live
from iwscore.services.recency import newest
from iwscore.store.drafts import Draft
from tests.api.serving import CATALOG
from tests.store.drafting import DAY, NOON, Clock, opened, record, sound


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_the_newest_that_stands_by_then_counts(tmp_path: Path, clock: Clock) -> None:
    with opened(str(tmp_path / "log.db"), clock) as log:
        _, mid, _ = record(
            log,
            sound(indicator="mobilisation", level="unknown", observed_at=NOON - 3 * DAY),
            sound(indicator="mobilisation", level="general", observed_at=NOON - 2 * DAY),
            sound(indicator="war-rhetoric", level="routine", observed_at=NOON - 9 * DAY, subject="poland"),
        )
        live = Live(log, CATALOG)
        live.follow()
        assert newest(live.shelves, "belarus", NOON) == {"mobilisation": NOON - 2 * DAY}
        assert newest(live.shelves, "belarus", NOON - 2 * DAY - 1) == {"mobilisation": NOON - 3 * DAY}
        assert newest(live.shelves, "belarus", NOON - 4 * DAY) == {}
        assert newest(live.shelves, "poland", NOON) == {"war-rhetoric": NOON - 9 * DAY}
        assert newest(live.shelves, "nowhere", NOON) == {}
        record(log, Draft(kind="retraction", target=mid))
        live.follow()
        assert newest(live.shelves, "belarus", NOON) == {"mobilisation": NOON - 3 * DAY}
