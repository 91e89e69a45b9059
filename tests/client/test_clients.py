"""The client as a whole: importing it costs no HTTP library, and closing it closes its connections."""

import subprocess
import sys

import pytest

from iwscore.client import Client
from tests.api.running import Running
from tests.api.serving import CATALOG
from tests.client.scripted import said, scripted


def test_a_client_that_is_closed_asks_nothing() -> None:
    with scripted() as server:
        with Client(server.url, "secret") as client:
            pass
        with pytest.raises(RuntimeError):
            client.metrics()
    assert server.asked == []


def test_figures_come_as_text() -> None:
    with scripted((200, {}, b"iwscore_up 1\n")) as server, Client(server.url + "/", "secret") as client:
        assert client.metrics() == "iwscore_up 1\n"
    assert server.asked[0][1:3][0] == "/metrics"


def test_the_register_and_the_indicators() -> None:
    about = {"catalog": "c", "log": "l", "ceiling": "red"}
    lists = [said(about | {"indicators": [{"id": "a"}]}), said(about | {"sources": []}), said(about)]
    with scripted(*lists) as server, Client(server.url, "secret") as client:
        assert client.indicators().content == [{"id": "a"}]
        assert client.sources().content == []
        assert client.catalog().said.catalog == "c"


def test_what_the_service_says_of_its_catalog_and_itself(served: Running) -> None:
    with Client(served.url, "reader-clear") as client:
        assert [one["id"] for one in client.indicators().content] == sorted(CATALOG.indicators)
        assert [one["id"] for one in client.sources().content] == sorted(CATALOG.sources)
        assert client.catalog().content["digest"] == CATALOG.digest
        assert 'iwscore_likelihood{problem="northern-front"' in client.metrics()


def test_importing_it_loads_neither_httpx_nor_the_service() -> None:
    code = "import sys, iwscore.client; print([m for m in ('httpx', 'fastapi', 'sqlalchemy') if m in sys.modules])"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"
