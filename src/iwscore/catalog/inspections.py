"""A catalog's folder read, or looked over.

Here belong the two ways into a catalog: the one that answers rest on, and the one its authors use.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from iwscore.catalog.checks import CHECKS, Remark, run_checks
from iwscore.catalog.findings import Case
from iwscore.catalog.folders import read_folder
from iwscore.catalog.resolving import resolve_folder
from iwscore.catalog.sources import house_trust
from iwscore.domain.catalogs import Catalog
from iwscore.errors import DocumentFaults, Severity

__all__ = ["Inspection", "inspect", "load"]

_CHECK_NAMES = frozenset(check.name for check in CHECKS)


@dataclass(frozen=True, slots=True)
class Inspection:
    """What ``iwscore check`` shows: every error or finding by place, and the catalog where there is no error."""

    catalog: Catalog | None
    remarks: tuple[Remark, ...]

    def count(self, severity: Severity) -> int:
        """Return how many remarks of a severity no waiver covers."""
        return sum(remark.fault.severity == severity and remark.waiver is None for remark in self.remarks)


def load(folder: Path) -> Catalog:
    """Return the catalog in a folder.

    Raises
    ------
    DocumentFaults
        If any file has an error; it holds every error of every file.
    Unreachable
        If there is no such folder, or no catalog in it.
    """
    resolved = resolve_folder(read_folder(folder), checks=_CHECK_NAMES)
    if resolved.catalog is None:
        raise DocumentFaults(resolved.faults)
    return resolved.catalog


def inspect(folder: Path, *, today: date | None = None) -> Inspection:
    """Return every error of a folder and, if it has none, every finding; waived ones are marked.

    Without ``today``, reviews and the ends of waivers are not looked at. Files that are not read are told in any case,
    for they may be why a name is unknown.

    Raises
    ------
    Unreachable
        If there is no such folder, or no catalog in it.
    """
    files = read_folder(folder)
    resolved = resolve_folder(files, checks=_CHECK_NAMES)
    nothing = Catalog(indicators={}, problems={}, sources={}, trust=house_trust())
    case = Case(resolved.catalog or nothing, resolved.homes, files.strays, today, resolved.waivers)
    remarks = (*map(Remark, resolved.faults), *run_checks(case))
    return Inspection(resolved.catalog, tuple(sorted(remarks, key=_place)))


def _place(remark: Remark) -> tuple[str, int, int, str, str]:
    fault = remark.fault
    return fault.file, fault.line, fault.column, fault.code, fault.value or ""
