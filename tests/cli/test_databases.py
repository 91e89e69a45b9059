"""Where the log is: the option, then the environment, then the catalog's folder."""

from pathlib import Path

import pytest

from iwscore.cli.databases import caches_of, found_url, log_url, now, shown_url


@pytest.fixture(autouse=True)
def plain(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("IWSCORE_DATABASE", "IWSCORE_CATALOG", "IWSCORE_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)


def test_the_option_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    assert log_url(None, None) == "iwscore.db"
    assert log_url(None, Path("watch")) == "watch/iwscore.db"
    monkeypatch.setenv("IWSCORE_CATALOG", "held")
    assert log_url(None, None) == "held/iwscore.db"
    monkeypatch.setenv("IWSCORE_DATABASE", "postgresql://host/log")
    assert log_url(None, Path("watch")) == "postgresql://host/log"
    assert log_url("here.db", Path("watch")) == "here.db"


def test_a_log_is_kept_as_seen_from_elsewhere_without_what_lets_one_in(monkeypatch: pytest.MonkeyPatch) -> None:
    home = Path("out")
    for url in ("watch/iwscore.db", "sqlite:///watch/iwscore.db"):
        assert shown_url(url, None, home) == "../watch/iwscore.db"
    assert shown_url("postgresql://ann:se/cret@host/log?password=x", None, home) == "postgresql://ann@host/log"
    for nothing in (None, ""):
        if nothing is not None:
            monkeypatch.setenv("IWSCORE_DATABASE", nothing)
        assert found_url("../watch/iwscore.db", home) == "out/../watch/iwscore.db"
    monkeypatch.setenv("IWSCORE_DATABASE", "other.db")
    assert found_url("../watch/iwscore.db", home) is None


def test_caches_lie_beside_files_and_where_the_user_keeps_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [caches_of(url) for url in ("watch.db", "sqlite:///watch.db")] == [None, None]
    assert caches_of("postgresql://host/log") == Path.home() / ".cache" / "iwscore"
    monkeypatch.setenv("XDG_CACHE_HOME", "kept")
    assert caches_of("postgresql://host/log") == Path("kept/iwscore")
    monkeypatch.setenv("IWSCORE_CACHE", "named")
    assert [caches_of(url) for url in ("watch.db", "postgresql://host/log")] == [Path("named"), Path("named")]


def test_whoever_has_no_home_has_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", homeless)
    assert caches_of("postgresql://host/log") is None


def test_the_clock_runs() -> None:
    before = now()
    assert before <= now()
    assert before > 1_700_000_000_000_000


HISTORY = ("--historical", "--reason", "archive")


def test_the_commands_of_the_log_work_on_postgresql(desk, postgresql_url):
    where = {"IWSCORE_DATABASE": postgresql_url, "IWSCORE_AUTHOR": "ann"}
    assert desk("log", "create", **where).returncode == 0
    assert '"added": 4' in desk("import", "observations.csv", *HISTORY, "--format", "json", **where).stdout
    asked = ("score", "port-closure", "--at", "2026-03-10", "--format", "json")
    assert desk(*asked, **where).stdout == desk(*asked, "--observations", "observations.csv").stdout
    assert desk("export", **where).stdout.count("\n") == 5
    assert desk("log", "verify", **where).stdout.startswith("The log is intact: 5 entries in 2 batches, head ")
