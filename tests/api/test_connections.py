"""Connections: a head that has no end is refused before it fills the memory."""

import socket

from tests.api.running import running
from tests.store.drafting import Clock


def test_a_head_without_an_end_is_refused(sqlite_url: str) -> None:
    with running(sqlite_url, Clock()) as service:
        port = int(service.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=60) as peer:
            peer.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Much: " + b"x" * 40_000)
            peer.sendall(b"x" * 40_000)
            assert peer.recv(1000).startswith(b"HTTP/1.1 431 ")


def test_a_head_that_comes_to_its_end_is_read(sqlite_url: str) -> None:
    with running(sqlite_url, Clock()) as service:
        port = int(service.url.rpartition(":")[2])
        with socket.create_connection(("127.0.0.1", port), timeout=60) as peer:
            peer.sendall(b"GET /healthz HTTP/1.1\r\nHost: loc")
            peer.sendall(b"alhost\r\n\r\n")
            assert peer.recv(1000).startswith(b"HTTP/1.1 200 ")
