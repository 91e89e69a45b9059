"""Without fading, groups, weights and shared origins the engine is exact inference in a Bayesian network.

The network: scenario → true level → perceived level → reports, a branch for each indicator. With
probability 1 − ε the perceived level is the true one; else it is drawn evenly from all levels, the
true one among them. Every report hangs on the perceived level and is (1+w)/(1−w) times as likely to
name it as any other.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from iwscore import catalog, services, store
from tests.oracle import Oracle
from tests.oracle.comparison import differences
from tests.oracle.plain import AT, PROBLEM, SUBJECT, report, world
from tests.oracle.worlds import World, write

with warnings.catch_warnings():
    # The library's compiled part warns at its import, and does not outlive the warning as an error.
    warnings.filterwarnings("ignore", "builtin type .* has no __module__ attribute", DeprecationWarning)
    import pyagrum

TOLERANCE = 1e-12
BATCHES = 10
NETWORKS_A_BATCH = 10


@dataclass(frozen=True)
class Network:
    """Priors, P(level) per sign and scenario, the reports on each sign as level and trust, and ε per sign."""

    priors: list[float]
    tables: list[list[list[float]]]
    reports: list[list[tuple[int, str]]]
    trust: dict[str, list[float]]
    epsilon: float


def network(seed: int) -> Network:
    """A random network of two to five scenarios and one to five signs of two to four levels."""
    rng = Random(seed)

    def some(count: int) -> list[float]:
        raised = [2 ** rng.uniform(-3, 3) for _ in range(count)]
        return [one / sum(raised) for one in raised]

    priors = some(rng.randint(2, 5))
    shapes = [rng.randint(2, 4) for _ in range(rng.randint(1, 5))]
    trust = {letter: [round(rng.uniform(0, 0.99), 3) for _ in range(6)] for letter in "ABCDEF"}
    return Network(
        priors=priors,
        tables=[[some(shape) for _ in priors] for shape in shapes],
        reports=[
            [(rng.randrange(shape), rng.choice(sorted(trust)) + rng.choice("123456")) for _ in range(rng.randint(0, 6))]
            for shape in shapes
        ],
        trust={"G": [0.0] * 6, **trust},
        epsilon=rng.choice([0, 0.02, 0.1, 0.5]),
    )


def as_world(given: Network) -> World:
    """The network as a catalog and reports; every report of a sign comes from a source of its own."""
    rows = [
        report(f"sign-{sign}", level, f"source-{number}", grade)
        for sign, reports in enumerate(given.reports)
        for number, (level, grade) in enumerate(reports)
    ]
    tables = {f"sign-{number}": table for number, table in enumerate(given.tables)}
    return world(given.priors, tables, rows, trust=given.trust, indicators={"common_error": given.epsilon})


def inferred(given: Network) -> list[float]:
    """The posterior of the scenarios by the inference library."""
    net = pyagrum.BayesNet()
    scenario = net.add(pyagrum.LabelizedVariable("scenario", "", len(given.priors)))
    net.cpt(scenario)[:] = given.priors
    told = {}
    for sign, (table, reports) in enumerate(zip(given.tables, given.reports, strict=True)):
        levels = range(len(table[0]))
        slip = given.epsilon / len(levels)
        perceive = [[slip + (1 - given.epsilon if one == true else 0) for one in levels] for true in levels]
        true = child(net, f"true-{sign}", scenario, table)
        perceived = child(net, f"perceived-{sign}", true, perceive)
        for number, (level, grade) in enumerate(reports):
            name = f"report-{sign}-{number}"
            trust = given.trust[grade[0]][int(grade[1]) - 1]
            child(net, name, perceived, [naming(one, trust, len(levels)) for one in levels])
            told[name] = level
    inference = pyagrum.LazyPropagation(net)
    inference.setEvidence(told)
    inference.makeInference()
    return [float(p) for p in inference.posterior(scenario).tolist()]


def naming(perceived: int, trust: float, count: int) -> list[float]:
    """P(report names each level), given the perceived one."""
    odds = [(1 + trust) / (1 - trust) if level == perceived else 1.0 for level in range(count)]
    return [one / sum(odds) for one in odds]


def child(net: pyagrum.BayesNet, name: str, parent: int, table: Sequence[Sequence[float]]) -> int:
    """A new node below a parent; a row of the table for each state of the parent."""
    node: int = net.add(pyagrum.LabelizedVariable(name, "", len(table[0])))
    net.addArc(parent, node)
    for state, row in enumerate(table):
        net.cpt(node)[{net.variable(parent).name(): state}] = row
    return node


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_oracle_is_exact(batch: int) -> None:
    for seed in range(batch * NETWORKS_A_BATCH, (batch + 1) * NETWORKS_A_BATCH):
        given = network(seed)
        made = as_world(given)
        answer = Oracle(made.documents, made.rows).answer(PROBLEM, SUBJECT, AT, None)
        likelihoods = [one["likelihood"] for one in answer["scenarios"]]
        assert differences(inferred(given), likelihoods, TOLERANCE) == [], seed


@pytest.mark.parametrize("batch", range(BATCHES))
def test_the_engine_is_exact(batch: int, tmp_path: Path) -> None:
    for seed in range(batch * NETWORKS_A_BATCH, (batch + 1) * NETWORKS_A_BATCH):
        given = network(seed)
        folder = tmp_path / str(seed)
        write(as_world(given), folder)
        loaded = catalog.load(folder)
        observations = store.read_observations(folder / "observations.csv", loaded)
        assessment = services.score(loaded, observations, problem=PROBLEM, at=AT)
        likelihoods = [one.likelihood for one in assessment.scenarios]
        assert differences(inferred(given), likelihoods, TOLERANCE) == [], seed


def test_the_reports_of_the_networks_tell_something() -> None:
    moved = [
        max(abs(p - q) for p, q in zip(inferred(one), one.priors, strict=True)) for one in map(network, range(100))
    ]
    assert sum(move > 0.05 for move in moved) > 60
