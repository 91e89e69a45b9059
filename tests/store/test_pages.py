"""Pages: reports alone, each with what its batch says of it, whatever the log is made of."""

from iwscore.store.drafts import Draft
from iwscore.store.pages import EXPORTED, export_pages
from tests.store.drafting import FULL, NOON, Clock, opened, record, some, sound

SETTLED = Draft(kind="outcome", observed_at=NOON, subject="belarus", content='{"scenario": "x"}')


def test_a_page_says_what_the_entries_say(url: str) -> None:
    clock = Clock()
    with opened(url, clock) as log:
        (name,) = record(log, Draft(**FULL))
        (settled,) = record(log, SETTLED)
        record(log, Draft(kind="retraction", target=settled, reason="wrong"))
        record(log, Draft(kind="retraction", target=name), sound(level="", value=-0.5))
        record(log, Draft(**FULL | {"external_id": "r-2", "reason": ""}), historical=True, author="bob")
        entries = [entry for entry in log.entries() if entry.seq not in (2, 3)]
        head = log.head()
    ((found, seen, page),) = export_pages(url)
    assert (found, seen) == (head, 6)
    for name in EXPORTED:
        times = name.endswith(("_at", "_from"))
        cells = [cell.value if times else cell.as_py() for cell in page[name]]
        assert cells == [getattr(entry, name) or None for entry in entries], name


def test_a_long_log_is_several_pages_and_an_empty_one_has_no_rows(sqlite_url: str) -> None:
    with opened(sqlite_url) as log:
        assert [len(page) for _, _, page in export_pages(sqlite_url)] == [0]
        log.append([some(40_000), some(0)], author="ann", reason="feed", once=True)
        record(log, sound(level="absent"))
    pages = [page for _, _, page in export_pages(sqlite_url)]
    assert [len(page) for page in pages] == [40_000, 1]
