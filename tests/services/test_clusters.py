"""A real Dask cluster answers in the same bytes, whatever of it is lost."""

import socket
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import dask
import pytest

from iwscore.errors import Unreachable
from iwscore.services.clusters import cluster
from tests.oracle.plain import AT
from tests.services.clusters import OTHER, WITHOUT, Cluster
from tests.services.jobs import DAY, Making, several
from tests.services.telling import Told

LONG = {"step": "1h", "end": AT + 700 * DAY}  # three tasks, of two parts each


@pytest.fixture
def making(tell: Callable[..., Told], tmp_path: Path) -> Making:
    return Making(several(tell), tmp_path / "history.parquet", LONG)


@pytest.fixture
def whole(making: Making) -> str:
    """Return the digest of what is made here."""
    digest = making.manifest().sha256
    making.out = making.out.with_name("elsewhere.parquet")
    return digest


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Cluster]:
    (tmp_path / "cluster").mkdir()
    with Cluster(tmp_path / "cluster") as one:
        yield one


def once(done: Callable[[], object]) -> Callable[[int, int], None]:
    """Return a listener that does something when the first answers are in."""
    heard: list[int] = []

    def told(rows: int, total: int) -> None:
        if rows and not heard:
            heard.append(rows)
            done()

    return told


def test_workers_that_have_the_core_alone_make_the_same_bytes(making: Making, whole: str, running: Cluster) -> None:
    running.worker()
    running.worker()
    said: list[tuple[int, int]] = []
    executor = cluster(running.address)
    receipt = making.make(executor=executor, told=lambda done, rows: said.append((done, rows)))
    assert (receipt.manifest.sha256, receipt.resumed) == (whole, 0)
    assert said == sorted(said)
    assert (said[0][0], said[-1]) == (0, (receipt.manifest.rows,) * 2)


def test_what_a_lost_worker_had_is_done_by_another(making: Making, whole: str, running: Cluster) -> None:
    """The only worker is killed with the other tasks in its hands; then another comes."""
    first = running.worker()

    def replace() -> None:
        first.kill()
        running.worker()

    receipt = making.make(executor=cluster(running.address), told=once(replace))
    assert (receipt.manifest.sha256, receipt.resumed) == (whole, 0)
    assert first.poll() != 0


def test_where_the_scheduler_is_lost_the_job_goes_on_from_what_is_done(
    making: Making, whole: str, running: Cluster
) -> None:
    running.worker()
    with (
        pytest.raises(Unreachable, match=r"^IW455 cluster was lost.*; must be there until the job is done\. Ask"),
        dask.config.set({"distributed.comm.timeouts.connect": "100ms"}),
    ):
        making.make(executor=cluster(running.address), told=once(running.scheduler.kill))
    assert not making.out.exists()
    receipt = making.make()
    assert receipt.resumed > 0
    assert receipt.manifest.sha256 == whole


def test_a_worker_of_another_version_is_refused(making: Making, running: Cluster) -> None:
    running.worker(OTHER)
    with pytest.raises(Unreachable, match=r"^IW456 worker cannot do the job \(iwscore 9\.9, numpy .*; every one must"):
        making.make(executor=cluster(running.address))


def test_a_worker_without_the_core_is_refused(making: Making, running: Cluster) -> None:
    running.worker(WITHOUT)
    with pytest.raises(Unreachable, match=r"^IW456 worker cannot do the job \(ModuleNotFoundError: .*iwscore"):
        making.make(executor=cluster(running.address))


def test_where_nobody_listens_there_is_no_cluster(making: Making) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"tcp://127.0.0.1:{closed.getsockname()[1]}"
    refused = rf"^IW455 no cluster \({address}\); must be a Dask scheduler that answers\. Check --scheduler\.$"
    with dask.config.set({"distributed.comm.timeouts.connect": "100ms"}), pytest.raises(Unreachable, match=refused):
        making.make(executor=cluster(address))


@pytest.mark.parametrize("address", ["cluster", "tcp://cluster", "file://cluster:1", ""])
def test_an_address_is_one_of_a_scheduler(making: Making, address: str) -> None:
    with pytest.raises(Unreachable, match=rf"^IW455 no cluster \({address}\)"):
        making.make(executor=cluster(address))


def test_without_dask_it_is_named(making: Making, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "dask", None)
    with pytest.raises(
        Unreachable, match=r"^IW457 Dask is missing \(.*\); must be installed\. Install iwscore\[dask\]"
    ):
        making.make(executor=cluster())
