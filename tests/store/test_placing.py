"""Placing: what recording refuses, with the nearest name; and the clocks of history."""

import numpy as np
import pytest

from iwscore.domain.indicators import Indicator, Measure
from iwscore.domain.times import parse_instant, to_micros
from iwscore.store.comma_rows import read_comma_rows
from iwscore.store.placing import judge_clocks, judge_names
from iwscore.store.rows import judge
from iwscore.store.verdicts import Verdicts
from tests.store.sheets import RETRACTION, as_commas, sound

NOW = to_micros(parse_instant("2022-10-10"))


def faults_of(rows, catalog, *, historical=False):
    troops = Indicator(
        id="troops", title="", category="military", levels=("absent", "present"), half_life_days=(1.0, 1.0),
        common_error=0.0, measure=None, status="active",
    )  # fmt: skip
    boats = troops.model_copy(update={"id": "boats", "measure": Measure(unit="boats", cuts=(3,))})
    known = catalog.model_copy(update={"indicators": {"boats": boats, "troops": troops}})
    table = read_comma_rows("seen.csv", as_commas(rows))
    verdicts = Verdicts(table.file, table.rows, list(table.faults), np.zeros(len(table.rows), dtype=bool))
    judged = judge(table, known, verdicts)
    judge_names(judged, known, verdicts)
    reported = judge_clocks(judged, table, verdicts, now=NOW, historical=historical)
    return [str(fault) for fault in verdicts.faults], reported


IN_A_LIST = "it must be in the register. Did you mean"
REFUSED = {
    'indicator: IW340 indicator is unknown (trops); it must be in the catalog. Did you mean "troops"?': sound(
        indicator="trops"
    ),
    "level: IW341 level is unknown (here); it must be a level of troops, or unknown. "
    "There are: absent, present, unknown.": sound(level="here"),
    f'source: IW342 source is unknown (osnit); {IN_A_LIST} "osint"?': sound(source="osnit"),
    f'origin: IW343 origin is unknown (ministre); {IN_A_LIST} "minister"?': sound(origin="ministre"),
    "value: IW344 troops has no measure (3.0); a value must have cuts. Write the level, or give it a measure.": sound(
        level="", value="3"
    ),
    "observed_at: IW349 observed_at lies in the future (2022-10-11T00:00:00Z); "
    "it must not lie after 2022-10-10T00:00:00Z. Correct the time.": sound(observed_at="2022-10-11"),
    "reported_at: IW360 reported_at lies in the future (2022-10-10T00:00:01Z); "
    "it must not lie after 2022-10-10T00:00:00Z. Correct the time.": sound(reported_at="2022-10-10T00:00:01Z"),
}


@pytest.mark.parametrize(("said", "row"), REFUSED.items())
def test_what_recording_refuses(catalog, said, row):
    assert faults_of([row], catalog)[0] == [f"seen.csv:row 2:{said}"]


def test_what_a_catalog_knows_passes(catalog):
    """So does what was said today, by its bare date."""
    rows = [
        sound(reported_at="2022-10-10"),
        sound(level="unknown"),
        sound(indicator="boats", level="", value="3"),
        sound(origin="minister"),
    ]
    assert faults_of(rows, catalog)[0] == []


TIMELESS = {
    "IW347 reported_at is blank; history counts as known from it. Fill in when the source said so.": sound(),
    "IW348 known later than now (2022-10-10T23:59:59.999999Z); it must not lie after 2022-10-10T00:00:00Z. "
    "Correct the time.": sound(reported_at="2022-10-10"),
}


@pytest.mark.parametrize(("said", "row"), TIMELESS.items())
def test_history_says_when_it_was_known(catalog, said, row):
    assert faults_of([row], catalog, historical=True)[0] == [f"seen.csv:row 2:reported_at: {said}"]


def test_an_exports_own_knowledge_time_goes_before_reported_at(catalog):
    rows = [
        sound(reported_at="2022-10-05T00:00:00Z", known_from="2022-10-07T00:00:00Z"),
        sound(reported_at="2022-10-06T00:00:00Z"),
        RETRACTION,
    ]
    said, reported = faults_of(rows, catalog, historical=True)
    assert said == []
    days = ("2022-10-07", "2022-10-06", "2022-10-08")
    assert reported.tolist() == [to_micros(parse_instant(day)) for day in days]
