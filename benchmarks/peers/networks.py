"""Likelihoods by exact inference in a Bayesian network: scenario → level of each indicator, with likelihood evidence.

The network and the likelihoods of the levels, common error and all, are made before time is taken: what is timed is
from evidence entered to the posterior of the scenarios, one trend point after another.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from functools import partial
from importlib import import_module
from typing import Any

import numpy as np

from iwscore.core.bundles import Expectations, Floats

__all__ = ["INFERENCES", "level_likelihoods"]

Answers = Callable[[], Floats]  # of all points, one after another


def level_likelihoods(nats: Floats, asked: Expectations) -> list[Floats]:
    """Return how likely the reports are if each level is the true one, the likeliest 1: I arrays of shape (T, L)."""
    found = []
    for i, error in enumerate(asked.common_error):
        said = nats[:, asked.channels(i)]
        ratio = np.exp(said - said.max(axis=1, keepdims=True))
        ratio = (1 - error) * ratio + error * ratio.mean(axis=1, keepdims=True)
        found.append(ratio / ratio.max(axis=1, keepdims=True))
    return found


def quietly(name: str) -> Any:
    """Import a library whose own parts warn while they are imported."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return import_module(name)


def by_pyagrum(asked: Expectations, told: list[Floats], algorithm: str) -> Answers:
    """Shape (T, S); evidence is changed in place from point to point."""
    agrum = quietly("pyagrum")
    net = agrum.BayesNet()
    scenario = net.add(agrum.LabelizedVariable("scenario", "", len(asked.priors)))
    net.cpt(scenario)[:] = asked.priors
    for i, given in enumerate(asked.given):
        node = net.add(agrum.LabelizedVariable(f"sign-{i}", "", given.shape[1]))
        net.addArc(scenario, node)
        net.cpt(node)[:] = given
    inference = getattr(agrum, algorithm)(net)
    inference.addTarget(scenario)
    inference.setEvidence({f"sign-{i}": likelihood[0].tolist() for i, likelihood in enumerate(told)})

    def answers() -> Floats:
        found = []
        for t in range(len(told[0])):
            for i, likelihood in enumerate(told):
                inference.chgEvidence(f"sign-{i}", likelihood[t].tolist())
            inference.makeInference()
            found.append(inference.posterior(scenario).toarray())
        return np.array(found)

    return answers


def by_pgmpy(asked: Expectations, told: list[Floats]) -> Answers:
    """Shape (T, S); evidence is virtual."""
    models, inferences, factors = (quietly(f"pgmpy.{part}") for part in ("models", "inference", "factors.discrete"))
    names = [f"sign-{i}" for i in range(len(told))]
    net = models.DiscreteBayesianNetwork([("scenario", name) for name in names])
    scenarios, table = len(asked.priors), factors.TabularCPD
    net.add_cpds(table("scenario", scenarios, asked.priors[:, None]))
    for name, given in zip(names, asked.given, strict=True):
        net.add_cpds(table(name, given.shape[1], given.T, evidence=["scenario"], evidence_card=[scenarios]))
    inference = inferences.VariableElimination(net)

    def answers() -> Floats:
        found = []
        for t in range(len(told[0])):
            virtual = [
                table(name, said.shape[1], (said[t] / said[t].sum())[:, None])
                for name, said in zip(names, told, strict=True)
            ]
            found.append(inference.query(["scenario"], virtual_evidence=virtual, show_progress=False).values)
        return np.array(found)

    return answers


INFERENCES: dict[str, tuple[str, Callable[[Expectations, list[Floats]], Answers]]] = {
    "pyAgrum, LazyPropagation (its default)": ("pyagrum", partial(by_pyagrum, algorithm="LazyPropagation")),
    "pyAgrum, ShaferShenoyInference (its quickest here)": (
        "pyagrum",
        partial(by_pyagrum, algorithm="ShaferShenoyInference"),
    ),
    "pgmpy, VariableElimination": ("pgmpy", by_pgmpy),
}
