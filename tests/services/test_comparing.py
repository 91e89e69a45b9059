"""What another catalog would have said: the two outputs read in step, against the two trends."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from iwscore import catalog, store
from iwscore.domain.assessments import Trend
from iwscore.domain.times import to_micros
from iwscore.errors import QuestionError
from iwscore.services.comparing import Comparison, Side, Unplaced, compare, shared_subjects, unplaced
from iwscore.services.vintages import InForce
from tests.oracle.plain import AT, PROBLEM
from tests.oracle.worlds import World, write
from tests.services.jobs import DAY, SUBJECTS, Making, several
from tests.services.telling import Told


@pytest.fixture
def tell_in(tmp_path: Path) -> Callable[[str], Callable[[World], Told]]:
    """Return what tells a world from a folder of its own."""

    def teller(name: str) -> Callable[[World], Told]:
        (tmp_path / name).mkdir()
        return lambda world: Told.of(world, tmp_path / name)

    return teller


def makings(tell_in: Callable[..., Any], folder: Path, **other: Any) -> tuple[Making, Making]:
    """The same reports under another catalog and under the one in force."""
    return (
        Making(several(tell_in("other"), **other), folder / "other.parquet"),
        Making(several(tell_in("in-force")), folder / "in-force.parquet"),
    )


def compared(other: Making, in_force: Making, *, most: int = 99, **asked: Any) -> Comparison:
    sides = ((one.told.catalog, one.told.observations) for one in (other, in_force))
    shared, apart = shared_subjects(PROBLEM, ["all"], *sides)
    jobs = [one.job(subjects=shared, **asked) for one in (other, in_force)]
    for one, job in zip((other, in_force), jobs, strict=True):
        one.make(job)
    return compare(
        *(Side(one.told.catalog.problems[PROBLEM], one.out) for one in (other, in_force)),
        job=jobs[0],
        digest=jobs[1].catalog,
        apart=apart,
        lost=Unplaced(other=2, in_force=1),
        most=most,
    )


def trends(making: Making, **asked: Any) -> list[Trend]:
    span = {"start": AT - DAY, "end": AT + 12 * DAY, **asked}
    return [making.told.trend(subject=name, **span) for name in sorted(SUBJECTS)]


@pytest.mark.parametrize("vintage", [False, True])
def test_the_comparison_is_that_of_the_two_trends(tell_in: Any, tmp_path: Path, vintage: bool) -> None:
    other, in_force = makings(tell_in, tmp_path, given=(0.3, 0.7))
    found = compared(other, in_force, vintage=vintage)
    pairs = list(zip(trends(other, vintage=vintage), trends(in_force, vintage=vintage), strict=True))
    assert (found.other, found.in_force) == (other.told.catalog.digest, in_force.told.catalog.digest)
    assert (found.subjects, found.times, found.unplaced) == (tuple(sorted(SUBJECTS)), 14, Unplaced(other=2, in_force=1))
    most = {
        (a.subject, scenario): float(np.abs(a.likelihood - b.likelihood).max(axis=0)[s])
        for a, b in pairs
        for s, scenario in enumerate(a.scenarios)
    }
    assert {(move.subject, move.scenario): abs(move.move) for move in found.moves} == {
        k: v for k, v in most.items() if v
    }
    assert found.rung_times == sum(int((a.rung != b.rung).sum()) for a, b in pairs) > 0
    assert found.leader_times == sum(
        int((a.likelihood.argmax(axis=1) != b.likelihood.argmax(axis=1)).sum()) for a, b in pairs
    )
    assert sum(one.times for one in found.rungs) == found.rung_times
    assert {(one.other, one.in_force) for one in found.rungs} <= {("watch", "calm"), ("calm", "watch")}
    firsts = [[np.flatnonzero(one.rung == 1)[:1].tolist() for one in pair] for pair in pairs]
    assert len(found.reached) == sum(a != b for a, b in firsts)


def test_the_same_catalog_says_the_same(tell_in: Any, tmp_path: Path) -> None:
    found = compared(*makings(tell_in, tmp_path))
    assert (found.moves, found.rungs, found.leaders, found.reached) == ((), (), (), ())
    assert (found.rung_times, found.leader_times) == (0, 0)


def test_scenarios_rungs_and_subjects_that_one_catalog_alone_has_are_named(tell_in: Any, tmp_path: Path) -> None:
    other, in_force = makings(
        tell_in, tmp_path, given=(0.9, 0.2, 0.3), ladder=False, subjects=["here", "nowhere", "moon"]
    )
    found = compared(other, in_force)
    assert (found.subjects, found.subjects_apart) == (("here", "nowhere"), ("elsewhere", "moon"))
    assert (found.scenarios, found.scenarios_apart) == (("s0", "s1"), ("s2",))
    assert {move.scenario for move in found.moves} == {"s0", "s1"}
    assert {one.other for one in found.rungs} == {None}
    assert (found.rung_times, found.reached) == (28, ())


def test_lists_are_cut_and_counts_are_not(tell_in: Any, tmp_path: Path) -> None:
    others = makings(tell_in, tmp_path, given=(0.3, 0.7))
    whole, cut = compared(*others), compared(*others, most=1)
    assert len(whole.rungs) > 1
    assert (cut.moves, cut.rungs, cut.leaders) == (whole.moves[:1], whole.rungs[:1], whole.leaders[:1])
    assert (cut.rung_times, cut.leader_times) == (whole.rung_times, whole.leader_times)


def test_catalogs_that_share_no_subject_are_refused(tell_in: Any, tmp_path: Path) -> None:
    others = makings(tell_in, tmp_path, subjects=["moon"])
    with pytest.raises(
        QuestionError, match=rf"^IW524 nothing to compare \({PROBLEM}\); the catalogs must share a subject"
    ):
        compared(*others)


def test_a_subject_that_an_earlier_catalog_did_not_watch_is_set_apart(tell_in: Any, tmp_path: Path) -> None:
    """Its history has no rows for those times, which would be held against another subject's."""
    one, other = makings(tell_in, tmp_path, subjects=["here", "moon"])
    catalogs = InForce((0, to_micros(AT)), (one.told.catalog, other.told.catalog))
    sides = [(catalog, other.told.observations) for catalog in (catalogs, other.told.catalog)]
    assert shared_subjects(PROBLEM, ["all"], *sides) == (("here",), ("elsewhere", "nowhere"))
    with pytest.raises(QuestionError, match="IW524"):
        shared_subjects(PROBLEM, ["nowhere"], *sides)


@pytest.mark.parametrize("asked", [{}, {"vintage": True}, {"end": AT - DAY}, {"known_at": AT - DAY}])
def test_unplaced_are_those_of_the_assessments_at_the_last_time(
    tell_in: Any, tmp_path: Path, asked: dict[str, Any]
) -> None:
    making, _ = makings(tell_in, tmp_path)
    job = making.job(**asked)
    at, known = asked.get("end", AT + 12 * DAY), asked.get("known_at")
    counts = [
        making.told.score(subject=name, at=at, known_at=at if asked.get("vintage") else known).unplaced
        for name in SUBJECTS
    ]
    assert unplaced(making.told.catalog, making.told.observations, job) == sum(counts)
    assert sum(counts) == (0 if "end" in asked or "known_at" in asked else 1)


def test_a_catalog_without_a_sign_cannot_place_its_reports(tell_in: Any, tmp_path: Path) -> None:
    """The same file is read with either catalog."""
    making, _ = makings(tell_in, tmp_path)
    (tmp_path / "fewer").mkdir()
    world = World({"indicators": [], "problems": [], "sources": [{"id": "a", "grades": []}]}, [])
    write(world, tmp_path / "fewer")
    fewer = catalog.load(tmp_path / "fewer").model_copy(update={"problems": making.told.catalog.problems})
    seen = store.read_observations(tmp_path / "other" / "observations.csv", fewer)
    reports = sum(
        1 for name in SUBJECTS for row in range(len(seen)) if seen.subject[row] == name and seen.kind[row] != 2
    )
    emptied = making.told.catalog.problems[PROBLEM].model_copy(update={"expectations": (), "groups": ()})
    fewer = fewer.model_copy(update={"problems": {PROBLEM: emptied}})
    assert unplaced(fewer, seen, making.job()) == reports - 1 > 10
