"""``iwscore serve``: the service, answering over HTTP until it is told to stop."""

from __future__ import annotations

import os
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from iwscore.cli import options
from iwscore.cli.databases import DatabaseUrl, caches_of, log_url, now

__all__ = ["serve"]

Names = Annotated[
    list[str] | None,
    typer.Option("--allow-host", metavar="NAME", help="Also be asked under this name; may be given again."),
]
Proxies = Annotated[
    list[str] | None,
    typer.Option("--proxy", metavar="ADDRESS", help="Believe this one's X-Forwarded-For; may be given again."),
]
Pem = Annotated[Path | None, typer.Option(metavar="FILE", readable=False, help="In PEM, for HTTPS.")]


def serve(
    host: Annotated[str | None, typer.Option(help="Where to listen [default: 127.0.0.1].")] = None,
    port: Annotated[str | None, typer.Option(help="The port; 0 for a free one [default: 8765].")] = None,
    workers: Annotated[str | None, typer.Option(help="How many processes answer [default: 1].")] = None,
    tls_cert: Pem = None,
    tls_key: Pem = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Record nothing.")] = False,
    plain_http: Annotated[
        bool, typer.Option("--plain-http", help="Answer other machines without TLS: tokens go in the clear.")
    ] = False,
    allow_host: Names = None,
    proxy: Proxies = None,
    catalog: options.CatalogFolder = None,
    database: DatabaseUrl = None,
) -> None:
    """Answer over HTTP, until told to stop. What is left out is taken from the environment: see docs/service.md."""
    from iwscore.server import Service, faults
    from iwscore.server import serve as answer
    from iwscore.settings import read_settings, unknown

    given = {
        "HOST": host, "PORT": port, "WORKERS": workers, "TLS_CERT": tls_cert, "TLS_KEY": tls_key, "CATALOG": catalog,
        "DATABASE": database, "READ_ONLY": "yes" if read_only else None,
    }  # fmt: skip
    told = {f"IWSCORE_{name}": str(value) for name, value in given.items() if value is not None}
    for warning in unknown(os.environ):
        options.note(warning)
    settings = read_settings({**os.environ, **told})
    url = log_url(settings.database, settings.catalog)
    with TemporaryDirectory(prefix="iwscore-") as shared:
        service = Service(
            settings, url, now, time.monotonic, caches=settings.cache or caches_of(url),
            hosts=tuple(allow_host or ()), proxies=tuple(proxy or ()), plain=plain_http,
            shared=Path(shared) if settings.workers > 1 else None,
        )  # fmt: skip
        found = list(faults(service))
        for refusal in found[:-1]:
            options.note(str(refusal))
        if found:
            raise found[-1]
        if service.shared:
            os.environ["PROMETHEUS_MULTIPROC_DIR"] = shared  # read where the workers import prometheus_client
        answer(service, options.note)
