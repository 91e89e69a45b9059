"""Waivers: findings that the authors accept, with why and until when.

Here belong the reading of waivers, what they cover, and the checks on waivers themselves. What is found belongs to the
other checks.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from iwscore.catalog.documents import WaiverEntry
from iwscore.catalog.findings import Case, Finding, Findings, Place
from iwscore.catalog.sheets import Sheet
from iwscore.domain.catalogs import Waiver
from iwscore.errors import nearest

__all__ = ["covering", "read_waivers", "waiver_expired", "waiver_idle"]


def read_waivers(sheets: Iterable[Sheet], checks: Collection[str]) -> tuple[tuple[Waiver, Place], ...]:
    """Return the waivers without a fault and where each stands, in an order that does not depend on the files."""
    found = []
    for sheet in sheets:
        for _, path in sheet.items("waivers"):
            inside = (*path, "check")
            name = str(sheet.at(*inside))
            if sheet.sound(*inside) and name not in checks:
                sheet.fault("IW210", inside, value=name, nearest=nearest(name[:80], checks))
            if entry := sheet.read(WaiverEntry, *path):
                until = date.fromisoformat(entry.until)
                waiver = Waiver(check=entry.check, on=entry.on, reason=entry.reason, until=until)
                found.append((waiver, (sheet.file, *sheet.spot(path))))
    return tuple(sorted(found, key=lambda pair: pair[0].model_dump_json()))


def covering(case: Case, check: str, finding: Finding) -> Waiver | None:
    """Return the waiver that covers a finding of ``check`` on the day it is looked at, None where none does."""
    serving = (waiver for waiver, _ in case.waivers if not _expired(waiver, case))
    return next((waiver for waiver in serving if waiver.check == check and waiver.on in finding.about), None)


def _expired(waiver: Waiver, case: Case) -> bool:
    return case.today is not None and waiver.until < case.today


def waiver_expired(case: Case) -> Findings:
    """A waiver has run out.

    Its finding shows again. Look at it anew: mend it, or waive it for longer with a reason that still holds. The day
    after ``until`` is the first on which it has run out, by ``--today`` or else the calendar.

    Passes::

        sources/sources.yaml:
          sources: [{id: ministry, title: ~}]
          waivers: [{check: no-title, on: ministry, reason: Its id says it., until: 2026-06-01}]

    Fails::

        sources/sources.yaml:
          sources: [{id: ministry, title: ~}]
          waivers: [{check: no-title, on: ministry, reason: Its id says it., until: 2026-05-31}]
    """
    for waiver, place in case.waivers:
        if _expired(waiver, case):
            value = f"{waiver.check} on {waiver.on} until {waiver.until}"
            yield Finding((waiver.on,), place, value, "its end must not have passed", "Mend the finding or renew it.")


def waiver_idle(case: Case) -> Findings:
    """A waiver covers nothing.

    What it was for has been mended, or its ``check`` and ``on`` name something else than was meant. ``on`` is the id
    of the problem, indicator, scenario, group, rung or source that the finding is about.

    Passes::

        scenarios/border.yaml:
          waivers:
            - {check: no-question, on: border, reason: The title asks it., until: 2026-12-31}
          question: ~

    Fails::

        scenarios/border.yaml:
          waivers:
            - {check: no-question, on: border, reason: The title asks it., until: 2026-12-31}
    """
    for waiver, place in case.waivers:
        if not any(check == waiver.check and waiver.on in finding.about for check, finding in case.found):
            value = f"{waiver.check} on {waiver.on}"
            yield Finding((waiver.on,), place, value, "it must cover a finding", "Take it out or correct it.")
