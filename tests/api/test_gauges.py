"""The figures of every question: the digits of the answers, and what an alert needs beside them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from iwscore.domain.assessments import Assessment
from iwscore.domain.problems import Ladder
from iwscore.domain.times import from_micros
from iwscore.services import score
from tests.api.scraping import scrape
from tests.api.serving import CATALOG, Served, serving
from tests.api.test_streams import seen
from tests.store.drafting import DAY, NOON, Clock, record

SECOND = 1e6
LATER = NOON + 60_000_000


@pytest.fixture
def served(sqlite_url: str, clock: Clock) -> Iterator[Served]:
    with serving(sqlite_url, clock) as served:
        record(
            served.log,
            seen(observed_at=NOON - 3 * DAY),
            seen(indicator="war-rhetoric", level="ultimatum", grade="A1"),
            seen(indicator="war-rhetoric", level="routine", source="tvn24", grade="A1", observed_at=NOON - DAY // 2),
        )
        served.station.follow()
        yield served


ALARMING = {"bridging-equipment": "forward", "obstacles-cleared": "present", "foreign-troops-present": "assault-force"}


def answer(served: Served, problem: str, at: datetime) -> Assessment:
    return score(CATALOG, served.log.columns(), problem=problem, at=at)


def ladder_of(problem: str) -> Ladder:
    ladder = CATALOG.problems[problem].ladder
    assert ladder
    return ladder


def adverse(problem: str, found: Assessment) -> float:
    names = ladder_of(problem).adverse
    return sum(line.likelihood for line in found.scenarios if line.id in names)


def test_the_digits_are_those_of_the_answers(served: Served) -> None:
    figures = scrape(served)
    for problem in CATALOG.problems:
        found = answer(served, problem, from_micros(NOON))
        asked = {"problem": problem, "subject": "belarus"}
        for name in ("coverage", "observations", "unplaced"):
            assert figures.one(name, **asked) == getattr(found, name)
        for flag in ("thin", "contested", "blind"):
            assert figures.one(flag, **asked) == (flag in found.flags)
        for line in found.scenarios:
            for name in ("likelihood", "score", "against"):
                assert figures.one(name, scenario=line.id, **asked) == getattr(line, name)


def test_what_is_to_come_by_the_clock_alone_is_told(served: Served) -> None:
    figures = scrape(served)
    for problem in CATALOG.problems:
        for ahead, days in {"1d": 1, "7d": 7, "30d": 30}.items():
            found = answer(served, problem, from_micros(NOON) + timedelta(days=days))
            asked = {"problem": problem, "subject": "belarus", "ahead": ahead}
            for line in found.scenarios:
                assert figures.one("fading_likelihood", scenario=line.id, **asked) == line.likelihood
            assert figures.one("fading_adverse_likelihood", **asked) == pytest.approx(adverse(problem, found), abs=0)


def test_the_ladder_is_told_by_place_and_by_name(served: Served, clock: Clock) -> None:
    record(served.log, *(seen(indicator=name, level=level, grade="A1") for name, level in ALARMING.items()))
    served.station.follow()
    clock.now = LATER
    figures = scrape(served)
    asked = {"problem": "northern-front", "subject": "belarus"}
    found = answer(served, "northern-front", from_micros(LATER))
    assert found.rung == "watchcon-3"
    assert figures.one("rung", **asked) == 1
    assert figures.all("rung_info", **asked) == [(asked | {"rung": "watchcon-3"}, 1)]
    reached = {labels["rung"]: value for labels, value in figures.all("rung_reached", **asked)}
    assert reached == {"watchcon-4": 1, "watchcon-3": 1, "watchcon-2": 0, "watchcon-1": 0}
    for place, rung in enumerate(ladder_of("northern-front").rungs):
        assert figures.one("rung_raise_at", **asked, rung=rung.id, place=str(place)) == rung.raise_at
        assert figures.one("rung_clear_at", **asked, rung=rung.id, place=str(place)) == rung.clear_at
    assert figures.one("adverse_likelihood", **asked) == pytest.approx(adverse("northern-front", found), abs=0)


def test_the_newest_report_on_each_indicator_is_told(served: Served) -> None:
    figures = scrape(served)
    told = {labels["indicator"]: value for labels, value in figures.all("indicator_newest_timestamp_seconds")}
    assert told == {"mobilisation": (NOON - 3 * DAY) / SECOND, "war-rhetoric": (NOON - DAY // 2) / SECOND}
    asked = {"problem": "northern-front", "subject": "belarus"}
    assert figures.one("indicator_half_life_seconds", **asked, indicator="mobilisation") == 60 * 86_400


def test_the_service_tells_of_itself(served: Served) -> None:
    figures = scrape(served)
    (labels, _), = figures.all("info")  # fmt: skip
    assert (labels["catalog"], labels["ceiling"]) == (CATALOG.digest, "red")
    assert figures.one("at_timestamp_seconds") == NOON / SECOND
    assert figures.one("log_newest_timestamp_seconds") == NOON / SECOND
    assert figures.one("log_reports") == 3
    assert (figures.one("up_to_date"), figures.one("stale")) == (1, 0)
    assert figures.all("degraded") == []


def test_long_silence_is_told(served: Served, clock: Clock) -> None:
    clock.now += 8 * DAY
    figures = scrape(served)
    assert (figures.one("up_to_date"), figures.one("stale")) == (0, 1)


def test_each_reason_for_being_degraded_is_told(sqlite_url: str, clock: Clock) -> None:
    with serving(sqlite_url, clock, findings=3) as served:
        figures = scrape(served)
        assert figures.all("degraded") == [({"reason": "catalog has findings"}, 1)]
        assert figures.all("log_newest_timestamp_seconds") == []


def test_where_any_subject_is_watched_those_seen_are_told(sqlite_url: str, clock: Clock) -> None:
    anyone = {"northern-front": CATALOG.problems["northern-front"].model_copy(update={"subjects": None})}
    with serving(sqlite_url, clock, catalog=CATALOG.model_copy(update={"problems": anyone})) as served:
        assert scrape(served).all("likelihood") == []
        record(served.log, seen(), seen(subject='Łódź "\\\n'))
        served.station.follow()
        figures = scrape(served)
        assert {labels["subject"] for labels, _ in figures.all("coverage")} == {"belarus", 'Łódź "\\\n'}


def test_what_the_list_cannot_tell_has_no_sample(sqlite_url: str, clock: Clock) -> None:
    changes: dict[str, Any] = {"expectations": (), "groups": (), "ladder": None}
    bare = {"northern-front": CATALOG.problems["northern-front"].model_copy(update=changes)}
    with serving(sqlite_url, clock, catalog=CATALOG.model_copy(update={"problems": bare})) as served:
        figures = scrape(served)
        assert figures.all("likelihood")
        for name in (
            "score",
            "against",
            "coverage",
            "rung",
            "fading_adverse_likelihood",
            "indicator_half_life_seconds",
        ):
            assert figures.all(name) == []
