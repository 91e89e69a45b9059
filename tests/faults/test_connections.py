"""A connection cut in the middle of a batch: nothing of it is there, and the same log goes on."""

from collections.abc import Iterator

import psycopg
import pytest

from iwscore.errors import Unreachable
from iwscore.store.drafts import Drafts
from iwscore.store.verifying import verify_log
from tests.store.drafting import Clock, opened, some, sound

CUT = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
    "WHERE application_name = 'iwscore' AND state <> 'idle' AND datname = current_database()"
)


@pytest.mark.parametrize("blocks", [1, 2, 5])
def test_a_cut_connection_leaves_nothing(postgresql_url: str, blocks: int) -> None:
    def cut() -> Iterator[Drafts]:
        for block in range(blocks):
            yield Drafts.of([sound(external_id=f"{block}-{place}") for place in range(100)])
        with psycopg.connect(postgresql_url, autocommit=True) as server:
            assert server.execute(CUT).fetchall() == [(True,)]
        yield some(100)

    with opened(postgresql_url, Clock()) as log:
        log.append(some(10), author="ann", reason="watch")
        before = log.head()
        with pytest.raises(Unreachable, match=r"^IW415 log cannot be used \(postgresql://.*terminating connection"):
            log.append(cut(), author="bob", reason="watch")
        assert log.head() == before
        assert log.append(some(100), author="bob", reason="watch").batch == 2
    assert verify_log(postgresql_url).faults == ()


def test_a_connection_cut_while_idle_is_made_anew(postgresql_url: str) -> None:
    """Between two batches the server may be restarted; nobody needs to know."""
    with opened(postgresql_url, Clock()) as log:
        log.append(some(10), author="ann", reason="watch")
        with psycopg.connect(postgresql_url, autocommit=True) as server:
            server.execute(CUT.replace("AND state <> 'idle' ", ""))
        assert log.append(some(10), author="bob", reason="watch").batch == 2
