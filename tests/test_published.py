"""Published figures come out, from tiny catalogs, through the oracle and through the engine alike.

Each figure's source stands in `vectors/published.json`. A sign that is certain there is one here on
which twenty good reports agree, without common error: in double precision that is the same.
"""

import json
import math
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from iwscore import catalog, services, store
from iwscore.domain.words import SCALES
from tests.oracle import Oracle
from tests.oracle.plain import AT, PROBLEM, SUBJECT, certain, report, world, yes_no
from tests.oracle.worlds import World, write

PUBLISHED = json.loads((Path(__file__).parent / "vectors" / "published.json").read_text(encoding="utf-8"))
SCHWEITZER, TUNNY, ODDS = PUBLISHED["bayes"]
NOTHING = {letter: [0.0] * 6 for letter in "BCDEFG"}

Answers = tuple[list[float], dict[str, Any]]  # the likelihoods, and the evidence on each level of the one sign
Ask = Callable[..., Answers]


@pytest.fixture(params=["oracle", "engine"])
def ask(request: pytest.FixtureRequest, tmp_path: Path) -> Ask:
    """Put a world's one question, some days after its reports."""

    def of_oracle(made: World, days: float = 0) -> Answers:
        question: dict[str, Any] = {
            "problem": PROBLEM,
            "subject": SUBJECT,
            "at": AT + timedelta(days=days),
            "known_at": None,
        }
        oracle = Oracle(made.documents, made.rows)
        told = oracle.explanation(**question)["indicators"]
        return [one["likelihood"] for one in oracle.answer(**question)["scenarios"]], told["sign-0"]["evidence"]

    def of_engine(made: World, days: float = 0) -> Answers:
        write(made, tmp_path)
        loaded = catalog.load(tmp_path)
        observations = store.read_observations(tmp_path / "observations.csv", loaded)
        told = services.explain(loaded, observations, problem=PROBLEM, at=AT + timedelta(days=days))
        assessment = services.score(loaded, observations, problem=PROBLEM, at=AT + timedelta(days=days))
        evidence = {level: nats for one in told.indicators for level, nats in one.evidence.items() if nats}
        return [one.likelihood for one in assessment.scenarios], evidence

    return of_oracle if request.param == "oracle" else of_engine


def seen(priors: list[float], signs: list[list[float]], **more: Any) -> World:
    """A world in which every sign, given as P(sign) per scenario, is certain."""
    tables = {f"sign-{number}": yes_no(p_given) for number, p_given in enumerate(signs)}
    return world(priors, tables, [row for name in tables for row in certain(name, 1)], **more)


def told_once(priors: list[float], p_given: list[float], trust: float, **more: Any) -> World:
    """A world in which one report of some trust says that the one sign is there."""
    table = {"A": [trust, 0.0, 0.0, 0.0, 0.0, 0.0], **NOTHING}
    return world(priors, {"sign-0": yes_no(p_given)}, [report("sign-0", 1, "a", "A1")], trust=table, **more)


def ratio_of(likelihoods: list[float], priors: list[float]) -> float:
    """How far the reports moved the odds of the first scenario against the second."""
    return likelihoods[0] / likelihoods[1] / (priors[0] / priors[1])


def as_trust(ratio: float) -> float:
    """The trust of a report that is so many times as likely to name the true level as any other."""
    return (ratio - 1) / (ratio + 1)


def test_schweitzer(ask: Ask) -> None:
    likelihoods, _ = ask(seen(SCHWEITZER["prior"], [SCHWEITZER["p_sign"]]))
    assert likelihoods == pytest.approx(SCHWEITZER["exact"], abs=1e-12)
    assert [round(one, 2) for one in likelihoods] == SCHWEITZER["published"]
    decibans = 10 * math.log10(ratio_of(likelihoods, SCHWEITZER["prior"]))
    assert decibans == pytest.approx(SCHWEITZER["decibans"], abs=5e-5)


def test_tunny(ask: Ask) -> None:
    """The prior odds of the report are beyond what a catalog may hold, so its ratio is put to them here."""
    likelihoods, _ = ask(seen([0.5, 0.5], [[0.5, 0.5 / ratio] for ratio in TUNNY["ratios"]]))
    odds = TUNNY["prior_odds"] * ratio_of(likelihoods, [0.5, 0.5])
    assert odds == pytest.approx(TUNNY["exact_odds"], rel=1e-9)
    assert odds / (1 + odds) == pytest.approx(TUNNY["exact_p"], abs=1e-9)
    assert 10 * math.log10(odds) == pytest.approx(TUNNY["exact_decibans"], abs=5e-5)


@pytest.mark.parametrize("number", range(len(ODDS["cases"])))
def test_odds_form(ask: Ask, number: int) -> None:
    case = ODDS["cases"][number]
    likelihoods, _ = ask(seen([case["prior"], 1 - case["prior"]], [[0.8, 0.8 / ratio] for ratio in case["ratios"]]))
    assert likelihoods[0] == pytest.approx(case["p"], abs=5e-7)


def test_virtual_evidence(ask: Ask) -> None:
    likelihoods, _ = ask(told_once([0.1, 0.9], [0.8, 0.2], as_trust(7 / 3)))
    assert ratio_of(likelihoods, [0.1, 0.9]) == pytest.approx(PUBLISHED["virtual_evidence"]["ratio"], rel=1e-12)
    assert likelihoods[0] == pytest.approx(PUBLISHED["virtual_evidence"]["p"], abs=5e-7)


@pytest.mark.parametrize("case", PUBLISHED["unreliable_source"]["cases"], ids=lambda case: f"h={case['h']}")
def test_unreliable_source(ask: Ask, case: dict[str, float]) -> None:
    """Of a report with hit rate h and false-alarm rate f only h/f tells; without false alarms it is certain."""
    if case["f"] == 0:
        made = seen([0.5, 0.5], [[0.8, 0.2]])
    else:
        made = told_once([0.5, 0.5], [0.8, 0.2], as_trust(case["h"] / case["f"]))
    likelihoods, _ = ask(made)
    assert ratio_of(likelihoods, [0.5, 0.5]) == pytest.approx(case["ratio"], abs=5e-7)


@pytest.mark.parametrize(
    ("days", "ratio"), [*zip(PUBLISHED["fading"]["days"], PUBLISHED["fading"]["ratio"], strict=True)]
)
def test_fading(ask: Ask, days: int, ratio: float) -> None:
    made = told_once([0.5, 0.5], [0.8, 0.2], as_trust(4), indicators={"half_life": "30d", "common_error": 0})
    _, evidence = ask(made, days)
    assert math.exp(evidence["level-1"]) == pytest.approx(ratio, abs=5e-7)
    assert not evidence.get("level-0")


@pytest.mark.parametrize(("rho", "ratio"), [*zip(PUBLISHED["group"]["rho"], PUBLISHED["group"]["ratio"], strict=True)])
def test_group(ask: Ask, rho: float, ratio: float) -> None:
    group = {"id": "equals", "indicators": ["sign-0", "sign-1", "sign-2"], "correlation": rho}
    likelihoods, _ = ask(seen([0.5, 0.5], [[0.8, 0.2]] * 3, problem={"groups": [group]}))
    assert ratio_of(likelihoods, [0.5, 0.5]) == pytest.approx(4**3 ** (1 - rho), rel=1e-12)
    # The middle figure is written as 11.035666; 4 to the root of 3 is 11.0356646.
    assert ratio_of(likelihoods, [0.5, 0.5]) == pytest.approx(ratio, abs=1.5e-6)


@pytest.mark.parametrize("scale", ["icd203", "phia", "kent"])
def test_words_stand_for_the_middle_of_their_published_bands(scale: str) -> None:
    published = PUBLISHED[scale]["words"]
    assert {word: [low, high] for word, low, high in SCALES[scale].bands} == published
    for word, (low, high) in published.items():
        assert SCALES[scale].middles[word] == pytest.approx((low + high) / 2, abs=1e-12)


@pytest.mark.parametrize(
    ("scale", "word"),
    [(scale, word) for scale in ("icd203", "phia", "kent") for word in PUBLISHED[scale]["words"]],
)
def test_a_word_in_a_catalog_is_its_number(ask: Ask, scale: str, word: str) -> None:
    """A sign expected in a word under one scenario, even under the other, moves the odds by their ratio."""
    low, high = PUBLISHED[scale]["words"][word]
    made = seen([0.5, 0.5], [[0.5, 0.5]], problem={"scale": scale})
    made.documents["problems"][0]["expectations"] = {"sign-0": {"given": {"s0": word}, "otherwise": 0.5}}
    likelihoods, _ = ask(made)
    assert ratio_of(likelihoods, [0.5, 0.5]) == pytest.approx((low + high) / 2 / 0.5, rel=1e-9)
