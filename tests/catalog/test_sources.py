from datetime import UTC, datetime

import pytest

from iwscore.catalog import load
from iwscore.catalog.sources import house_trust
from iwscore.domain.sources import GradeRow, Regrade, Source
from tests.catalog.conftest import Write

REGISTER = """\
sources:
  - id: khrenin
    title: Minister
    kind: official
    party: state
    origin: government
    grades:
      - {from: 2022-06-01T12:00Z, reliability: D, reason: Wrong twice.}
      - {from: 2022-01-01, reliability: C}
    regraded:
      - {known_from: 2023-01-01, reliability: G, reason: Deceived.}
  - {id: government}
"""
ROWS = "{A: [0.9, 0.5, 0, 0, 0, 0], B: &, C: &, D: &, E: &, F: &, G: &}".replace("&", "[0, 0, 0, 0, 0, 0]")


def test_every_key_of_a_source_arrives_in_the_order_of_time(write: Write) -> None:
    catalog = load(write({"sources/a.yaml": REGISTER}))
    assert catalog.sources["khrenin"] == Source(
        id="khrenin",
        title="Minister",
        kind="official",
        party="state",
        origin="government",
        grades=(
            GradeRow(since=datetime(2022, 1, 1, tzinfo=UTC), reliability=2),
            GradeRow(since=datetime(2022, 6, 1, 12, tzinfo=UTC), reliability=3, reason="Wrong twice."),
        ),
        regraded=(
            Regrade(known_from=datetime(2023, 1, 1, 23, 59, 59, 999999, tzinfo=UTC), reliability=6, reason="Deceived."),
        ),
    )
    assert catalog.sources["government"] == Source(id="government", title="government")
    assert catalog.origins == {"government": "government", "khrenin": "government"}


def test_a_long_chain_of_origins_is_no_circle(write: Write) -> None:
    rows = "".join(f"  - {{id: s{n}, origin: s{n + 1}}}\n" for n in range(2000))
    assert len(load(write({"sources/a.yaml": f"sources:\n{rows}  - {{id: s2000}}\n"})).sources) == 2001


def test_the_house_values_are_those_of_the_method() -> None:
    trust = house_trust()
    assert trust.label == "house values"
    assert trust.table[0] == (0.95, 0.8, 0.55, 0.2, 0.05, 0.5)
    assert trust.table[1] == (0.9, 0.7, 0.5, 0.15, 0.05, 0.4)
    assert trust.table[2] == (0.8, 0.6, 0.4, 0.1, 0, 0.3)
    assert trust.table[3] == (0.6, 0.4, 0.25, 0.05, 0, 0.15)
    assert trust.table[4] == (0.3, 0.2, 0.1, 0, 0, 0)
    assert trust.table[5] == (0.6, 0.45, 0.25, 0.05, 0, 0)
    assert trust.table[6] == (0,) * 6


@pytest.mark.parametrize("spread", ["", ", spread: 0.1", f", spread: {ROWS.replace('0.9, 0.5', '0.1, 0.1')}"])
def test_a_spread_never_leaves_the_range_of_trust(write: Write, spread: str) -> None:
    trust = load(write({"sources/a.yaml": f"trust: {{label: ours, table: {ROWS}{spread}}}"})).trust
    assert trust.label == "ours"
    assert trust.spread[0] == (0.09, 0.1, 0, 0, 0, 0)
    assert trust.spread[6] == (0,) * 6
    assert max(max(map(sum, zip(*rows, strict=True))) for rows in zip(trust.table, trust.spread, strict=True)) <= 0.99


def test_a_catalog_without_a_table_takes_the_house_values(write: Write) -> None:
    assert load(write({"sources/a.yaml": REGISTER})).trust == house_trust()
