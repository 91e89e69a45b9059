"""The list of checks and what they find in a catalog.

Here belong names, codes and severities, and the run over all checks with waivers applied. What a check looks for
belongs to the check.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from iwscore.catalog import lifecycles, omissions, waivers, weighings
from iwscore.catalog.findings import Case, Findings
from iwscore.catalog.waivers import covering
from iwscore.domain.catalogs import Waiver
from iwscore.errors import Fault, Severity

__all__ = ["CHECKS", "Check", "Remark", "run_checks"]


@dataclass(frozen=True, slots=True)
class Check:
    """A question asked of every catalog; its function's docstring is its page."""

    code: str
    severity: Severity
    run: Callable[[Case], Findings]

    @property
    def name(self) -> str:
        """What waivers and lists call it."""
        return self.run.__name__.replace("_", "-")

    @property
    def page(self) -> str:
        """What it is about, and examples that pass and fail."""
        return self.run.__doc__ or ""

    @property
    def summary(self) -> str:
        """The first sentence of its page."""
        return self.page.partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Remark:
    """An error or a finding as ``iwscore check`` shows it; ``check`` is "" for an error."""

    fault: Fault
    check: str = ""
    waiver: Waiver | None = None


CHECKS = (
    Check("IW150", "warning", omissions.no_catch_all),
    Check("IW151", "warning", weighings.rung_stands_raised),
    Check("IW152", "warning", weighings.lonely_group),
    Check("IW153", "info", weighings.slow_absence),
    Check("IW154", "warning", omissions.no_rationale),
    Check("IW155", "info", omissions.no_reason),
    Check("IW156", "info", omissions.no_title),
    Check("IW157", "info", omissions.no_question),
    Check("IW158", "info", omissions.no_category),
    Check("IW159", "warning", lifecycles.review_overdue),
    Check("IW250", "warning", weighings.tells_nothing),
    Check("IW251", "warning", weighings.never_separated),
    Check("IW252", "warning", weighings.rung_out_of_reach),
    Check("IW253", "warning", lifecycles.deprecated_in_use),
    Check("IW254", "info", lifecycles.draft_in_use),
    Check("IW255", "warning", weighings.overconfidence),
    Check("IW257", "info", lifecycles.unused_indicator),
    Check("IW258", "info", lifecycles.stray_file),
    # Last, since they look at what the others found.
    Check("IW160", "warning", waivers.waiver_expired),
    Check("IW256", "info", waivers.waiver_idle),
)


def run_checks(case: Case) -> tuple[Remark, ...]:
    """Return what every check finds, each with the waiver that covers it, if any."""
    remarks = []
    for check in CHECKS:
        what = check.summary[0].lower() + check.summary[1:].rstrip(".")
        found = tuple(check.run(case))
        for finding in found:
            text = (check.code, what, finding.value, finding.must, finding.remedy)
            fault = Fault(*finding.place, *text, severity=check.severity)
            remarks.append(Remark(fault, check.name, covering(case, check.name, finding)))
        case = replace(case, found=(*case.found, *((check.name, finding) for finding in found)))
    return tuple(remarks)
