"""Checks on the life of a catalog: drafts, deprecated signs, overdue reviews, files that nobody reads.

Here belong findings that depend on status, use and time. What the numbers can do belongs to ``weighings``.
"""

from __future__ import annotations

from iwscore.catalog.findings import Case, Finding, Findings
from iwscore.domain.indicators import Status

__all__ = ["deprecated_in_use", "draft_in_use", "review_overdue", "stray_file", "unused_indicator"]


def deprecated_in_use(case: Case) -> Findings:
    """A deprecated indicator is still expected.

    It is scored as before. Move the expectation to what replaces the indicator, or take it out.

    Passes::

        indicators/signs.yaml: {indicators: [{id: talks, status: active}]}

    Fails::

        indicators/signs.yaml: {indicators: [{id: talks, status: deprecated}]}
    """
    return _in_use(case, "deprecated", "no problem should expect it", "Expect what replaces it.")


def draft_in_use(case: Case) -> Findings:
    """A draft indicator is expected but not scored.

    Reports on it are taken, and the problem ignores them until its status is ``active``.

    Passes::

        scenarios/border.yaml: {expectations: {talks: ~}}
        indicators/signs.yaml: {indicators: [{id: talks, status: draft}]}

    Fails::

        indicators/signs.yaml: {indicators: [{id: talks, status: draft}]}
    """
    return _in_use(case, "draft", "only active indicators are scored", "Make it active once it is agreed.")


def _in_use(case: Case, status: Status, must: str, remedy: str) -> Findings:
    for problem in case.catalog.problems.values():
        for expectation in problem.expectations:
            name = expectation.indicator
            if case.catalog.indicators[name].status == status:
                place = case.place("problems", problem.id, "expectations", name)
                yield Finding((problem.id, name), place, name, must, remedy)


def unused_indicator(case: Case) -> Findings:
    """An indicator is expected in no problem.

    Reports on it are taken and move nothing. Drafts and deprecated indicators are left alone.

    Passes::

        scenarios/border.yaml: {expectations: {talks: {weight: 0.5}}}

    Fails::

        scenarios/border.yaml: {expectations: {talks: ~}}
    """
    used = {item.indicator for problem in case.catalog.problems.values() for item in problem.expectations}
    for name, indicator in case.catalog.indicators.items():
        if name not in used and indicator.status == "active":
            place = case.place("indicators", name)
            yield Finding((name,), place, name, "some problem should expect it", "Expect it or deprecate it.")


def review_overdue(case: Case) -> Findings:
    """An indicator should have been reviewed.

    Its ``review_by`` lies before ``--today``, or else before today. Look whether the sign still means what the catalog
    says, and set a new day.

    Passes::

        indicators/signs.yaml: {indicators: [{id: troops, review_by: 2026-12-31}]}

    Fails::

        indicators/signs.yaml: {indicators: [{id: troops, review_by: 2025-12-31}]}
    """
    for name, indicator in case.catalog.indicators.items():
        if case.today and indicator.review_by and indicator.review_by < case.today:
            place = case.place("indicators", name, "review_by")
            value = f"{name} by {indicator.review_by}"
            yield Finding((name,), place, value, "its review must not lie in the past", "Review it, set a new day.")


def stray_file(case: Case) -> Findings:
    """A file lies in a folder of the catalog and is not read.

    Only files ending in ``.yaml`` that stand in indicators, scenarios or sources themselves are read; ``.yml``,
    folders inside them and everything else are not.

    Passes::

        indicators/more.yaml: {indicators: []}

    Fails::

        indicators/more.yml: {indicators: []}
    """
    for name in case.strays:
        remedy = "Rename it to .yaml if it belongs to the catalog, else move it."
        yield Finding((), (name, 0, 0), name.rsplit("/", 1)[-1], "only *.yaml files are read there", remedy)
