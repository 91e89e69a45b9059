"""Events become counts: of whom, from when to when, and what is said of those who had none."""

from pathlib import Path

import pytest

from tests.store.mapped import read, shown, told

MAPPING = """\
id: feed
time: {{column: day, period: day}}
source: osint
grade: B2
lag: 1d
columns: {{who: {{column: place, codes: {{K: kyiv, L: lviv}}, otherwise: skip}}}}
{top}
observations:
  - indicator: raids
    {more}
    count: {{unit: raids in 2 days, window: 2d, step: day{count}}}
"""
# From the 1st to the 5th; L from the 2nd to the 4th; X is in no list.
EVENTS = """\
day,place,kind,n
2022-01-01,K,raid,1
2022-01-02,K,raid,2
2022-01-02,L,talk,1
2022-01-03,K,raid,4
2022-01-04,L,raid,1
2022-01-05,X,raid,8
"""
KYIV = [(3, "2022-01-03", 3), (5, "2022-01-04", 6), (5, "2022-01-05", 4), (7, "2022-01-06", 0)]


def said(folder: Path, *, top: str = "", more: str = "", count: str = "") -> dict[str | None, list[tuple[object, ...]]]:
    """Return for each subject the row, time and value of each count."""
    table = read(folder, MAPPING.format(top=top, more=more, count=count), EVENTS)
    assert table.faults == ()
    found: dict[str | None, list[tuple[object, ...]]] = {}
    for row, subject, at, value in shown(table, "subject", "observed_at", "value"):
        found.setdefault(subject, []).append((row, at, value))  # type: ignore[arg-type]
    return found


def test_every_whole_window_is_told_of_every_declared_subject_also_when_nothing_happened(tmp_path: Path) -> None:
    found = said(tmp_path, more="subject: {column: who}", count=", of: n")
    assert found["kyiv"] == KYIV
    assert found["lviv"] == [(4, "2022-01-03", 1), (4, "2022-01-04", 1), (6, "2022-01-05", 1), (6, "2022-01-06", 1)]
    assert set(found) == {"kyiv", "lviv"}


def test_what_does_not_count_still_shows_that_somebody_looked(tmp_path: Path) -> None:
    found = said(tmp_path, more="subject: {column: place}", count=", where: [{column: kind, in: [raid]}]")
    assert [value for _, _, value in found["L"]] == [0, 0, 1, 1]
    assert [(row, value) for row, _, value in found["X"]] == [(4, 0), (5, 0), (6, 0), (7, 1)]


def test_rows_that_the_observation_is_not_about_make_no_subject(tmp_path: Path) -> None:
    found = said(tmp_path, more="subject: {column: place}\n    where: [{column: kind, in: [talk]}]")
    assert found == {"L": [(4, "2022-01-03", 1), (4, "2022-01-04", 1), (6, "2022-01-05", 0), (7, "2022-01-06", 0)]}


def test_of_a_subject_only_the_days_within_its_own_rows_are_told_if_the_mapping_says_so(tmp_path: Path) -> None:
    found = said(tmp_path, more="subject: {column: who}", count=", of: n, covered: subject")
    assert found["kyiv"] == KYIV[:2]
    assert found["lviv"] == [(4, "2022-01-04", 1), (6, "2022-01-05", 1)]


def test_a_file_may_cover_more_than_its_rows(tmp_path: Path) -> None:
    found = said(tmp_path, top="covers: {from: 2021-12-31, to: 2022-01-06}", more="subject: {column: who}")
    assert [(at, value) for _, at, value in found["kyiv"]] == [
        ("2022-01-02", 1),
        ("2022-01-03", 2),
        ("2022-01-04", 2),
        ("2022-01-05", 1),
        ("2022-01-06", 0),
        ("2022-01-07", 0),
    ]


@pytest.mark.parametrize(("more", "subject"), [("", None), ("subject: ukraine", "ukraine")])
def test_without_a_column_all_events_are_of_one_subject(more: str, subject: str | None, tmp_path: Path) -> None:
    found = said(tmp_path, more=more)
    assert {name: [value for _, _, value in rows] for name, rows in found.items()} == {subject: [3, 3, 2, 2]}


def test_a_declared_subject_that_never_comes_is_told_too(tmp_path: Path) -> None:
    cell = "subject: {column: place, codes: {K: kyiv, L: lviv, X: none, O: odesa}}"
    found = said(tmp_path, more=cell)
    assert found["odesa"] == [(day + 1, f"2022-01-0{day}", 0) for day in (3, 4, 5, 6)]
    assert "odesa" not in said(tmp_path, more=cell, count=", covered: subject")


def test_a_count_is_one_statement_that_is_known_again(tmp_path: Path) -> None:
    table = read(
        tmp_path,
        MAPPING.format(top="note: counted", more="levels: {cuts: [3], names: [few, many]}", count=""),
        EVENTS,
    )
    names = ("indicator", "level", "value", "source", "grade", "note", "external_id", "reported_at")
    assert shown(table, *names) == [
        (4, "raids", "many", None, "osint", "B2", "counted", "feed/raids//2022-01-03", "2022-01-04"),
        (5, "raids", "many", None, "osint", "B2", "counted", "feed/raids//2022-01-04", "2022-01-05"),
        (6, "raids", "few", None, "osint", "B2", "counted", "feed/raids//2022-01-05", "2022-01-06"),
        (7, "raids", "few", None, "osint", "B2", "counted", "feed/raids//2022-01-06", "2022-01-07"),
    ]


def test_steps_are_midnights_of_the_zone_and_months_of_the_calendar(tmp_path: Path) -> None:
    mapping = """\
        id: feed
        time: {column: day, period: month, form: "%Y-%m", zone: Europe/Kyiv}
        source: osint
        grade: B2
        observations:
          - {indicator: raids, lag: 1mo, count: {unit: raids, of: n, window: 3mo, step: month}}
        """
    table = read(tmp_path, mapping, "day,n\n2022-01,1\n2022-02,2\n2022-03,4\n2022-04,8\n")
    assert shown(table, "observed_at", "reported_at", "value") == [
        (4, "2022-03-31T21:00:00", "2022-04-30T21:00:00", 7),
        (5, "2022-04-30T21:00:00", "2022-05-31T21:00:00", 14),
    ]


def test_a_file_shorter_than_the_window_is_a_fault_and_an_empty_one_is_not(tmp_path: Path) -> None:
    mapping = MAPPING.format(top="", more="", count="").replace("window: 2d", "window: 1w")
    assert told(read(tmp_path, mapping, EVENTS)) == [
        (
            "feed.csv: IW357 no whole window; the file must tell of more than the days from 2022-01-01 to 2022-01-05. "
            "Shorten the window, or count over more files in one."
        )
    ]
    assert told(read(tmp_path, mapping, EVENTS.partition("\n")[0])) == []


def test_a_row_at_fault_is_not_counted(tmp_path: Path) -> None:
    mapping = MAPPING.format(top="", more="subject: {column: who}", count=", of: n")
    table = read(tmp_path, mapping, EVENTS.replace("K,raid,4", "K,raid,four"))
    assert [fault.partition(";")[0] for fault in told(table)] == [
        "feed.csv:row 5:n: IW355 not a number of events (four)"
    ]
    assert [row[2] for row in shown(table, "subject", "value") if row[1] == "kyiv"] == [3, 2, 0, 0]
    assert table.lost
