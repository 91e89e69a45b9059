"""Entries that may be shown and the chains they are of, on both databases."""

from collections.abc import Iterator, Sequence
from functools import partial

import pytest

from iwscore.domain.catalogs import Catalog
from iwscore.store.drafts import Draft
from iwscore.store.entries import Entry
from iwscore.store.logs import Log, read
from iwscore.store.showing import chains_of, is_shown, list_shown
from tests.store.drafting import opened, record, sound

OPEN = ("clear", "green")


@pytest.fixture
def log(url: str) -> Iterator[Log]:
    with opened(url) as log:
        yield log


def shown(log: Log, markings: Sequence[str] | None, *, after: int = 0, limit: int = 9, linked: bool = False) -> object:
    asked = partial(list_shown, markings=markings, after=after, limit=limit, linked=linked)
    return [(entry.seq, target) for entry, target in read(log, asked)]


def filled(log: Log, catalog: Catalog) -> list[str]:
    """Record a hidden observation, a shown correction of it, a hidden one of that, and a shown report; return ids."""
    (first,) = record(log, sound())
    (second,) = record(log, sound(kind="correction", target=first, marking="green"))
    (third,) = record(log, sound(kind="correction", target=second, marking="red"))
    (fourth,) = record(log, Draft(kind="retraction", target=third))
    (fifth,) = record(log, sound(marking="clear"))
    log.register(catalog, author="ann", reason="first use")
    return [first, second, third, fourth, fifth]


def test_what_is_marked_so_is_shown_and_every_catalog(log: Log, catalog: Catalog) -> None:
    filled(log, catalog)
    assert shown(log, OPEN) == [(2, False), (5, False), (6, False)]
    assert shown(log, OPEN, after=2, limit=1) == [(5, False)]
    assert shown(log, None) == [(seq, True) for seq in range(1, 7)]
    assert shown(log, ("", *OPEN, "amber")) == [(1, True), (2, True), (4, False), (5, True), (6, True)]
    assert [is_shown(one, OPEN) for one in log.entries()] == [False, True, False, False, True, True]
    assert all(is_shown(one, None) for one in log.entries())


def test_with_what_links_the_hidden_corrections_and_retractions_are_there_too(log: Log, catalog: Catalog) -> None:
    filled(log, catalog)
    assert shown(log, OPEN, linked=True) == [(2, False), (3, True), (4, False), (5, False), (6, False)]


def test_a_chain_is_found_from_any_of_its_members(log: Log, catalog: Catalog) -> None:
    chain = filled(log, catalog)[:4]
    for entry in log.entries(ids=chain):
        found: list[Entry] = read(log, partial(chains_of, members=[entry]))
        assert [one.id for one in found] == chain
    assert read(log, partial(chains_of, members=log.entries(after=4, limit=1))) == log.entries(after=4, limit=1)
