"""Entries: the kinds a log knows, the first three being those of observations."""

from iwscore.domain.observations import KINDS
from iwscore.store.entries import CATALOG, ENTRY_KINDS, GENESIS, OUTCOME, RETRACTION, Head, name_kind


def test_the_kinds_are_those_of_observations_and_two_more() -> None:
    assert ENTRY_KINDS[:3] == KINDS
    assert [ENTRY_KINDS[place] for place in (RETRACTION, OUTCOME, CATALOG)] == ["retraction", "outcome", "catalog"]


def test_a_kind_that_is_none_goes_by_its_number() -> None:
    assert [name_kind(place) for place in (0, 4, 5, -1)] == ["observation", "catalog", "kind 5", "kind -1"]


def test_the_head_of_an_empty_log_is_all_zeros() -> None:
    assert Head().digest == GENESIS == "0" * 64
