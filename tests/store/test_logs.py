"""Logs: opening and closing, and catalogs that come back as they were."""

import pytest

from iwscore.catalog import load
from iwscore.errors import Unreachable
from iwscore.services.example import example_folder
from iwscore.store.logs import open_log
from tests.store.drafting import Clock, opened


def test_the_built_in_catalog_comes_back_whole(sqlite_url: str) -> None:
    """It has spans that never end, dates and every kind of model."""
    catalog = load(example_folder())
    with opened(sqlite_url) as log:
        log.register(catalog, author="ann", reason="first use")
        again = log.catalog(catalog.digest)
    assert again == catalog
    assert again.digest == catalog.digest


def test_a_log_says_where_it_is(sqlite_url: str) -> None:
    with opened(sqlite_url) as log:
        assert log.url == sqlite_url
        assert log.clock() == Clock().now


def test_where_there_is_none_nothing_is_made(sqlite_url: str) -> None:
    with pytest.raises(Unreachable, match="IW410"):
        open_log(sqlite_url, clock=Clock())
    with pytest.raises(Unreachable, match=r"IW415 log cannot be used .*unable to open database file"):
        opened(f"{sqlite_url}/none/x.db")
