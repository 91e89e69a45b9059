"""Texts of catalogs: one that no entry speaks of is found too."""

import hashlib

from iwscore.domain.catalogs import Catalog
from iwscore.store.drafts import Draft
from iwscore.store.verifying import verify_log
from tests.store.drafting import opened, record
from tests.store.tampering import change


def test_a_text_that_belongs_to_no_entry_is_found(url: str, catalog: Catalog) -> None:
    digest = hashlib.sha256(b"{}").hexdigest()
    with opened(url) as log:
        log.register(catalog, author="ann", reason="first use")
    made = f"decode('{digest}', 'hex')" if "://" in url else f"x'{digest}'"
    change(url, f"INSERT INTO catalogs (digest, content) VALUES ({made}, '{{}}')")
    (fault,) = verify_log(url).faults
    assert str(fault).endswith(
        f"catalogs: IW447 catalog's text was inserted ({digest}); it must be what the digest was taken of. "
        "Find out who changed it, and compare with a dump."
    )


def test_an_entry_that_speaks_of_none_is_no_fault_of_the_texts(sqlite_url: str) -> None:
    with opened(sqlite_url) as log:
        record(log, Draft(kind="catalog", content="[]"), Draft(kind="catalog", content="{}"))
    assert verify_log(sqlite_url).faults == ()
