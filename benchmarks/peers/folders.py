"""The job as a user has it: a catalog in a folder, and a Parquet file of observations beside it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import yaml
from pyarrow import parquet

from benchmarks.peers import ours
from benchmarks.peers.jobs import Job

PROBLEM = "question"
BEFORE = datetime(2005, 1, 1, tzinfo=UTC)  # the midnight before the first of the times
LETTERS, DIGITS = "ABCDEFG", "123456"


def write(folder: Path, job: Job) -> Path:
    """Write the catalog and the observations; return the latter."""
    documents = {"indicators": indicators(job), "sources": sources(job), "scenarios": problem(job)}
    for name, document in documents.items():
        (folder / name).mkdir(parents=True)
        (folder / name / f"{name}.yaml").write_text(yaml.safe_dump(document, sort_keys=False), encoding="utf-8")
    file = folder / "observations.parquet"
    parquet.write_table(observations(job), file)
    return file


def levels(job: Job, indicator: int) -> list[str]:
    return [f"level-{level}" for level in range(job.offsets[indicator + 1] - job.offsets[indicator])]


def indicators(job: Job) -> dict[str, object]:
    return {
        "indicators": [
            {
                "id": f"sign-{i}",
                "title": f"Sign {i}",
                "levels": levels(job, i),
                "half_life": dict(zip(levels(job, i), half_lives(job, i), strict=True)),
            }
            for i in range(len(job.offsets) - 1)
        ]
    }


def half_lives(job: Job, indicator: int) -> list[str]:
    days = job.half_life_days[job.offsets[indicator] : job.offsets[indicator + 1]]
    return [f"{hours:.0f}h" for hours in days * 24]


def sources(job: Job) -> dict[str, object]:
    made = ({"id": f"source-{n}", "title": f"Source {n}", "kind": "press", "party": "none"} for n in range(job.sources))
    return {"sources": [{**one, "grades": []} for one in made]}


def problem(job: Job) -> dict[str, object]:
    """The problem whose arrays `ours.problem` makes."""
    asked = ours.problem(job)
    names = [f"scenario-{s}" for s in range(len(asked.priors))]
    return {
        "id": PROBLEM,
        "title": "Question",
        "question": "Which of these?",
        "horizon": "90d",
        "subjects": ["border"],
        "scenarios": [
            {"id": name, "title": name, "prior": prior}
            for name, prior in zip(names, asked.priors.tolist(), strict=True)
        ],
        "expectations": {
            f"sign-{i}": {
                "rationale": "Made up.",
                "given": {
                    name: dict(zip(levels(job, i), row, strict=True))
                    for name, row in zip(names, given.tolist(), strict=True)
                },
            }
            for i, given in enumerate(asked.given)
        },
    }


def observations(job: Job) -> pa.Table:
    """The columns that are required, texts as dictionaries."""
    times = job.observed_at + (BEFORE - datetime.fromtimestamp(0, UTC)) // timedelta(microseconds=1)
    texts = {
        "indicator": (job.indicator, [f"sign-{i}" for i in range(len(job.offsets) - 1)]),
        "level": (job.level, levels(job, 0)),
        "source": (job.source, [f"source-{n}" for n in range(job.sources)]),
        "grade": (6 * job.letter + job.digit, [letter + digit for letter in LETTERS for digit in DIGITS]),
    }
    columns = {name: pa.DictionaryArray.from_arrays(places, words) for name, (places, words) in texts.items()}
    return pa.table({"observed_at": pa.array(times, pa.timestamp("us", "UTC")), **columns})


def first_and_last(job: Job) -> tuple[str, str]:
    """The first and the last of the times, as options take them."""
    ends = (BEFORE + timedelta(days=days) for days in (1, job.days))
    first, last = (f"{end:%Y-%m-%dT%H:%M:%SZ}" for end in ends)
    return first, last


def answers(file: Path, job: Job) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The likelihoods of a history that iwscore wrote. Shape (T, S)."""
    column = parquet.read_table(file, columns=["likelihood"])["likelihood"]
    found: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = column.to_numpy().reshape(job.days, -1)
    return found
