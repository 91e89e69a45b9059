"""Settings: what a service may be told by its environment, held against what each may be.

Here belong names, defaults and limits. The environment is read by whoever starts a service, and handed over; what a
setting does belongs to whoever is told it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError
from pydantic.functional_validators import BeforeValidator
from pydantic_core import PydanticCustomError

from iwscore.domain.models import Model
from iwscore.domain.times import DAY, parse_span_days
from iwscore.errors import Fault, SettingFaults, nearest

__all__ = ["PREFIX", "Settings", "names", "read_settings", "unknown"]

PREFIX = "IWSCORE_"
_NOT_OURS = ("IWSCORE_AUTHOR", "IWSCORE_DEBUG")  # what other commands read
_UNITS = {"": 1, "KiB": 1 << 10, "MiB": 1 << 20, "KB": 1000, "MB": 10**6}
_SIZE = re.compile(r"([0-9]{1,9}) ?(KiB|MiB|KB|MB)?")
_FLAGS = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


def _word(parse: Callable[[str], object], must: str) -> BeforeValidator:
    """Return what makes a value of a text, and says what it must be where that cannot be done."""

    def read(given: object) -> object:
        if not isinstance(given, str):
            return given
        try:
            return parse(given)
        except (ValueError, LookupError, OverflowError):
            raise PydanticCustomError("word", "{must}", {"must": must}) from None

    return BeforeValidator(read)


def _bytes(text: str) -> int:
    match = _SIZE.fullmatch(text)
    if match is None:
        raise ValueError(text)
    return int(match[1]) * _UNITS[match[2] or ""]


def _span(text: str) -> int | None:
    """Return a span in microseconds, None for never."""
    return None if text == "never" else round(parse_span_days(text) * DAY)


def _host(text: str) -> str:
    if not text.isprintable() or " " in text or "/" in text:
        raise ValueError(text)
    return text


def _origins(text: str) -> tuple[str, ...]:
    found = tuple(part.strip() for part in text.split(",") if part.strip())
    for origin in found:
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.hostname or origin != f"{parts.scheme}://{parts.netloc}":
            raise ValueError(origin)
    return found


Flag = Annotated[bool, _word(lambda text: _FLAGS[text.lower()], "must be yes or no")]
Bytes = Annotated[
    int, _word(_bytes, "must be a number of bytes, or one with KiB or MiB"), Field(ge=1 << 10, le=1 << 30)
]
Span = Annotated[int | None, _word(_span, "must be a number and min, h, d or w; or never")]
Host = Annotated[str, _word(_host, "must be a name or an address alone")]
Origins = Annotated[
    tuple[str, ...], _word(_origins, "must be origins such as https://watch.example.org, with a comma between two")
]


class Settings(Model):
    """What a service is told; each field is ``IWSCORE_`` and its name in capitals."""

    catalog: Path = Field(Path(), description="the catalog's folder")
    database: str | None = Field(None, description="the log: a path, or `postgresql://…`")
    cache: Path | None = Field(None, description="the folder of the cache of columns")
    host: Host = Field("127.0.0.1", description="the address it listens at; `127.0.0.1` is for this machine alone")
    port: int = Field(8765, ge=0, le=65535, description="the port; 0 for one that is free")
    workers: int = Field(1, ge=1, le=64, description="how many processes answer")
    tls_cert: Path | None = Field(None, description="the certificate (PEM), for HTTPS")
    tls_key: Path | None = Field(None, description="its key (PEM)")
    read_only: Flag = Field(False, description="`yes`: nothing is recorded")
    cors_origins: Origins = Field((), description="whose pages may ask from a browser, with a comma between two")
    most_body: Bytes = Field(1 << 20, description="how large a request may be")
    rate: float = Field(
        50.0, ge=0, le=1e6, allow_inf_nan=False, description="requests a second of one token; 0 for any"
    )
    burst: int = Field(100, ge=1, le=1_000_000, description="how many may come at once before the rate counts")
    timeout: float = Field(30.0, gt=0, le=3600, allow_inf_nan=False, description="how many seconds an answer may take")
    stale_after: Span = Field(7 * DAY, description="with nothing new for so long an answer says so; `never` for not")
    log_format: Literal["text", "json"] = Field("text", description="how it logs what it does, on stderr")


def names() -> list[str]:
    """Return the names of all settings, in order."""
    return [PREFIX + name.upper() for name in Settings.model_fields]


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings that an environment has; what is blank or missing there stands at its default.

    Raises
    ------
    SettingFaults
        If one of them is at fault; every one that is, is named.
    """
    given = {name: environment[PREFIX + name.upper()].strip() for name in Settings.model_fields
             if environment.get(PREFIX + name.upper(), "").strip()}  # fmt: skip
    faults = []
    if ("tls_cert" in given) != ("tls_key" in given):
        there, missing = ("tls_cert", "tls_key") if "tls_cert" in given else ("tls_key", "tls_cert")
        faults.append(
            _fault("IW581", "half of TLS is missing", None, f"must go with {_name(there)}", "Set both.", at=missing)
        )
    try:
        settings = Settings.model_validate(given)
    except ValidationError as error:
        raise SettingFaults([*faults, *map(_of, error.errors())]) from None
    if faults:
        raise SettingFaults(faults)
    return settings


def unknown(environment: Mapping[str, str]) -> list[str]:
    """Return a warning for each name that begins like a setting and is none, in order."""
    known = names()
    strange = sorted(name for name in environment if name.startswith(PREFIX) and name not in (*known, *_NOT_OURS))
    return [
        str(_fault("IW582", "unknown setting", None, "it is not read", nearest(name, known), at=name))
        for name in strange
    ]  # fmt: skip


def _of(error: Any) -> Fault:
    """Return pydantic's error as a fault; a value that may hold a password is never shown."""
    name = str(error["loc"][0])
    shown = None if name == "database" else str(error["input"])[:80]
    said = str(error["msg"]).removeprefix("Input should be ")
    must = said if error["type"] == "word" else f"must be {said}"
    return _fault("IW580", "setting is at fault", shown, must, "Correct it, or leave it out.", at=name)


def _name(field: str) -> str:
    return PREFIX + field.upper()


def _fault(code: str, what: str, value: str | None, must: str, remedy: str, *, at: str) -> Fault:
    """Return a fault of a setting, by its field or by the name that stands in the environment."""
    return Fault(at if at.startswith(PREFIX) else _name(at), 0, 0, code, what, value, must, remedy)
