"""Foreign files become observations: the three shipped mappings, and the same judging as for any file."""

from pathlib import Path

import pytest

from iwscore.catalog import load, load_mapping
from iwscore.domain.catalogs import Catalog
from iwscore.domain.mappings import Mapping
from iwscore.errors import RowFaults
from iwscore.store import read_observations
from iwscore.store.foreign import read_mapped
from tests.store.mapped import ROOT, SHIPPED, mapping_of, read, shown, told

TIDY = """\
id: tidy
time: {column: at, form: iso, period: instant, zone: Europe/Kyiv}
{known}
lists:
  signs: {T: troops, K: talks}
subject: "{from}-{to}"
source: {column: who}
grade: {column: grade}
observations:
  - indicator: {column: what, codes: signs}
    where: [{column: what, in: signs}]
    level: {column: how, codes: {yes: present, no: absent, "?": unknown}}
    external_id: {column: id, blank: skip}
    note: counted by hand
"""
LINES = """\
id,at,out,what,how,from,to,who,grade
a,2022-01-05T08:00,2022-01-06,T,yes,RU,UA,osint,B2
b,2022-01-05T09:00Z,2022-01-06,K,?,RU,UA,osint,C3
c,2022-01-05T08:00,2022-01-06,other,yes,RU,UA,osint,B2
,2022-01-05T08:00,2022-01-06,T,no,RU,UA,osint,B2
"""


def shipped(name: str) -> Mapping:
    return load_mapping(SHIPPED / f"{name}.yaml")


def tidy(known: str = "lag: 6h") -> str:
    return TIDY.replace("{known}", known)


def test_a_wide_monthly_table_gives_a_row_for_each_figure(tmp_path: Path) -> None:
    content = """\
        d,slope,dunrate3,sahm,permit_yoy,claims_yoy,ip6,hours,fedfunds_12,usrec
        2007-12-01,0.86,0.2999999999999998,0.5,-0.29,0.0711,0.01,-0.4000000000000057,-1.0,1.0
        2008-01-01,0.98,0.4,,,0.1,0,0.1,-1.31,1.0
        """
    table = read(tmp_path, shipped("recession-indicators"), content)
    found = {(row, sign): rest for row, sign, *rest in shown(table, "indicator", "value", "observed_at", "reported_at")}
    assert found == {
        (2, "yield-curve"): [0.86, "2008-01-01", "2008-01-01"],
        (3, "yield-curve"): [0.98, "2008-02-01", "2008-02-01"],
        **{
            (2, sign): [value, "2008-01-01", "2008-02-01"]
            for sign, value in {
                "unemployment-change": 0.3,
                "sahm-rule": 0.5,
                "building-permits": -29.0,
                "jobless-claims": 7.11,
                "industrial-production": 1.0,
                "factory-hours": -0.4,
                "policy-rate": -1.0,
            }.items()
        },
        **{
            (3, sign): [value, "2008-02-01", "2008-03-01"]
            for sign, value in {
                "unemployment-change": 0.4,
                "jobless-claims": 10.0,
                "industrial-production": 0.0,
                "factory-hours": 0.1,
                "policy-rate": -1.31,
            }.items()
        },
    }
    assert {row[1:] for row in shown(table, "subject", "source", "grade", "marking")} == {
        ("united-states", "us-statistics", "A2", "clear")
    }
    assert table.faults == ()


def test_the_shipped_table_fits_its_catalog_and_holds_every_figure() -> None:
    folder = ROOT / "examples" / "recession"
    catalog = load(folder)
    mapping = load_mapping(SHIPPED / "recession-indicators.yaml", catalog)
    observations = read_observations(folder / "recession_indicators.csv", catalog, mapping)
    # 796 months of eight figures, less 22 blank cells.
    assert len(observations) == 796 * 8 - 22
    assert set(observations.indicator.names) == set(catalog.indicators)


EVENTS = """\
date,S,R,O
2022-01-03,Police (Ukraine),Meet,Lawyer (Poland)
2022-01-09,Army (Russia),fight with rifles,Ukraine
2022-01-30,Russia,Use force,Citizen (Men) (Ukraine)
2022-01-31,Russia,Use force,Rebel (Russia)
2022-02-01,A Person,Use force,Ukraine
2022-02-06,Crowd (Poland),Protest violently,Poland
2022-02-06,Crowd (Poland),Protest violently,A Person
"""


def test_coded_events_give_a_count_for_each_dyad_and_country(tmp_path: Path) -> None:
    table = read(tmp_path, shipped("coded-events"), EVENTS)
    counts = shown(table, "indicator", "subject", "observed_at", "value", "reported_at")
    # Each Monday: the row of the latest event, or, where none counted, of the last event before it.
    (first, out), (second, later) = MONDAYS
    assert counts == [
        (4, "force-events", "russia-ukraine", first, 2.0, out),
        (4, "force-events", "russia-ukraine", second, 1.0, later),
        (4, "force-events", "ukraine-poland", first, 0.0, out),
        (8, "force-events", "ukraine-poland", second, 0.0, later),
        *quiet("belarus"),
        (4, "protest-events", "poland", first, 0.0, out),
        (8, "protest-events", "poland", second, 2.0, later),
        *quiet("russia"),
        *quiet("ukraine"),
    ]
    assert table.faults == ()


MONDAYS = [("2022-01-31", "2022-02-01"), ("2022-02-07", "2022-02-08")]


def quiet(subject: str) -> list[tuple[object, ...]]:
    return [(row, "protest-events", subject, at, 0.0, out) for row, (at, out) in zip((4, 8), MONDAYS, strict=True)]


def test_a_panel_gives_sums_within_the_rows_of_each_country(tmp_path: Path) -> None:
    months = [f"2022-{month:02}" for month in range(1, 9)]
    panel = [f"1,{month},{place},{place % 3}" for place, month in enumerate(months)]
    panel += [f"2,{month},100,1" for month in months[1:7]]
    table = read(tmp_path, shipped("country-months"), "\n".join(["country_id,month,ged_best_sb,ged_count_sb", *panel]))
    sums = [row for row in shown(table, "indicator", "subject", "value", "observed_at") if row[1] == "battle-deaths"]
    assert sums == [
        (7, "battle-deaths", "country-1", 0 + 1 + 2 + 3 + 4 + 5, "2022-07-01"),
        (8, "battle-deaths", "country-1", 1 + 2 + 3 + 4 + 5 + 6, "2022-08-01"),
        (9, "battle-deaths", "country-1", 2 + 3 + 4 + 5 + 6 + 7, "2022-09-01"),
        (15, "battle-deaths", "country-2", 600, "2022-08-01"),
    ]
    ids = shown(table, "external_id", "value", "reported_at")
    assert (2, "battle-events/1/2022-01", 0.0, "2022-03-01") in ids
    assert (15, "battle-events/2/2022-07", 1.0, "2022-09-01") in ids
    assert len(ids) == 4 + 14


def test_a_tidy_table_names_the_indicator_in_a_column(tmp_path: Path) -> None:
    table = read(tmp_path, tidy(), LINES)
    names = ("external_id", "observed_at", "reported_at", "indicator", "level", "subject", "source", "grade", "note")
    assert shown(table, *names) == [
        (2, "a", "2022-01-05T06:00:00", "2022-01-05T12:00:00", "troops", "present", "RU-UA", "osint", "B2", NOTE),
        (3, "b", "2022-01-05T09:00:00", "2022-01-05T15:00:00", "talks", "unknown", "RU-UA", "osint", "C3", NOTE),
    ]


NOTE = "counted by hand"


@pytest.mark.parametrize(
    ("known", "reported"),
    [
        ("reported: {column: out, period: day}", "2022-01-07"),
        ("reported: {column: out, period: day, zone: America/New_York}", "2022-01-07T05:00:00"),
        ("lag: 1mo", "2022-02-05T06:00:00"),
    ],
)
def test_publication_is_told_by_a_lag_or_by_a_column(known: str, reported: str, tmp_path: Path) -> None:
    assert shown(read(tmp_path, tidy(known), LINES), "reported_at")[0] == (2, reported)


def test_an_observations_own_lag_stands_beside_the_column(tmp_path: Path) -> None:
    own = tidy("reported: {column: out, period: day}") + "    lag: 0d\n"
    assert shown(read(tmp_path, own, LINES.replace("2022-01-06", "")), "reported_at")[0] == (2, "2022-01-05T06:00:00")


def test_every_fault_names_row_and_column_of_the_foreign_file(tmp_path: Path) -> None:
    lines = LINES.replace("T,yes", "T,perhaps").replace("09:00Z,2022-01-06", "9h,soon").replace("b,", "b b,")
    lines += "d,2022-01-05T08:00,,K,no,RU,UA,osint,B2\n"
    table = read(tmp_path, tidy("reported: {column: out, period: day}"), lines)
    assert [fault.partition(";")[0] for fault in told(table)] == [
        "feed.csv:row 3:at: IW352 time cannot be read (2022-01-05T9h)",
        "feed.csv:row 2:how: IW351 text means nothing to the mapping (perhaps)",
        "feed.csv:row 6:out: IW352 time cannot be read (blank)",
    ]
    assert (len(table.rows), table.lost) == (0, True)


def test_a_foreign_file_is_judged_as_any_other(tmp_path: Path, wide_catalog: Catalog) -> None:
    lines = LINES.replace("osint,B2", "minister,2").replace("osint,C3", "osint,C7")
    path = tmp_path / "feed.csv"
    path.write_text(lines, encoding="utf-8")
    with pytest.raises(RowFaults) as refusal:
        read_observations(path, wide_catalog, mapping_of(tmp_path, tidy()))
    assert [str(fault).rpartition("/")[2].partition(";")[0] for fault in refusal.value.faults] == [
        "feed.csv:row 2:grade: IW328 digit stands alone (2)",
        "feed.csv:row 3:grade: IW327 not an Admiralty grade (C7)",
    ]
    path.write_text(LINES, encoding="utf-8")
    observations = read_observations(path, wide_catalog, mapping_of(tmp_path, tidy()))
    assert (observations.row.tolist(), observations.level.names) == ([2, 3], ("present", "unknown"))


def test_a_level_may_be_cut_by_the_mapping_and_a_blank_one_is_a_fault(tmp_path: Path, catalog: Catalog) -> None:
    mapping = """\
        id: cut
        time: {column: y, form: "%Y", period: year}
        source: osint
        grade: B2
        lag: 0d
        observations:
          - {indicator: troops, value: {column: n, unit: men}, levels: {cuts: [10], names: [few, many]}}
        """
    table = read(tmp_path, mapping, "y,n\n2020,9.9\n2021,10\n2022,\n")
    assert shown(table, "level", "value", "observed_at") == [
        (2, "few", None, "2021-01-01"),
        (3, "many", None, "2022-01-01"),
        (4, None, None, "2023-01-01"),
    ]
    with pytest.raises(RowFaults, match=r"row 4:level: IW326 level and value are both blank"):
        read_observations(tmp_path / "feed.csv", catalog, mapping_of(tmp_path, mapping))


def test_a_zone_that_this_machine_does_not_know_is_a_fault(tmp_path: Path) -> None:
    mapping = mapping_of(tmp_path, tidy())
    astray = mapping.model_copy(update={"time": mapping.time.model_copy(update={"zone": "Europe/Nowhere"})})
    (tmp_path / "feed.csv").write_text(LINES, encoding="utf-8")
    assert told(read_mapped(tmp_path / "feed.csv", astray)) == [
        "Nowhere); it must be in its database. Install the database of time zones."
    ]


def test_of_a_file_without_its_columns_only_that_is_said(tmp_path: Path) -> None:
    table = read(tmp_path, tidy(), "a;b\n1;2\n")
    assert {fault.code for fault in table.faults} == {"IW356"}
    assert len(table.faults) == 8


def test_the_same_file_in_another_order_says_the_same(tmp_path: Path, wide_catalog: Catalog) -> None:
    head, *lines = EVENTS.splitlines()
    path, mapping = tmp_path / "feed.csv", shipped("coded-events")
    found = []
    for order in (lines, lines[::-1]):
        path.write_text("\n".join([head, *order]), encoding="utf-8")
        found.append(read_observations(path, wide_catalog, mapping))
    assert (found[0].id == found[1].id).all()
