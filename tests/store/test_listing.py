"""Listing: many names at once, and names that are none."""

from tests.store.drafting import opened, some


def test_more_names_than_a_query_holds(url: str) -> None:
    with opened(url) as log:
        log.append(some(1200), author="ann", reason="watch")
        every = log.entries(limit=2000)
        assert log.entries(ids=[entry.id for entry in reversed(every)], limit=2000) == every
        names = [entry.external_id for entry in every]
        assert log.entries(external_ids=names, ids=[every[0].id], limit=2000) == every
        assert log.entries(ids=[entry.id for entry in every], limit=3, after=10) == every[10:13]
        assert log.entries(ids=["", "r-1", every[0].id.upper()]) == []
        assert log.entries(ids=["\udcff"], external_ids=["\udcff"]) == []
