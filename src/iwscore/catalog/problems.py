"""Problems out of their sheets: scenarios, groups, outcomes, and the whole.

Here belong the rules between the parts of a problem. Rows belong to ``expectations``, the rungs to ``ladders``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from iwscore.catalog.documents import GroupEntry, OutcomeEntry, ProblemFile, ScenarioEntry
from iwscore.catalog.expectations import read_expectations, shares, sum_remedy
from iwscore.catalog.homes import Homes
from iwscore.catalog.indicators import Signs, no_repeats
from iwscore.catalog.ladders import read_ladder
from iwscore.catalog.sheets import Path, Sheet
from iwscore.domain.problems import Group, Outcome, Problem, Scenario
from iwscore.domain.times import parse_instant
from iwscore.errors import nearest

__all__ = ["Problems", "read_problems"]


@dataclass(slots=True, eq=False)
class Problems:
    """What is known of the problems: their names, and those without a fault."""

    homes: Homes
    problems: dict[str, Problem] = field(default_factory=dict)


def read_problems(sheets: Iterable[Sheet], signs: Signs) -> Problems:
    """Return what is known of the problems on these sheets, one on each."""
    sheets = tuple(sheets)
    problems = Problems(Homes.of("problems", sheets))
    for sheet in sheets:
        name = problems.homes.enter(sheet, ())
        problem = _problem(sheet, signs)
        if name and problem:
            problems.problems[name] = problem
    return problems


def _problem(sheet: Sheet, signs: Signs) -> Problem | None:
    scenarios = Homes.of("scenarios", (sheet,))
    for _, path in sheet.items("scenarios"):
        scenarios.enter(sheet, path)
    priors = _priors(sheet)
    expectations = read_expectations(sheet, signs, scenarios)
    _check_groups(sheet, signs)
    ladder = read_ladder(sheet, scenarios, priors)
    _check_subjects(sheet)
    _check_outcomes(sheet, scenarios)
    entry = sheet.read(ProblemFile)
    if entry is None:
        return None
    subjects = entry.subjects
    return Problem(
        id=entry.id,
        title=entry.title or entry.id,
        question=entry.question,
        horizon=entry.horizon,
        subjects=None if isinstance(subjects, str) else tuple(sorted(subjects)),
        scenarios=tuple(map(_scenario, entry.scenarios, priors)),
        scale=entry.scale,
        expectations=expectations,
        groups=tuple(map(_group, sorted(entry.groups, key=lambda group: group.id))),
        ladder=ladder,
        outcomes=tuple(map(_outcome, sorted(entry.outcomes, key=lambda outcome: outcome.model_dump_json()))),
    )


def _priors(sheet: Sheet) -> tuple[float, ...]:
    """Return the priors of all scenarios, brought to a sum of 1; none where one has a fault."""
    found = [(*path, "prior") for _, path in sheet.items("scenarios")]
    if not all(sheet.sound(*path) for path in found):
        return ()
    numbers = [sheet.number(*path) for path in found]
    fitted = shares(numbers)
    if fitted is None and numbers:
        shown, remedy = sum_remedy(numbers)
        sheet.fault("IW130", ("scenarios",), value=shown, key=True, remedy=remedy)
    return fitted or ()


def _check_groups(sheet: Sheet, signs: Signs) -> None:
    """Add a fault for every member that is unknown, not expected here, or in two groups."""
    groups = Homes("groups")
    first_group: dict[str, Path] = {}
    expected = dict(sheet.entries("expectations"))
    for _, path in sheet.items("groups"):
        groups.enter(sheet, path)
        no_repeats(sheet, *path, "indicators")
        for item, inside in sheet.items(*path, "indicators"):
            if not sheet.sound(*inside):
                continue
            name = str(item)
            if signs.homes.look_up("IW203", sheet, inside, name) and name not in expected:
                sheet.fault("IW136", inside, value=name)
            if (first := first_group.setdefault(name, path)) != path:
                sheet.fault("IW135", inside, value=name, first=sheet.at(*first, "id"))


def _check_subjects(sheet: Sheet) -> None:
    no_repeats(sheet, "subjects")
    for subject, path in sheet.items("subjects"):
        if subject == "any":
            sheet.fault("IW126", path, value=subject, reserved="subjects: any, without a list, means any subject")


def _check_outcomes(sheet: Sheet, scenarios: Homes) -> None:
    """Add a fault for every outcome whose scenario or subject the problem does not have."""
    subjects = [str(subject) for subject, _ in sheet.items("subjects")]
    for _, path in sheet.items("outcomes"):
        if sheet.sound(*path, "scenario"):
            scenarios.look_up("IW132", sheet, (*path, "scenario"), str(sheet.at(*path, "scenario")))
        subject = str(sheet.at(*path, "subject"))
        if subjects and sheet.sound(*path, "subject") and subject not in subjects:
            sheet.fault("IW140", (*path, "subject"), value=subject, nearest=nearest(subject[:80], subjects))


def _scenario(entry: ScenarioEntry, prior: float) -> Scenario:
    return Scenario(
        id=entry.id,
        title=entry.title or entry.id,
        prior=prior,
        catch_all=entry.catch_all,
        description=entry.description,
    )


def _group(entry: GroupEntry) -> Group:
    return Group(**entry.model_dump(exclude={"indicators"}), indicators=tuple(sorted(entry.indicators)))


def _outcome(entry: OutcomeEntry) -> Outcome:
    return Outcome(**entry.model_dump(exclude={"at"}), at=parse_instant(entry.at))
