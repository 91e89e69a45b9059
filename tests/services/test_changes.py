"""What moved each likelihood between an earlier question and this one, one thing at a time."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from iwscore.errors import QuestionError
from tests.oracle.plain import AT, report, world, yes_no
from tests.oracle.reports import Row
from tests.oracle.worlds import World
from tests.services.telling import Told

Tell = Callable[[World], Told]
DAY = timedelta(days=1)
NOW = AT + 9 * DAY
STEPS = ("fading", "new", "withdrawn", "re-graded", "catalog")


def day(n: int) -> str:
    return (AT + n * DAY).isoformat()


OLD = report("sign-0", 1, "a", "A1", external_id="old")
NEW = report("sign-0", 1, "b", "A1", AT + 5 * DAY)
LATE = {**report("sign-0", 1, "b", "A1"), "known_from": day(5)}
CORRECTION = report("sign-0", 0, "a", "A1", kind="correction", target="old", known_from=day(5))
RETRACTION = {"kind": "retraction", "target": "old", "observed_at": day(5)}
BURNT = [{"known_from": day(5), "reliability": "G"}]


def told(tell: Tell, *rows: Row, half_life: str = "never", regraded: list[dict[str, str]] | None = None) -> Told:
    sources = [{"id": "a", "grades": [], "regraded": regraded or []}, {"id": "b", "grades": []}]
    signs = {"half_life": half_life}
    return tell(world([0.5, 0.5], {"sign-0": yes_no([0.8, 0.2])}, list(rows), sources=sources, indicators=signs))


@pytest.mark.parametrize(
    ("rows", "more", "step", "sign"),
    [
        ([OLD], {"half_life": "3d"}, "fading", -1),
        ([OLD, NEW], {}, "new", 1),
        ([OLD, LATE], {}, "new", 1),
        ([OLD, CORRECTION], {}, "withdrawn", -1),
        ([OLD, RETRACTION], {}, "withdrawn", -1),
        ([OLD], {"regraded": BURNT}, "re-graded", -1),
    ],
    ids=["fading", "new", "known late", "corrected", "retracted", "regraded"],
)
def test_each_kind_of_change_is_told_apart(tell: Tell, rows: list[Row], more: Any, step: str, sign: int) -> None:
    """What raised s0 to 0.785 fades, is joined, withdrawn, or believed no longer."""
    change = told(tell, *rows, **more).explain(at=NOW, since=AT).change
    assert tuple(one.id for one in change.steps) == STEPS
    moved = {one.id: one.likelihood["s0"] for one in change.steps if one.likelihood["s0"]}
    assert list(moved) == [step]
    assert moved[step] * sign > 0
    assert change.before["s0"] == pytest.approx(0.785)


@pytest.mark.parametrize("known_at", [None, AT + 6 * DAY, AT + DAY])
def test_the_steps_add_up_from_the_earlier_answer_to_this_one(tell: Tell, known_at: datetime | None) -> None:
    log = told(tell, OLD, NEW, LATE, CORRECTION, half_life="20d", regraded=BURNT)
    change = log.explain(at=NOW, since=AT + DAY, known_at=known_at).change
    then = log.score(at=AT + DAY, known_at=AT + DAY)
    now = log.score(at=NOW, known_at=known_at)
    for line, later in zip(then.scenarios, now.scenarios, strict=True):
        assert change.before[line.id] == line.likelihood
        assert change.after[line.id] == later.likelihood
        total = sum(step.likelihood[line.id] for step in change.steps)
        assert line.likelihood + total == pytest.approx(later.likelihood, abs=1e-12)


def test_between_one_question_and_itself_nothing_has_moved(tell: Tell) -> None:
    change = told(tell, OLD, NEW, CORRECTION).explain(at=AT + DAY, known_at=AT + DAY, since=AT + DAY).change
    assert change.before == change.after
    assert not any(value for step in change.steps for value in step.ln_likelihood.values())


def test_without_an_earlier_question_there_is_no_change(tell: Tell) -> None:
    assert told(tell, OLD).explain(at=NOW).change is None


def test_an_earlier_question_must_be_earlier(tell: Tell) -> None:
    with pytest.raises(QuestionError, match=r"^IW504 "):
        told(tell, OLD).explain(at=AT, since=AT + DAY)
