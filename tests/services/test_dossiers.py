"""One question's answers, put together from what is kept."""

from typing import Any

import numpy as np
import pytest

from iwscore.core.hearings import Clocks
from iwscore.services import dossiers, score, trend
from iwscore.services.dossiers import Dossier
from tests.oracle.plain import PROBLEM, SUBJECT
from tests.services.shelving import DAY, NOON, Shelved, on, said


@pytest.fixture
def dossier(shelved: Shelved) -> Dossier:
    """Return the dossier of a log with a late report, and a source that is regraded later."""
    shelved.told(said(source="d"), said(sign=1, level=0, source="b"))
    shelved.told(said(source="c", level=0, day=1), day=8)
    return Dossier(shelved.catalog, shelved.shelves, shelved.catalog.problems[PROBLEM], SUBJECT)


@pytest.mark.parametrize("day", [0.5, 4, 6, 8.5, 30])
@pytest.mark.parametrize("known", [None, 3, 6, 40])
def test_an_assessment_is_that_of_a_fresh_reading(
    shelved: Shelved, dossier: Dossier, day: float, known: float | None
) -> None:
    at, known_at = on(day), None if known is None else on(known)
    seen = shelved.log.observations()
    wanted = score(shelved.catalog, seen, problem=PROBLEM, at=at, known_at=known_at, draws=8, seed=2)
    assert dossier.score(at, known_at, draws=8, seed=2) == wanted


@pytest.mark.parametrize("day", [4, 9])
def test_the_rung_is_by_what_was_known_then(shelved: Shelved, day: float) -> None:
    """A report of the first day that is known on the eighth moves the likelihood of the fourth, and not its rung."""
    shelved.told(said(day=0.1), day=8)
    dossier = Dossier(shelved.catalog, shelved.shelves, shelved.catalog.problems[PROBLEM], SUBJECT)
    found = dossier.score(on(day), None, draws=0, seed=0)
    assert found == score(shelved.catalog, shelved.log.observations(), problem=PROBLEM, at=on(day))
    assert found.scenarios[0].likelihood > 0.6
    assert found.rung == ("calm" if day < 8 else "watch")


@pytest.mark.parametrize("vintage", [False, True])
@pytest.mark.parametrize("largest", [0, 1 << 22])
def test_a_grid_too_large_to_be_kept_gives_the_same_answers(
    shelved: Shelved, dossier: Dossier, monkeypatch: pytest.MonkeyPatch, vintage: bool, largest: int
) -> None:
    monkeypatch.setattr(dossiers, "_LARGEST", largest)
    asked: dict[str, Any] = {"start": on(-1), "end": on(12), "step": "1d", "vintage": vintage, "draws": 8}
    wanted = trend(shelved.catalog, shelved.log.observations(), problem=PROBLEM, **asked)
    answer = dossier.answer(wanted.times, slice(0, 14), Clocks.known_at(None, vintage=vintage), draws=8, seed=0)
    assert answer.assessed.likelihood.tobytes() == wanted.likelihood.tobytes()
    assert (answer.rung.tolist(), answer.events) == (wanted.rung.tolist(), wanted.events)
    assert answer.bands is not None
    assert wanted.low is not None
    assert answer.bands.low.tobytes() == wanted.low.tobytes()


def test_marks_are_those_since_the_time_before(shelved: Shelved, dossier: Dossier) -> None:
    """Of several catalogs, one that answers from the middle on marks what came since the time before."""
    times = NOON + np.arange(0, 10, 3) * DAY
    events = dossier.answer(times, slice(2, 4), Clocks.known_at(None, vintage=True), draws=0, seed=0).events
    assert [event[0] for event in events] == [on(8.5)]
