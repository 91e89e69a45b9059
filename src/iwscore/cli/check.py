"""``iwscore check``: everything in a catalog that is wrong or worth a look, in one pass."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from iwscore.cli.options import CatalogFolder, catalog_folder, instant, put
from iwscore.errors import Severity

if TYPE_CHECKING:
    from iwscore.catalog import Inspection, Remark

__all__ = ["check"]

_SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
CheckFormat = Literal["text", "json", "github"]


def check(
    catalog: CatalogFolder = None,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail as errors do.")] = False,
    today: Annotated[
        str | None, typer.Option(metavar="DATE", help="The day reviews and waivers are held against [default: today].")
    ] = None,
    format: Annotated[CheckFormat, typer.Option("--format", help="How to print what was found.")] = "text",
    listed: Annotated[bool, typer.Option("--list", help="Name every check, and leave.")] = False,
) -> None:
    """Name every fault and finding of every file of the catalog, each with its place and what to do about it."""
    from iwscore.catalog import CHECKS, inspect

    if listed:
        put("".join(f"{one.code} {one.severity:<7} {one.name}: {one.summary}\n" for one in CHECKS), None)
        return
    day = instant(today, "--today") if today is not None else datetime.now(UTC)
    inspection = inspect(catalog_folder(catalog), today=day.date())
    put({"text": _text, "json": _json, "github": _github}[format](inspection), None)
    if inspection.count("error") or (strict and inspection.count("warning")):
        raise typer.Exit(1)


def _text(inspection: Inspection) -> str:
    """Return a line a remark, waived ones at the end of the count alone."""
    lines = [_line(remark) for remark in inspection.remarks if remark.waiver is None]
    waived = sum(remark.waiver is not None for remark in inspection.remarks)
    counts = ((inspection.count(one), one) for one in _SEVERITIES)
    said = [f"{number} {one}{'' if number == 1 else 's'}" for number, one in counts]
    return "\n".join([*lines, f"{', '.join(said)}, {waived} waived."]) + "\n"


def _line(remark: Remark) -> str:
    """Return a remark with its place first, as editors read it; a finding ends in its severity and name."""
    return f"{remark.fault} [{remark.fault.severity}: {remark.check}]" if remark.check else str(remark.fault)


def _json(inspection: Inspection) -> str:
    found = [_fields(remark) for remark in inspection.remarks]
    digest = inspection.catalog.digest if inspection.catalog else None
    return json.dumps({"catalog": digest, "remarks": found}, indent=2, ensure_ascii=False) + "\n"


def _fields(remark: Remark) -> dict[str, Any]:
    fault, waiver = remark.fault, remark.waiver
    return {
        "severity": fault.severity,
        "code": fault.code,
        "check": remark.check or None,
        "file": fault.file,
        "line": fault.line,
        "column": fault.column,
        "what": fault.what,
        "value": fault.value,
        "must": fault.must,
        "remedy": fault.remedy,
        "waived": {"reason": waiver.reason, "until": waiver.until.isoformat()} if waiver else None,
    }


def _github(inspection: Inspection) -> str:
    """Return workflow commands, which show each remark beside its line."""
    levels = {"error": "error", "warning": "warning", "info": "notice"}
    lines = []
    for remark in inspection.remarks:
        fault = remark.fault
        if remark.waiver is None:
            place = f"file={_escaped(fault.file, ':,')},line={fault.line or 1},col={fault.column or 1}"
            message = str(fault).removeprefix(f"{fault.where}: ")
            lines.append(f"::{levels[fault.severity]} {place},title={fault.code}::{_escaped(message, '')}\n")
    return "".join(lines)


def _escaped(text: str, more: str) -> str:
    """Return text in which nothing can end a workflow command."""
    return "".join(f"%{ord(c):02X}" if c in "%\r\n" + more else c for c in text)
