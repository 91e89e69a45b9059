"""Which catalog was in force at which time, and what a history says that several have answered."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import numpy as np
import pytest

from iwscore.core.bundles import EVERYTHING
from iwscore.domain.times import to_micros
from iwscore.errors import QuestionError
from iwscore.render import trend_chart, trend_table
from iwscore.render.sparklines import trend_sparklines
from iwscore.services import score, trend
from iwscore.services.vintages import InForce
from tests.oracle.plain import AT, PROBLEM, report, world, yes_no
from tests.oracle.worlds import World
from tests.services.telling import Told

Tell = Callable[[World], Told]
DAY = timedelta(days=1)
ROWS = [report("sign-0", 1, "a", "B2"), report("sign-1", 1, "a", "B2", known_from=(AT + 3 * DAY).isoformat())]
CALM, WATCH, ALARM = ({"id": name, "raise_at": least} for name, least in (("calm", 0), ("watch", 0.6), ("alarm", 0.7)))


def told(tell: Tell, given: float, *rungs: dict[str, Any], priors: tuple[float, ...] = (0.5, 0.5)) -> Told:
    """Two signs that speak for the first scenario; the sum of its ladder is that scenario's likelihood."""
    signs = {f"sign-{n}": yes_no([given, *[0.2] * (len(priors) - 1)]) for n in range(2)}
    ladder = {"adverse": ["s0"], "rungs": [CALM, *rungs]}
    return tell(world(list(priors), signs, ROWS, sources=[{"id": "a", "grades": []}], problem={"ladder": ladder}))


def in_force(*ones: tuple[int, Told]) -> InForce:
    return InForce(tuple(to_micros(AT + day * DAY) for day, _ in ones), tuple(one.catalog for _, one in ones))


def history(catalogs: InForce, seen: Told, **more: Any) -> Any:
    asked = {"problem": PROBLEM, "start": AT - DAY, "end": AT + 6 * DAY, "step": "1d", "vintage": True, **more}
    return trend(catalogs, seen.observations, **asked)


@pytest.mark.parametrize(
    ("known", "answering"),
    [(EVERYTHING, [(0, 0, 4), (1, 4, 6), (2, 6, 8)]), (to_micros(AT + 4 * DAY), [(0, 0, 4), (1, 4, 8)])],
)
def test_a_catalog_answers_from_when_it_came_into_force(tell: Tell, known: int, answering: list[Any]) -> None:
    """What was recorded later than known_at is not known to have been in force."""
    ones = [told(tell, given) for given in (0.6, 0.7, 0.8)]
    catalogs = in_force((1, ones[0]), (3, ones[1]), (5, ones[2]))
    times = np.array([to_micros(AT + day * DAY) for day in range(-1, 7)])
    found = list(catalogs.stretches(times, known))
    assert [(ones.index(one), where.start, where.stop) for one, where in _named(found, ones)] == answering


def _named(found: list[Any], ones: list[Told]) -> list[Any]:
    return [(next(one for one in ones if one.catalog is catalog), where) for catalog, where in found]


def test_each_time_is_the_answer_of_the_catalog_in_force_then(tell: Tell) -> None:
    """Its ladder is folded over the whole history, as that catalog would have it."""
    ones = [told(tell, 0.6, WATCH), told(tell, 0.9, WATCH, ALARM)]
    answered = history(in_force((1, ones[0]), (3, ones[1])), ones[0])
    for row in answered.rows():
        one = ones[row["at"] >= AT + 3 * DAY]
        asked = {"problem": PROBLEM, "at": row["at"], "known_at": row["at"]}
        alone = score(one.catalog, ones[0].observations, **asked)
        line = next(line for line in alone.scenarios if line.id == row["scenario"])
        assert (row["likelihood"], row["score"], row["against"]) == (line.likelihood, line.score, line.against)
        assert (row["coverage"], row["rung"]) == (alone.coverage, alone.rung)
    assert answered.catalog == ones[1].catalog.digest
    assert answered.catalogs == ((AT + DAY, ones[0].catalog.digest), (AT + 3 * DAY, ones[1].catalog.digest))
    assert [event[:2] for event in answered.events] == [(AT, "sign-0"), (AT + 3 * DAY, "sign-1")]


def test_a_scenario_is_answered_only_while_a_catalog_has_it(tell: Tell) -> None:
    ones = [told(tell, 0.6, priors=(0.4, 0.3, 0.3)), told(tell, 0.9)]
    answered = history(in_force((1, ones[0]), (3, ones[1])), ones[0])
    said = {at: [row["scenario"] for row in answered.rows() if row["at"] == AT + at * DAY] for at in (2, 3)}
    assert said == {2: ["s0", "s1", "s2"], 3: ["s0", "s1"]}
    assert answered.scenarios == ("s0", "s1", "s2")
    course = next(line for line in trend_sparklines(answered).splitlines() if line.startswith("s2"))
    assert course.split() == ["s2", "30.0", "–", "▃▂▂▂"]
    banded = trend_table(history(in_force((1, ones[0]), (3, ones[1])), ones[0], draws=10, seed=0)).splitlines()
    assert [line.split()[-3] for line in banded[-3:-1]] == ["–", "–"]
    assert [each["scenario"] for each in trend_chart(answered)["datasets"]["endings"]] == ["s0", "s1"]


@pytest.mark.parametrize("size", [1, 3])
def test_pages_have_the_rows_of_the_whole_in_its_order(tell: Tell, size: int) -> None:
    """Whichever catalogs answer on a page, its scenarios stand as they do in the whole."""
    ones = [told(tell, 0.6, priors=(0.4, 0.2, 0.2, 0.2)), told(tell, 0.6, priors=(0.4, 0.3, 0.3)), told(tell, 0.9)]
    backwards = ones[0].catalog.problems[PROBLEM]
    turned = backwards.model_copy(update={"scenarios": backwards.scenarios[:2] + backwards.scenarios[:1:-1]})
    first = ones[0].catalog.model_copy(update={"problems": {PROBLEM: turned}})
    catalogs = InForce(tuple(to_micros(AT + day * DAY) for day in (1, 2, 3)), (first, ones[1].catalog, ones[2].catalog))
    whole = list(history(catalogs, ones[0]).rows())
    pages = [history(catalogs, ones[0], page=slice(n, n + size)) for n in range(0, 8, size)]
    assert [row for page in pages for row in page.rows()] == whole
    assert {page.scenarios for page in pages} == {("s0", "s1", "s3", "s2")}


def test_where_no_catalog_asked_the_question_nothing_is_answered(tell: Tell) -> None:
    here = told(tell, 0.9)
    silent = here.catalog.model_copy(update={"problems": {}})
    catalogs = InForce((to_micros(AT), to_micros(AT + 2 * DAY)), (silent, here.catalog))
    assert min(row["at"] for row in history(catalogs, here).rows()) == AT + 2 * DAY
    with pytest.raises(QuestionError, match="IW501"):
        history(InForce(catalogs.since, catalogs.catalogs[::-1]), here)


def test_one_catalog_is_in_force_at_every_time(tell: Tell) -> None:
    here = told(tell, 0.9)
    alone = InForce.of(here.catalog)
    assert (alone.last, alone.named(), InForce.of(alone)) == (here.catalog, (), alone)
    assert list(history(alone, here).rows()) == list(here.trend(start=AT - DAY, end=AT + 6 * DAY, vintage=True).rows())


def test_a_change_begins_with_the_catalog_in_force_then(tell: Tell) -> None:
    """What the register says is re-graded; what the list says otherwise is the catalog's."""
    ones = [told(tell, 0.6), told(tell, 0.9)]
    catalogs = in_force((0, ones[0]), (3, ones[1]))
    change = ones[1].explain(at=AT + 5 * DAY, since=AT + DAY, in_force=catalogs).change
    assert change is not None
    then = score(ones[0].catalog, ones[0].observations, problem=PROBLEM, at=AT + DAY, known_at=AT + DAY)
    assert (change.catalog, change.before["s0"]) == (ones[0].catalog.digest, then.scenarios[0].likelihood)
    moved = {step.id: step.likelihood["s0"] for step in change.steps if step.likelihood["s0"]}
    assert list(moved) == ["new", "catalog"]
    assert change.after["s0"] == ones[1].score(at=AT + 5 * DAY).scenarios[0].likelihood
    assert change.before["s0"] + sum(moved.values()) == pytest.approx(change.after["s0"], abs=1e-12)


def test_a_change_between_other_scenarios_is_refused(tell: Tell) -> None:
    ones = [told(tell, 0.6, priors=(0.4, 0.3, 0.3)), told(tell, 0.9)]
    catalogs = in_force((0, ones[0]), (3, ones[1]))
    with pytest.raises(QuestionError, match="IW514 scenarios have changed since"):
        ones[1].explain(at=AT + 5 * DAY, since=AT + DAY, in_force=catalogs)
