"""Figures: what a log holds, counted."""

from iwscore.domain.catalogs import Catalog
from iwscore.store.drafts import Draft
from iwscore.store.entries import Head
from iwscore.store.figures import Figures, figures
from tests.store.drafting import DAY, NOON, opened, record, sound


def test_an_empty_log_has_no_times(url: str) -> None:
    opened(url).close()
    assert figures(url) == Figures(Head(), {}, 0, 0, 0, None, None, None)


def test_everything_is_counted(url: str, catalog: Catalog) -> None:
    with opened(url) as log:
        log.register(catalog, author="ann", reason="first use")
        (name, *_) = record(log, sound(observed_at=NOON - 9 * DAY), sound())
        record(log, sound(reported_at=NOON), sound(reported_at=NOON, note="2"), historical=True, author="bob")
        record(log, Draft(kind="retraction", target=name))
        head = log.head()
    assert figures(url) == Figures(
        head=head,
        kinds={"observation": 4, "retraction": 1, "catalog": 1},
        historical=2,
        authors=2,
        catalogs=1,
        first_recorded_at=NOON,
        first_observed_at=NOON - 9 * DAY,
        last_observed_at=NOON - DAY,
    )
