"""Catalogs back from the log: one that is not what was recorded, or cannot be read, is refused in words."""

import hashlib
import json

import pytest

from iwscore.domain.catalogs import Catalog
from iwscore.errors import Unreachable
from iwscore.store.logs import open_log
from tests.store.drafting import opened
from tests.store.tampering import change, unguard

ALTERED = "must be there as it was. See iwscore log verify; give --catalog to do without."


@pytest.fixture
def kept(url: str, catalog: Catalog) -> str:
    """Return the place of a log in which the catalog is, unguarded."""
    with opened(url) as log:
        log.register(catalog, author="ann", reason="first use")
    unguard(url)
    return url


def refused(url: str) -> str:
    """Return what is said when the log is asked for its catalogs."""
    with open_log(url, clock=lambda: 0) as log, pytest.raises(Unreachable) as refusal:
        log.catalog(log.catalogs()[0][1])
    return str(refusal.value)


@pytest.mark.parametrize(
    "statement", ["DELETE FROM catalogs", "UPDATE catalogs SET content = '{}'", "UPDATE catalogs SET content = 'x'"]
)
def test_a_text_that_is_gone_or_was_altered(kept: str, catalog: Catalog, statement: str) -> None:
    change(kept, statement)
    said = refused(kept)
    assert said.startswith("IW433 catalog is not what was recorded (")
    assert said.endswith(f"{catalog.digest}); {ALTERED}")


@pytest.mark.parametrize("content", ["NULL", "'[]'", "'{}'", "'x'", "'{\"digest\": 5}'", '\'{"digest": "x"}\''])
def test_an_entry_that_names_none(kept: str, content: str) -> None:
    change(kept, f"UPDATE entries SET content = {content}")
    said = refused(kept)
    assert said.startswith("IW433 catalog is not what was recorded (")
    assert said.endswith(ALTERED)


def test_a_catalog_of_another_version(kept: str, catalog: Catalog) -> None:
    content = json.dumps(catalog.model_dump(mode="json") | {"moods": {}}, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(content.encode()).hexdigest()
    key = f"decode('{digest}', 'hex')" if "://" in kept else f"x'{digest}'"
    change(kept, f"UPDATE catalogs SET digest = {key}, content = '{content}'")
    change(kept, f"UPDATE entries SET content = '{json.dumps({'digest': digest})}'")
    said = refused(kept)
    assert said.startswith("IW434 catalog was recorded by another version (")
    assert said.endswith(
        f"{digest[:12]}); must be of a form that this version reads. Install that version, or give --catalog."
    )
