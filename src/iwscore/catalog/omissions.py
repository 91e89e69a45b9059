"""Checks on what is left out: titles, reasons, rationales, the scenario for everything else.

Here belong findings that something is missing which no score needs but a reader does.
"""

from __future__ import annotations

from iwscore.catalog.findings import Case, Finding, Findings

__all__ = ["no_catch_all", "no_category", "no_question", "no_rationale", "no_reason", "no_title"]


def no_catch_all(case: Case) -> Findings:
    """A problem has no scenario for everything else.

    Likelihoods are shared out among the scenarios of the list. Without one that stands for what nobody thought of,
    evidence against the others can only raise the rest, however badly that fits too. Mark it ``catch_all: true``.

    Passes::

        scenarios/border.yaml: {scenarios: [{id: other, catch_all: true}]}

    Fails::

        scenarios/border.yaml: {scenarios: [{id: other, catch_all: false}]}
    """
    for problem in case.catalog.problems.values():
        if not any(scenario.catch_all for scenario in problem.scenarios):
            place = case.place("problems", problem.id, "scenarios")
            yield Finding(
                (problem.id,), place, problem.id, "one scenario must have catch_all: true", "Add one with a prior."
            )


def no_title(case: Case) -> Findings:
    """A title is missing.

    Indicators, problems, scenarios and sources are shown by their title; without one, by their id.

    Passes::

        sources/sources.yaml: {sources: [{id: ministry, title: Ministry of Defence}]}

    Fails::

        sources/sources.yaml: {sources: [{id: ministry, title: ~}]}
    """
    catalog = case.catalog
    named: list[tuple[str, tuple[str, ...], str]] = []
    named += [("indicators", (indicator.id,), indicator.title) for indicator in catalog.indicators.values()]
    named += [("sources", (source.id,), source.title) for source in catalog.sources.values()]
    for problem in catalog.problems.values():
        named.append(("problems", (problem.id,), problem.title))
        named += [("problems", (problem.id, "scenarios", s.id), s.title) for s in problem.scenarios]
    for kind, path, title in named:
        if title == path[-1]:
            about = (path[0], path[-1])
            yield Finding(about, case.place(kind, *path), path[-1], "it must have a title for readers", "Add a title.")


def no_question(case: Case) -> Findings:
    """A problem asks no question.

    The scenarios are the ways a question can come out within the horizon; a reader needs to know which question.

    Passes::

        scenarios/border.yaml:
          question: Will regular troops cross the border within 90 days?

    Fails::

        scenarios/border.yaml: {question: ~}
    """
    for problem in case.catalog.problems.values():
        if not problem.question:
            place = case.place("problems", problem.id)
            yield Finding((problem.id,), place, problem.id, "it must say what is asked", "Add a question.")


def no_category(case: Case) -> Findings:
    """An indicator has no category.

    Without one it is left out where indicators are shown by category: political, military, economic, social,
    information or infrastructure.

    Passes::

        indicators/signs.yaml: {indicators: [{id: troops, category: military}]}

    Fails::

        indicators/signs.yaml: {indicators: [{id: troops, category: ~}]}
    """
    for indicator in case.catalog.indicators.values():
        if indicator.category is None:
            place = case.place("indicators", indicator.id)
            yield Finding((indicator.id,), place, indicator.id, "it must have a category", "Add a category.")


def no_rationale(case: Case) -> Findings:
    """An expectation or a group gives no rationale.

    A probability without a reason cannot be disputed, and nobody will know later whether it still holds.

    Passes::

        scenarios/border.yaml: {expectations: {troops: {rationale: No attack was ever made without them.}}}

    Fails::

        scenarios/border.yaml: {expectations: {troops: {rationale: ~}}}
    """
    for problem in case.catalog.problems.values():
        parts = [("expectations", item.indicator, item.rationale) for item in problem.expectations]
        parts += [("groups", group.id, group.rationale) for group in problem.groups]
        for kind, name, rationale in parts:
            if not rationale:
                place = case.place("problems", problem.id, kind, name)
                yield Finding((problem.id, name), place, name, "it must say why", "Add a rationale.")


def no_reason(case: Case) -> Findings:
    """A source is graded without a reason.

    A letter moves every report of the source. Say what it rests on: a record of being right, access, a side taken.

    Passes::

        sources/sources.yaml:
          sources: [{id: ministry, grades: [{from: 2022-01-01, reliability: C, reason: Takes a side.}]}]

    Fails::

        sources/sources.yaml:
          sources: [{id: ministry, grades: [{from: 2022-01-01, reliability: C}]}]
    """
    for source in case.catalog.sources.values():
        reasons = [row.reason for row in source.grades] + [row.reason for row in source.regraded]
        count = reasons.count("")
        if count:
            place = case.place("sources", source.id)
            value = f"{source.id}, {count} row{'s' * (count > 1)}"
            yield Finding((source.id,), place, value, "every letter must have a reason", "Add a reason.")
