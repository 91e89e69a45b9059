"""Draws: a problem's tables as they might as well have been written, many times over.

Here belong the distributions of expectations and of trust. What a draw says about the scenarios belongs to
``core.bands``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce

import numpy as np

from iwscore.core.bundles import Floats, Ints
from iwscore.core.trust import trust_nats

__all__ = ["Widths", "draw_nats", "draw_rows", "generator"]

_LEAST = 0.001  # an expectation is never less, lest nothing could move it
_MOST_TRUST = 0.99


@dataclass(frozen=True, slots=True, eq=False)
class Widths:
    """How unsure a problem's I indicators and its table of trust are.

    Attributes
    ----------
    cases
        For each indicator how many cases the row of each scenario is worth, above 0. I arrays of shape (S,).
    judgments
        For each indicator which of its judgments each scenario has, 0 upwards; scenarios of one judgment share each
        draw. I arrays of shape (S,).
    streams
        For each indicator a number, 0 or more, that its draws depend on besides the seed.
    trust, spread
        Worth of each grade, 0 to 0.99, and how far it may be off either way. Shape (7, 6).
    """

    cases: tuple[Floats, ...]
    judgments: tuple[Ints, ...]
    streams: tuple[int, ...]
    trust: Floats
    spread: Floats


def generator(seed: int, *stream: int) -> np.random.Generator:
    """Return random numbers that depend on the seed and the stream alone.

    Examples
    --------
    >>> generator(1, 7).random() == generator(1, 7).random(), generator(1, 7).random() == generator(1, 8).random()
    (True, False)
    """
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed, spawn_key=stream)))


def draw_rows(given: Floats, cases: Floats, judgments: Ints, *, draws: int, rng: np.random.Generator) -> Floats:
    """Return rows of expectations drawn from Dirichlet distributions around those given, one row a judgment.

    Parameters
    ----------
    given
        P(level | scenario). Shape (S, L).
    cases
        Concentration of each row: how many cases it is worth. Shape (S,).
    judgments
        Which judgment each scenario has; all numbers from 0 up to J - 1 occur. Shape (S,).
    draws
        D, 1 or more.
    rng
        Where they come from.

    Returns
    -------
    Floats
        P(level | scenario), at least 0.001 but for rounding to a sum of 1. Shape (J, L, D).

    References
    ----------
    Ferguson, T. S. (1973). A Bayesian analysis of some nonparametric problems. The Annals of Statistics 1(2),
    209-230, section 1 (the Dirichlet distribution from gamma variables); house rule, docs/method.md §12.

    Examples
    --------
    >>> rows = draw_rows(np.array([[0.2, 0.8]] * 2), np.array([50, 50]), np.array([0, 0]), draws=3, rng=generator(0))
    >>> rows.shape, rows.sum(axis=1).round(12).tolist()
    ((1, 2, 3), [[1.0, 1.0, 1.0]])
    """
    _, first = np.unique(judgments, return_index=True)
    shape = (given * cases[:, None])[first]
    drawn = rng.standard_gamma(shape[:, :, None], size=(*shape.shape, draws))
    return _shares(np.maximum(_shares(drawn), _LEAST))


def _shares(amounts: Floats) -> Floats:
    """Return amounts brought to a sum of 1 over axis 1, added term by term."""
    total: Floats = reduce(np.add, [amounts[:, level] for level in range(amounts.shape[1])])
    return amounts / total[:, None]


def draw_nats(trust: Floats, spread: Floats, *, draws: int, rng: np.random.Generator) -> Floats:
    """Return the evidence of a report of each grade, its trust drawn evenly from as far as the table may be off.

    Parameters
    ----------
    trust, spread
        As in `Widths`. Shape (7, 6).
    draws, rng
        As for `draw_rows`.

    Returns
    -------
    Floats
        Nats, of trusts from 0 to 0.99. Shape (42, D).

    References
    ----------
    House rule, docs/method.md §12.

    Examples
    --------
    >>> draw_nats(np.array([[0.5, 0.0]]), np.array([[0.0, 0.0]]), draws=2, rng=generator(0)).round(4)
    array([[1.0986, 1.0986],
           [0.    , 0.    ]])
    """
    off = 2.0 * rng.random((trust.size, draws)) - 1.0
    return trust_nats(np.clip(trust.reshape(-1, 1) + spread.reshape(-1, 1) * off, 0.0, _MOST_TRUST))
