"""Comparing: what another catalog would have said, beside what the one in force says.

Here belongs the reading of two outputs in step; they have the same subjects and times. What is gathered on the way
belongs to ``services.differences``, making the outputs to ``services.rescoring``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from iwscore.core.bundles import Floats, Ints
from iwscore.domain.catalogs import Catalog
from iwscore.domain.models import Model
from iwscore.domain.problems import Problem
from iwscore.errors import QuestionError
from iwscore.services.differences import FirstTimes, Grid, Move, Moves, Reached, Stretch, Stretches
from iwscore.services.frames import make_frame
from iwscore.services.manifests import Job, subjects_of
from iwscore.services.partitions import Parted, partitions_of
from iwscore.services.questions import asks, known_micros
from iwscore.services.vintages import InForce
from iwscore.store.outputs import tables_of

__all__ = ["Comparison", "Side", "Unplaced", "compare", "shared_subjects", "side", "unplaced"]

_ROWS_AT_ONCE = 1 << 16


class Unplaced(Model):
    """How many reports on the subjects compared each catalog cannot place, at the last time."""

    other: int
    in_force: int


class Comparison(Model):
    """What another catalog would have said; the lists begin with the largest and are cut, the counts are not."""

    problem: str
    other: str
    in_force: str
    subjects: tuple[str, ...]
    subjects_apart: tuple[str, ...]
    scenarios: tuple[str, ...]
    scenarios_apart: tuple[str, ...]
    times: int
    moves: tuple[Move, ...]
    rung_times: int
    rungs: tuple[Stretch, ...]
    leader_times: int
    leaders: tuple[Stretch, ...]
    reached: tuple[Reached, ...]
    unplaced: Unplaced


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One catalog's answers: its problem, and the output with them."""

    problem: Problem
    out: Path


def side(catalog: Catalog | InForce, problem: str, out: Path) -> Side:
    """Return a side of the comparison.

    Raises
    ------
    QuestionError
        IW524 where catalogs in force one after another do not all have the same scenarios and rungs.
    """
    in_force = InForce.of(catalog)
    asked = in_force.last.problems[problem]
    for one in in_force.catalogs:
        found = one.problems.get(problem)
        if found is None or (found.scenario_ids, _rungs(found)) != (asked.scenario_ids, _rungs(asked)):
            raise QuestionError(
                "IW524", "nothing to compare", problem,
                "the catalogs in force must all have its scenarios and rungs", "Give --against DIR.",
            )  # fmt: skip
    return Side(asked, out)


def shared_subjects(
    problem: str, subjects: Sequence[str], *sides: tuple[Catalog | InForce, Parted]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the subjects that every catalog is asked about, at every time, and those that only some are.

    Raises
    ------
    QuestionError
        IW501 to IW503 as of a trend, IW520 where nobody is named, IW524 where they share no subject.
    """
    meant = [(InForce.of(one), subjects_of(InForce.of(one).last, seen, problem, subjects)) for one, seen in sides]
    shared = set.intersection(*({name for name in names if _throughout(one, problem, name)} for one, names in meant))
    if not shared:
        raise QuestionError(
            "IW524", "nothing to compare", problem, "the catalogs must share a subject", "Give other catalogs."
        )
    return tuple(sorted(shared)), tuple(sorted({name for _, names in meant for name in names} - shared))


def _throughout(in_force: InForce, problem: str, subject: str) -> bool:
    """Return whether every catalog that holds the problem is asked about the subject: else rows are missing."""
    return all(asks(one, problem, subject) for one in in_force.catalogs if problem in one.problems)


def unplaced(catalog: Catalog | InForce, observations: Parted, job: Job) -> int:
    """Return how many reports on the job's subjects the catalog cannot place at the last time."""
    at = int(job.times()[-1])
    known = min(known_micros(job.known()), at) if job.vintage else known_micros(job.known())
    last, count = InForce.of(catalog).last, 0
    partitions = partitions_of(observations)
    for subject in job.subjects:
        lost = make_frame(last, partitions.of(subject), last.problems[job.problem], subject).lost
        count += int(((lost[0] <= at) & (lost[1] <= known) & (lost[2] > known)).sum())
    return count


def compare(
    other: Side, in_force: Side, *, job: Job, digest: str, apart: Sequence[str], lost: Unplaced, most: int
) -> Comparison:
    """Return how two outputs of the same subjects and times differ, ``most`` of each kind.

    Parameters
    ----------
    other, in_force
        The two catalogs' answers.
    job, digest
        The job of the other, and the digest of the catalog in force.
    apart, lost
        Subjects that are not compared, and reports that are not placed: both are handed on.
    most
        How long a list may be.
    """
    sides = (other, in_force)
    grid = Grid(job.subjects, job.times())
    shared, rungs = (
        _names(other.problem.scenario_ids, in_force.problem.scenario_ids),
        _names(_rungs(other.problem), _rungs(in_force.problem)),
    )
    moves = Moves(grid, shared.both)
    reached = FirstTimes(grid, rungs.both, rungs.ours, rungs.theirs)
    on_rung, leading = Stretches(grid, rungs.every, most), Stretches(grid, shared.every, most)
    for begin, here, there in _in_step(sides):
        subject = (begin + np.arange(len(here.rung))) // len(grid.times)
        moves.take(begin, subject, here.likelihood[:, shared.ours], there.likelihood[:, shared.theirs])
        reached.take(begin, subject, here.rung, there.rung)
        on_rung.take(begin, subject, rungs.here[here.rung], rungs.there[there.rung])
        leading.take(begin, subject, shared.here[here.leader], shared.there[there.leader])
    return Comparison(
        problem=job.problem,
        other=job.catalog,
        in_force=digest,
        subjects=job.subjects,
        subjects_apart=tuple(apart),
        scenarios=shared.both,
        scenarios_apart=tuple(name for name in shared.every if name not in shared.both),
        times=len(grid.times),
        moves=moves.largest(most),
        rung_times=on_rung.count,
        rungs=on_rung.longest(),
        leader_times=leading.count,
        leaders=leading.longest(),
        reached=reached.differing(most),
        unplaced=lost,
    )


def _rungs(problem: Problem) -> tuple[str, ...]:
    return tuple(rung.id for rung in problem.ladder.rungs) if problem.ladder else ()


@dataclass(frozen=True, slots=True, eq=False)
class _Names:
    """The names of two lists in one: which both have, and where each list's stand in ``every``, -1 to -1."""

    every: tuple[str, ...]
    both: tuple[str, ...]
    ours: Ints
    theirs: Ints
    here: Ints
    there: Ints


def _names(one: tuple[str, ...], other: tuple[str, ...]) -> _Names:
    every = (*one, *(name for name in other if name not in one))
    both = tuple(name for name in one if name in other)
    return _Names(
        every,
        both,
        np.array([one.index(name) for name in both], dtype=np.int64),
        np.array([other.index(name) for name in both], dtype=np.int64),
        np.array([*map(every.index, one), -1], dtype=np.int64),
        np.array([*map(every.index, other), -1], dtype=np.int64),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """Some places of one side: likelihoods (K, S), the rung's and the leading scenario's places (K,)."""

    likelihood: Floats
    rung: Ints
    leader: Ints


def _in_step(sides: tuple[Side, Side]) -> Iterator[tuple[int, _Rows, _Rows]]:
    """Yield the first place and the rows of both sides for the same places, in blocks."""
    places = max(_ROWS_AT_ONCE // max(len(side.problem.scenarios) for side in sides), 1)
    begin = 0
    for here, there in zip(*(_read(side, places) for side in sides), strict=True):
        yield begin, here, there
        begin += len(here.rung)


def _read(side: Side, places: int) -> Iterator[_Rows]:
    each = len(side.problem.scenarios)
    ladder = pa.array(_rungs(side.problem), pa.string())
    for table in tables_of(side.out, places * each):
        likelihood = table.column("likelihood").to_numpy().reshape(-1, each)
        rung = pc.fill_null(pc.index_in(table.column("rung"), value_set=ladder), -1).to_numpy()[::each]
        yield _Rows(likelihood, rung.astype(np.int64), likelihood.argmax(axis=1))
