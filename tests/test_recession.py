"""The recession example: as-then-known answers differ from today's only where figures were out late."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from iwscore.catalog import load, load_mapping
from iwscore.domain.catalogs import Catalog
from iwscore.domain.mappings import Mapping, Span
from iwscore.domain.observations import Observations
from iwscore.domain.times import parse_instant
from iwscore.services import score, trend
from iwscore.store import read_observations

EXAMPLES = Path(__file__).parents[1] / "examples"
FILE = EXAMPLES / "recession" / "recession_indicators.csv"
START, END = parse_instant("2007-06-01"), parse_instant("2009-06-01")


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return load(EXAMPLES / "recession")


@pytest.fixture(scope="module")
def mapping(catalog: Catalog) -> Mapping:
    return load_mapping(EXAMPLES / "mappings" / "recession-indicators.yaml", catalog)


def lagging(mapping: Mapping, lag: Span, *signs: str) -> Mapping:
    """Return the mapping with that lag for these indicators, and none for the others."""
    observations = tuple(
        each.model_copy(update={"lag": lag if each.cells["indicator"].template in signs else Span()})
        for each in mapping.observations
    )
    return mapping.model_copy(update={"observations": observations})


def likelihoods(catalog: Catalog, seen: Observations, step: str, *, vintage: bool) -> dict[datetime, float]:
    found = trend(catalog, seen, problem="us-recession", start=START, end=END, step=step, vintage=vintage)
    return {row["at"]: row["likelihood"] for row in found.rows() if row["scenario"] == "recession"}


def test_without_a_lag_what_was_known_then_is_what_is_known_now(catalog: Catalog, mapping: Mapping) -> None:
    seen = read_observations(FILE, catalog, lagging(mapping, Span()))
    assert likelihoods(catalog, seen, "2w", vintage=True) == likelihoods(catalog, seen, "2w", vintage=False)


def test_with_a_lag_they_differ_only_while_a_figure_is_out_of_date(catalog: Catalog, mapping: Mapping) -> None:
    seen = read_observations(FILE, catalog, lagging(mapping, Span(days=10), "unemployment-change", "jobless-claims"))
    plain, then = (likelihoods(catalog, seen, "1d", vintage=vintage) for vintage in (False, True))
    differing = {at for at in plain if plain[at] != then[at]}
    # Figures of a month are so from the first of the next, and known from the eleventh.
    assert {at.day for at in differing} == set(range(1, 11))
    assert len(differing) == 241


def test_each_answer_of_then_is_the_answer_without_what_came_later(catalog: Catalog, mapping: Mapping) -> None:
    seen = read_observations(FILE, catalog, mapping)
    plain, then = (likelihoods(catalog, seen, "1mo", vintage=vintage) for vintage in (False, True))
    for at in then:
        (first, *_) = score(catalog, seen, problem="us-recession", at=at, known_at=at).scenarios
        assert then[at] == first.likelihood
    # The recession of 2007-12 to 2009-06 shows a month later in what was known then.
    warned = [min(at for at in found if found[at] >= 0.7) for found in (plain, then)]
    assert warned[1] - warned[0] >= timedelta(days=28)
