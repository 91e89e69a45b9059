"""The recession table as history in a log: as-then-known answers differ from today's while figures are not out."""

import csv
import io
import json
import shutil

import pytest

from tests.cli.conftest import ROOT

EXAMPLE = ROOT / "examples" / "recession"
MAPPING = ROOT / "examples" / "mappings" / "recession-indicators.yaml"
ABOUT = ("us-recession", "--catalog", ".")
HISTORY = ("--historical", "--reason", "the table as published", "--author", "ann")


@pytest.fixture
def shelf(run, tmp_path):
    """Return the program in a folder with the example's catalog, its table of 2003 to 2009 and an empty log."""
    folder = tmp_path / "recession"
    shutil.copytree(EXAMPLE, folder)
    table = folder / "recession_indicators.csv"
    header, *rows = table.read_text(encoding="utf-8").splitlines(keepends=True)
    table.write_text("".join([header, *(row for row in rows if "2003" <= row[:4] <= "2009")]), encoding="utf-8")
    run("log", "create", cwd=folder)
    return lambda *arguments: run(*arguments, cwd=folder)


def likelihoods(shelf, *asked):
    """Return what a trend on the log says of a recession, by time."""
    answer = shelf("trend", *ABOUT, *asked, "--format", "csv")
    assert answer.returncode == 0, answer.stderr
    rows = csv.DictReader(io.StringIO(answer.stdout))
    return {row["at"]: float(row["likelihood"]) for row in rows if row["scenario"] == "recession"}


@pytest.mark.parametrize(("lag", "days"), [("0d", range(0)), ("10d", range(1, 11))])
def test_the_trends_differ_from_when_a_figure_is_so_until_it_is_out(shelf, tmp_path, lag, days):
    text = MAPPING.read_text(encoding="utf-8").replace("    lag: 0d\n", "").replace("lag: 1mo", f"lag: {lag}")
    (tmp_path / "lagging.yaml").write_text(text, encoding="utf-8")
    shelf("import", "recession_indicators.csv", "--mapping", tmp_path / "lagging.yaml", *HISTORY)
    asked = ("--from", "2008-01-01", "--to", "2008-06-30")
    plain, then = likelihoods(shelf, *asked), likelihoods(shelf, *asked, "--vintage")
    # A month's figures are so at the midnight after it; at the one they come out, they are known.
    differing = {at for at in plain if plain[at] != then[at]}
    assert differing == {at for at in plain if int(at[8:10]) in days}
    assert len(differing) == 6 * len(days)


def test_a_vintage_is_the_answer_without_what_was_not_out(shelf, tmp_path):
    shelf("import", "recession_indicators.csv", "--mapping", MAPPING, *HISTORY)
    asked = ("--from", "2008-02-01", "--to", "2008-10-01", "--step", "4mo")
    plain, then = likelihoods(shelf, *asked), likelihoods(shelf, *asked, "--vintage")
    header, *rows = csv.reader(io.StringIO(shelf("export").stdout))
    observed_at, known_from, indicator = map(header.index, ("observed_at", "known_from", "indicator"))
    for at in plain:
        late = [row for row in rows if row[observed_at] <= at < row[known_from]]
        # Of the month just over, all figures are out a month later but the yield curve, which is out at once.
        assert {row[observed_at] for row in late} == {at}
        assert len({row[indicator] for row in late} - {"yield-curve"}) == len(late) == 7
        with (tmp_path / "out.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file, lineterminator="\n").writerows([header, *(row for row in rows if row not in late)])
        answer = shelf("score", *ABOUT, "--at", at, "--observations", tmp_path / "out.csv", "--format", "json")
        (said, _) = json.loads(answer.stdout)["scenarios"]
        assert (said["id"], said["likelihood"]) == ("recession", then[at])
        assert then[at] != plain[at]
