"""``iwscore score``: the assessment at one time."""

from __future__ import annotations

from iwscore.cli.options import (
    At,
    CatalogFolder,
    Format,
    KnownAt,
    ObservationFile,
    ProblemName,
    Subject,
    instant,
    knowledge,
    last_time,
    open_catalog,
    open_observations,
    put,
)

__all__ = ["score"]


def score(
    problem: ProblemName,
    catalog: CatalogFolder = None,
    observations: ObservationFile = None,
    subject: Subject = None,
    at: At = None,
    known_at: KnownAt = None,
    format: Format = "table",
) -> None:
    """Say how likely each scenario is, how much is said for and against it, and on which rung that stands."""
    from iwscore.render import assessment_csv, assessment_json, assessment_table
    from iwscore.services import score as answer

    held = open_catalog(catalog)
    seen = open_observations(observations, held)
    assessment = answer(
        held,
        seen,
        problem=problem,
        subject=subject,
        at=instant(at, "--at") if at is not None else last_time(seen, "--at"),
        known_at=knowledge(known_at),
    )
    put({"table": assessment_table, "json": assessment_json, "csv": assessment_csv}[format](assessment), None)
