"""The server: how the service is started, how many processes answer, and how it stops.

Here belongs the life of processes. What they answer belongs to ``api``, the words of the command to ``cli.serve``.
"""

from __future__ import annotations

import os
import signal
import socket
import ssl
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from ipaddress import ip_address
from pathlib import Path
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from iwscore.api.application import make_app
from iwscore.api.connections import Guarded
from iwscore.api.journals import LOGGER, Journal, Lines
from iwscore.api.limits import Rules
from iwscore.api.readers import ROLES, Reader, Role
from iwscore.api.reloads import Reloads, print_of, put_in_force
from iwscore.api.sign_ins import COOKIE_DAYS
from iwscore.api.stations import Station
from iwscore.api.turns import Leaving
from iwscore.catalog import Inspection, inspect
from iwscore.domain.catalogs import Catalog
from iwscore.errors import DocumentFaults, QuestionError, Refusal, Unreachable
from iwscore.settings import Settings
from iwscore.store.logs import Log, open_log, tokens_of

__all__ = ["Service", "faults", "is_loopback", "serve", "sign_in_link"]

_STOP_SECONDS = 10  # beyond the time that a request may take
_HEALTH_SECONDS = 60
_LINK_MINUTES = 10
_HELD_SECONDS = 0.05  # lines of the journal wait for one another
_MICROS = 1_000_000
_BROWSER = "browser"
_ROLES: dict[str, Role] = {role: role for role in ROLES}
_NAMES = ("localhost", "127.0.0.1", "[::1]", "::1")


@dataclass(frozen=True, slots=True)
class Service:
    """What a service is started with; ``clock`` tells the time in microseconds, ``ticks`` counts seconds.

    ``hosts`` are names under which it is known besides those of this machine, ``proxies`` the addresses whose word on
    who asks is taken; ``plain`` says that it may answer other machines without TLS. ``shared`` is where several
    processes add up their counts.
    """

    settings: Settings
    database: str
    clock: Callable[[], int]
    ticks: Callable[[], float]
    caches: Path | None = None
    hosts: tuple[str, ...] = ()
    proxies: tuple[str, ...] = ()
    plain: bool = False
    shared: Path | None = None

    def rules(self) -> Rules:
        """Return the limits."""
        told = self.settings
        local = _NAMES if is_loopback(told.host) else ()
        return Rules(
            body_bytes=told.most_body, requests_per_second=told.rate, burst=told.burst, seconds=told.timeout,
            hosts=(*local, *self.hosts), origins=told.cors_origins, secure=told.tls_cert is not None,
        )  # fmt: skip

    def open(self) -> Log:
        """Return the log."""
        return open_log(self.database, clock=self.clock, caches=self.caches)


def serve(service: Service, say: Callable[[str], None]) -> None:
    """Answer until told to stop; ``say`` is told where, as soon as that is so.

    Raises
    ------
    DocumentFaults
        If the catalog has errors.
    Refusal
        If it must not, or cannot, be done as asked.
    """
    inspection = _inspected(service.settings.catalog)
    with service.open() as log:
        link = sign_in_link(log, service)
    application = _Application(service, inspection.catalog, inspection.count("warning"))
    listening = _listening(service.settings)
    address = _address(service.settings, listening)
    say(f"Listening at {address} (process {os.getpid()}).")
    if link:
        say(f"Sign in, once and within {_LINK_MINUTES} minutes: {address}/sign-in?code={link}")
    config = _config(application)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)  # until there is a catalog in use
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _let_be)  # uvicorn raises it again when all is done, which then ends nothing else
    if service.settings.workers > 1:
        _Workers(config, [listening]).run()
    else:
        uvicorn.Server(config).run([listening])
    LOGGER.info("stopped")


def faults(service: Service) -> Iterator[Refusal]:
    """Yield every reason why the service must not be started so; the settings themselves are in order."""
    told = service.settings
    if told.tls_cert and told.tls_key:
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(told.tls_cert, told.tls_key)
        except (OSError, ssl.SSLError) as error:
            yield QuestionError(
                "IW572", "certificate and key cannot be used", f"{told.tls_cert}, {told.tls_key}: {error}",
                "must be PEM and belong together", "Correct IWSCORE_TLS_CERT and IWSCORE_TLS_KEY.",
            )  # fmt: skip
    elif not is_loopback(told.host) and not service.plain:
        yield QuestionError(
            "IW573", "tokens would go over the network in the clear", told.host, "must be a loopback address, or TLS",
            "Give --tls-cert and --tls-key, or --plain-http where something before it speaks TLS.",
        )  # fmt: skip
    try:
        _inspected(told.catalog)
    except Refusal as refusal:
        yield refusal
    try:
        with service.open() as log:
            standing = [token for token in tokens_of(log).list() if token.stands(service.clock())]
    except Refusal as refusal:
        yield refusal
    else:
        if not standing and not is_loopback(told.host):
            yield QuestionError(
                "IW574", "nobody has a token", told.host, "one must stand before others are answered",
                "Make one by iwscore token add.",
            )  # fmt: skip


def is_loopback(host: str) -> bool:
    """Return whether an address is of this machine alone."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def sign_in_link(log: Log, service: Service) -> str | None:
    """Return a code by which a browser of this machine signs in, where nobody but such a browser has a token."""
    if not is_loopback(service.settings.host) or service.settings.read_only:
        return None
    tokens = tokens_of(log)
    held = {token.name: token for token in tokens.list()}
    standing = {name for name, token in held.items() if token.stands(service.clock())}
    names = [_BROWSER, *(f"{_BROWSER}-{number}" for number in range(2, len(held) + 3))]
    if not standing <= set(names):
        return None
    name = next(name for name in names if name in standing or name not in held)
    if name not in standing:
        tokens.add(name, role="reader", ceiling="red")
    return tokens.add_code(name, expires_at=service.clock() + _LINK_MINUTES * 60 * _MICROS)


@dataclass(slots=True)
class _Application:
    """Makes the application in the process that answers; it is sent to each worker."""

    service: Service
    catalog: Catalog | None
    findings: int

    def __call__(self) -> ASGIApp:
        warnings.simplefilter("error", RuntimeWarning)  # as everywhere: an overflow is never passed over
        service, told = self.service, self.service.settings
        assert self.catalog is not None
        try:
            log = service.open()
            tokens = tokens_of(log)

            def known() -> Mapping[bytes, Reader]:
                return {
                    digest: Reader(token.name, _ROLES[token.role], token.ceiling, token.expires_at)
                    for digest, token in tokens.all_by_hash().items()
                }

            station = Station(
                log, self.catalog, known, findings=self.findings, read_only=told.read_only, write_used=tokens.used,
                ticks=service.ticks, stale_after_days=_days(told.stale_after),
            )  # fmt: skip
            put_in_force(station)
        except Unreachable as refusal:
            LOGGER.error("cannot begin: %s", refusal)
            raise SystemExit(1) from None

        def redeem(code: str) -> str:
            token = tokens.redeem(code, expires_at=service.clock() + COOKIE_DAYS * 86_400 * _MICROS)
            station.read_readers()  # whoever has just been let in is known here at once
            return token

        def beside(leaving: Leaving) -> Any:
            return _signals(Reloads(told.catalog, station), leaving)

        journal = Journal(_to_stderr, service.clock, as_json=told.log_format == "json", seconds=_HELD_SECONDS)
        LOGGER.addFilter(journal.before)
        return make_app(
            station, rules=service.rules(), journal=journal, redeem=redeem, beside=beside, shared=service.shared
        )


class _Workers(Multiprocess):
    """The processes that answer: one that ends is replaced, and each is told when the catalog is to be read again."""

    def __init__(self, config: uvicorn.Config, sockets: list[socket.socket]) -> None:
        super().__init__(config, sockets)
        self._print = print_of(self._application.service.settings.catalog)

    @property
    def _application(self) -> _Application:
        application: Any = self.config.app
        assert isinstance(application, _Application)
        return application

    def handle_hup(self) -> None:
        """Tell each worker that is ready; one that is beginning reads the catalog anyway."""
        for process in self.processes:
            if process.pid is not None and process.is_ready():
                os.kill(process.pid, signal.SIGHUP)

    def keep_subprocess_alive(self) -> None:
        """Replace those that have ended; they answer by the newest catalog that had no errors."""
        application = self._application
        now = print_of(application.service.settings.catalog)
        if now != self._print:
            self._print = now
            inspection = _read_or_none(application.service.settings.catalog)
            if inspection is not None and inspection.catalog is not None:
                newer = replace(application, catalog=inspection.catalog, findings=inspection.count("warning"))
                self.config.app = newer
        super().keep_subprocess_alive()


@contextmanager
def _signals(reloads: Reloads, leaving: Leaving) -> Iterator[None]:
    """Let SIGHUP read the catalog again, and the signals that stop the service end its streams first."""

    def hang_up(number: int, frame: FrameType | None) -> None:
        reloads.ask()

    signal.signal(signal.SIGHUP, hang_up)
    for number in (signal.SIGTERM, signal.SIGINT):
        before = signal.getsignal(number)

        def stop(number: int, frame: FrameType | None, before: Any = before) -> None:
            leaving.leave()
            before(number, frame)

        signal.signal(number, stop)
    with reloads:
        yield
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _config(application: _Application) -> uvicorn.Config:
    service, told = application.service, application.service.settings
    as_json = told.log_format == "json"
    stderr = {"class": "logging.StreamHandler", "stream": "ext://sys.stderr", "formatter": "lines"}
    said = {"handlers": ["stderr"], "propagate": False}
    return uvicorn.Config(
        application, factory=True, loop="uvloop", http=Guarded, ws="none", workers=told.workers,
        ssl_certfile=told.tls_cert, ssl_keyfile=told.tls_key, access_log=False, server_header=False,
        proxy_headers=bool(service.proxies), forwarded_allow_ips=list(service.proxies),
        timeout_graceful_shutdown=round(told.timeout) + _STOP_SECONDS, timeout_worker_healthcheck=_HEALTH_SECONDS,
        log_config={
            "version": 1, "disable_existing_loggers": False,
            "formatters": {"lines": {"()": Lines, "as_json": as_json}}, "handlers": {"stderr": stderr},
            "loggers": {"iwscore": {"level": "INFO", **said}, "uvicorn": {"level": "WARNING", **said}},
        },
    )  # fmt: skip


def _listening(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    try:
        return socket.create_server((settings.host, settings.port), family=family, backlog=2048)
    except OSError as error:
        raise Unreachable(
            "IW571", "cannot listen", f"{settings.host}:{settings.port}: {error.strerror or error}",
            "must be an address of this machine, and a port that is free", "Choose another --host or --port.",
        ) from error  # fmt: skip


def _address(settings: Settings, listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"{'https' if settings.tls_cert else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"


def _inspected(folder: Path) -> Inspection:
    inspection = inspect(folder)
    if inspection.catalog is None:
        raise DocumentFaults(remark.fault for remark in inspection.remarks if remark.fault.severity == "error")
    return inspection


def _read_or_none(folder: Path) -> Inspection | None:
    try:
        return inspect(folder)
    except Refusal:
        return None


def _days(micros: int | None) -> float:
    return float("inf") if micros is None else micros / 86_400 / _MICROS


def _to_stderr(line: bytes) -> None:
    sys.stderr.buffer.write(line)
    sys.stderr.buffer.flush()


def _let_be(number: int, frame: FrameType | None) -> None:
    pass
