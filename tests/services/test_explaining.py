"""Why an answer is what it is."""

import math
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from tests.oracle.plain import AT, PROBLEM, SUBJECT, report, world, yes_no
from tests.oracle.reports import Row
from tests.oracle.worlds import World
from tests.services.telling import Told

Tell = Callable[[World], Told]
DAY = timedelta(days=1)
SIGNS = {"sign-0": yes_no([0.8, 0.2]), "sign-1": yes_no([0.7, 0.4]), "sign-2": yes_no([0.5, 0.4])}
GROUPS = [{"id": "twins", "indicators": ["sign-0", "sign-1"], "correlation": 0.5}]
SOURCES: list[dict[str, Any]] = [
    {"id": "zoe", "grades": []},
    {"id": "agency", "party": "crown", "origin": "minister", "grades": []},
    {"id": "minister", "party": "crown", "grades": []},
]


def told(tell: Tell, *rows: Row, **more: Any) -> Told:
    given: dict[str, Any] = {"sources": SOURCES, "problem": {"groups": GROUPS}, "indicators": {"half_life": "30d"}}
    return tell(world([0.6, 0.4], SIGNS, list(rows), **{**given, **more}))


MANY = [
    report("sign-0", 1, "zoe", "B2"),
    report("sign-0", 0, "agency", "C3", AT + 2 * DAY, note="denied"),
    report("sign-1", 1, "minister", "A2", AT + DAY),
    report("sign-2", 1, "zoe", "B1", AT + 3 * DAY),
    report("sign-2", 0, "agency", "A3", AT + 3 * DAY),
]


def test_the_parts_and_the_balance_add_up_to_the_likelihoods(tell: Tell) -> None:
    found = told(tell, *MANY).explain(at=AT + 4 * DAY)
    for scenario in found.scenarios:
        parts = sum(one.parts[scenario.id] for one in found.indicators)
        assert scenario.ln_prior + parts + found.balance == pytest.approx(scenario.ln_likelihood, abs=1e-12)
        assert math.exp(scenario.ln_likelihood) == pytest.approx(scenario.likelihood, rel=1e-12)


def test_the_parts_of_the_reports_add_up_to_those_of_their_indicator(tell: Tell) -> None:
    found = told(tell, *MANY).explain(at=AT + 4 * DAY)
    assert [one.id for one in found.indicators] == ["sign-0", "sign-1", "sign-2"]
    for one in found.indicators:
        for scenario, part in one.parts.items():
            assert sum(seen.parts[scenario] for seen in one.observations) == pytest.approx(part, abs=1e-12)
        for level, nats in one.evidence.items():
            heard = [seen.evidence for seen in one.observations if seen.level == level]
            assert sum(heard) == pytest.approx(nats, abs=1e-12)


def test_members_of_a_group_keep_a_share_of_what_they_say_alone(tell: Tell) -> None:
    """At ρ = ½ two say together the root of their squares, and each keeps its own share of it."""
    first, second, single = told(tell, *MANY).explain(at=AT + 4 * DAY).indicators
    assert (first.group, second.group, single.group) == ("twins", "twins", None)
    together = math.hypot(first.alone["s0"], second.alone["s0"])
    assert first.parts["s0"] == pytest.approx(first.alone["s0"] ** 2 / together, rel=1e-12)
    assert first.parts["s0"] + second.parts["s0"] == pytest.approx(together, rel=1e-12)
    assert single.parts == single.alone


def test_reports_are_told_with_all_that_is_known_of_them(tell: Tell) -> None:
    found = told(tell, *MANY).explain(at=AT + 4 * DAY).indicators[0].observations[1]
    assert (found.source, found.origin, found.party) == ("agency", "minister", "crown")
    assert (found.level, found.grade, found.trust, found.note) == ("level-0", "C3", 0.4, "denied")
    assert (found.observed_at, found.known_from) == (AT + 2 * DAY, AT + 2 * DAY)
    assert found.fading == pytest.approx(2 ** (-2 / 30), rel=1e-14)
    assert found.evidence == pytest.approx(math.log(1.4 / 0.6) * found.fading, rel=1e-14)
    assert len(found.id) == 32


def test_voices_are_added_by_time_then_origin_then_level(tell: Tell) -> None:
    rows = [
        report("sign-0", 1, "agency", "C1", AT + 2 * DAY, origin="zoe"),
        report("sign-0", 0, "zoe", "B1", AT + DAY),
        report("sign-0", 1, "agency", "C1", AT + DAY),
        report("sign-0", 0, "minister", "C1", AT + DAY),
    ]
    found = told(tell, *rows).explain(at=AT + 2 * DAY).indicators[0].observations
    assert [(one.observed_at - AT, one.origin, one.level) for one in found] == [
        (DAY, "minister", "level-0"),
        (DAY, "minister", "level-1"),
        (DAY, "zoe", "level-0"),
        (2 * DAY, "zoe", "level-1"),
    ]


def test_an_explanation_names_what_was_asked_and_who_leads(tell: Tell) -> None:
    log = told(tell, *MANY)
    found = log.explain(at=AT + DAY, known_at=AT + DAY)
    assert (found.problem, found.subject, found.at, found.known_at) == (PROBLEM, SUBJECT, AT + DAY, AT + DAY)
    assert (found.catalog, found.leader, found.unit) == (log.catalog.digest, "s0", "nats")
    assert [(one.id, one.prior, one.ln_prior) for one in found.scenarios] == [
        ("s0", 0.6, math.log(0.6)),
        ("s1", 0.4, math.log(0.4)),
    ]


@pytest.mark.parametrize("rows", [[], [report("sign-0", 1, "zoe", "F6")]], ids=["silence", "a worthless report"])
def test_where_nothing_is_heard_there_is_nothing_to_explain(tell: Tell, rows: list[Row]) -> None:
    found = told(tell, *rows).explain(at=AT + DAY)
    assert (found.indicators, found.balance, found.linchpins) == ((), 0.0, ())
    assert [one.likelihood for one in found.scenarios] == [0.6, 0.4]


def test_the_likelihoods_are_those_of_the_assessment(tell: Tell) -> None:
    log = told(tell, *MANY)
    at = AT + 17 * DAY
    explained = [one.likelihood for one in log.explain(at=at).scenarios]
    assert explained == [one.likelihood for one in log.score(at=at).scenarios]
