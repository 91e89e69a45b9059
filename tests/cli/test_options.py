"""What the commands share: times as people type them, and where answers go."""

from datetime import UTC, datetime

import pytest

from iwscore.cli import options
from iwscore.errors import QuestionError


def test_a_bare_date_is_its_start_and_as_knowledge_its_end():
    assert options.instant("2022-10-12", "--at") == datetime(2022, 10, 12, tzinfo=UTC)
    assert options.knowledge("2022-10-12") == datetime(2022, 10, 12, 23, 59, 59, 999_999, tzinfo=UTC)
    assert options.knowledge(None) is None


def test_what_is_no_time_is_refused_by_the_options_name():
    with pytest.raises(QuestionError, match="IW507 --known-at is not a time \\(12 October\\)"):
        options.knowledge("12 October")


def test_bytes_go_out_as_they_are(tmp_path, capfdbinary):
    options.put("ä\r\n", None)
    assert capfdbinary.readouterr().out == "ä\r\n".encode()
    options.put(b"\x89PNG", tmp_path / "chart.png")
    assert (tmp_path / "chart.png").read_bytes() == b"\x89PNG"


def test_nothing_is_shown_where_nobody_watches(capsys):
    with options.working("Reading"):
        pass
    assert capsys.readouterr() == ("", "")
