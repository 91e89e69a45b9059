"""A mapping without fault means what it says; each broken one of ``tests/cases/mapping`` has exactly its faults."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from iwscore.catalog import load, load_mapping
from iwscore.catalog.codes import CODES
from iwscore.catalog.manuals import lay_over
from iwscore.domain.catalogs import Catalog
from iwscore.domain.mappings import Amount, Cell, Clock, Condition, Count, Cuts, MappedObservation, Span
from iwscore.errors import DocumentFaults, Unreachable
from tests.catalog.conftest import Write

CASES: dict[str, Any] = yaml.safe_load(
    (Path(__file__).parents[1] / "cases" / "mapping" / "faults.yaml").read_text(encoding="utf-8")
)
MAPPING = """\
id: feed
time: {column: day, period: day}
source: ministry
grade: B2
lag: 0d
lists:
  words: {yes: present, no: absent}
  bare: [a, b]
observations:
  - indicator: talks
    level: {column: said, codes: words}
  - indicator: troops
    value: {column: men, unit: men}
  - indicator: troops
    subject: {column: place}
    count: {unit: men, window: 7d, step: day}
"""
FULL = """\
id: feed
title: A feed
description: All there is.
delimiter: tab
missing: [n/a]
lists: {places: {KYV: kyiv}, those: [a, b]}
columns: {place: {column: p, codes: places, otherwise: skip}}
time: {text: "{y}-{m}", form: "%Y-%m", period: month, zone: Europe/Kyiv, ambiguous: later}
reported: {column: out, form: iso, period: instant}
covers: {from: 2022-01-01}
where: [{column: kind, in: those}, {column: n, at_least: 1, }, {column: k, not_in: [x]}]
note: {text: "{p} of {y}", blank: skip}
marking: clear
observations:
  - indicator: {column: what, extract: "(.*)!", otherwise: keep}
    source: ministry
    grade: B2
    subject: {column: place}
    value: {column: n, unit: men, times: 2, plus: 1, decimal: ",", thousands: ".", decimals: 6, blank: skip}
    levels: {cuts: [3, 4], names: [absent, some, present]}
  - indicator: troops
    source: ministry
    grade: B2
    note: counted
    lag: 1y
    count: {unit: men, window: 2w, step: quarter, of: n, covered: subject, where: [{column: p, given: true}]}
"""


@pytest.fixture
def catalog(write: Write, example: dict[str, object]) -> Catalog:
    """The manual's example, its troops counted."""
    measured = {"id": "troops", "measure": {"unit": "men", "cuts": [1000]}}
    return load(write(lay_over(example, {"indicators/signs.yaml": {"indicators": [measured]}})))


@pytest.mark.parametrize("name", CASES)
def test_a_broken_mapping_has_exactly_these_faults(name: str, catalog: Catalog) -> None:
    text = MAPPING
    for old, new in CASES[name]["replace"].items():
        assert old in text
        text = text.replace(old, new)
    Path("m.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(DocumentFaults) as refusal:
        load_mapping(Path("m.yaml"), catalog)
    assert str(refusal.value).splitlines() == CASES[name]["faults"]


def test_there_is_a_case_for_every_code_of_mappings() -> None:
    told = {fault.split(": ", 1)[1][:5] for case in CASES.values() for fault in case["faults"]}
    own = {code for code in CODES if "IW170" <= code < "IW190"} | {"IW211", "IW212", "IW213"}
    assert own - told == set()


def test_the_mapping_of_the_cases_has_no_fault(catalog: Catalog) -> None:
    Path("m.yaml").write_text(MAPPING, encoding="utf-8")
    assert load_mapping(Path("m.yaml"), catalog) == load_mapping(Path("m.yaml"))
    assert load_mapping(Path("m.yaml")).title == "feed"


def test_a_mapping_means_what_its_file_says(write: Write) -> None:
    mapping = load_mapping(write({"m.yaml": FULL}) / "m.yaml")
    place = Cell(template="{place}")
    shared = {"source": Cell(template="ministry"), "grade": Cell(template="B2"), "marking": Cell(template="clear")}
    assert (mapping.id, mapping.title, mapping.delimiter, mapping.missing) == ("feed", "A feed", "\t", ("n/a",))
    assert mapping.columns == {"place": Cell(template="{p}", codes={"KYV": "kyiv"}, otherwise="skip")}
    when = Cell(template="{y}-{m}")
    assert mapping.time == Clock(cell=when, form="%Y-%m", period="month", zone="Europe/Kyiv", ambiguous="later")
    assert mapping.reported == Clock(cell=Cell(template="{out}"), form="iso", period="instant")
    assert mapping.covers == (date(2022, 1, 1), None)
    assert mapping.where == (
        Condition(column="kind", among=("a", "b")),
        Condition(column="n", at_least=1),
        Condition(column="k", not_among=("x",)),
    )
    sign = Cell(template="{what}", extract="(.*)!", otherwise="keep")
    counted = Count(
        unit="men",
        window=Span(days=14),
        step="quarter",
        of="n",
        covered="subject",
        where=(Condition(column="p", given=True),),
    )
    assert mapping.observations == (
        MappedObservation(
            cells={**shared, "note": Cell(template="{p} of {y}", blank="skip"), "indicator": sign, "subject": place},
            amount=Amount(
                column="n", unit="men", times=2, plus=1, decimal=",", thousands=".", decimals=6, blank="skip"
            ),
            cuts=Cuts(cuts=(3, 4), names=("absent", "some", "present")),
        ),
        MappedObservation(
            cells={**shared, "note": Cell(template="counted"), "indicator": Cell(template="troops")},
            count=counted,
            lag=Span(months=12),
        ),
    )


def test_the_mapping_in_the_documentation_has_no_fault(write: Write) -> None:
    page = (Path(__file__).parents[2] / "docs" / "mappings.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```yaml\n(id: .*?)^```$", page, re.MULTILINE | re.DOTALL)
    assert len(load_mapping(write({"m.yaml": block}) / "m.yaml").observations) == 2


def test_a_mapping_that_cannot_be_read_is_out_of_reach(write: Write) -> None:
    with pytest.raises(Unreachable) as refusal:
        load_mapping(write({}) / "m.yaml")
    assert str(refusal.value) == (
        "IW101 the file cannot be read (m.yaml: No such file or directory); it must be a readable file. "
        "Check its permissions."
    )
