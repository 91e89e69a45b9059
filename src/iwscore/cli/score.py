"""``iwscore score``: the assessment at one time."""

from __future__ import annotations

from iwscore.cli.budgets import Memory, ObservationInput
from iwscore.cli.databases import DatabaseUrl
from iwscore.cli.options import (
    At,
    CatalogFolder,
    Draws,
    Format,
    KnownAt,
    MappingFile,
    ProblemName,
    Seed,
    Subject,
    knowledge,
    name_draws,
    open_catalog,
    put,
)
from iwscore.cli.reports import Places, open_columns

__all__ = ["score"]


def score(
    problem: ProblemName,
    catalog: CatalogFolder = None,
    database: DatabaseUrl = None,
    observations: ObservationInput = None,
    mapping: MappingFile = None,
    memory: Memory = None,
    subject: Subject = None,
    at: At = None,
    known_at: KnownAt = None,
    draws: Draws = 1000,
    seed: Seed = 0,
    format: Format = "table",
) -> None:
    """Say how likely each scenario is, how much is said for and against it, and on which rung that stands."""
    from iwscore.render import assessment_csv, assessment_json, assessment_table
    from iwscore.services import score as answer

    held = open_catalog(catalog)
    known = knowledge(known_at)
    reports = open_columns(Places(observations, database, catalog, mapping, memory), held, known)
    assessment = answer(
        held,
        reports.observations,
        problem=problem,
        subject=subject,
        at=reports.time(at, "--at"),
        known_at=known,
        draws=draws,
        seed=seed,
    )
    name_draws(draws, seed)
    put({"table": assessment_table, "json": assessment_json, "csv": assessment_csv}[format](assessment), None)
