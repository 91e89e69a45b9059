"""Words of estimative probability: what each stands for on its scale.

Here belong the scales and the two ways across them. Where a catalog may use words belongs to ``catalog``.

References
----------
ICD 203, Analytic Standards, Office of the Director of National Intelligence (2015), section D.6.e.2.a.
PHIA Probability Yardstick, UK Professional Head of Intelligence Assessment (2025).
Kent, S. (1964). Words of Estimative Probability. Studies in Intelligence 8(4), 49-65.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["SCALES", "Scale"]

_LEAST_CASES = 1.0


@dataclass(frozen=True, slots=True)
class Scale:
    """A scale of words; ``bands`` holds each word with the low and high end of its band, ascending."""

    id: str
    bands: tuple[tuple[str, float, float], ...]

    @property
    def middles(self) -> dict[str, float]:
        """The probability each word stands for: the middle of its band."""
        return {word: round((low + high) / 2, 6) for word, low, high in self.bands}

    def term(self, probability: float) -> str:
        """Return the word whose band holds ``probability``; the nearer word where it falls into a gap.

        Examples
        --------
        >>> SCALES["icd203"].term(0.8), SCALES["icd203"].term(0.002)
        ('very-likely', 'remote')
        """
        inside = [word for word, low, high in self.bands if low <= probability < high]
        if inside:
            return inside[-1]
        return min(self.bands, key=lambda band: min(abs(probability - band[1]), abs(probability - band[2])))[0]

    def cases(self, row: Sequence[float], word: str | None = None) -> float:
        """Return how many cases a row of shares is worth, if its likeliest share is as unsure as a word's band is wide.

        The word is the one the row was written in, else the likeliest share's own. The variances are made equal: that
        of the share under a Dirichlet distribution and that of an even draw from the band.

        Examples
        --------
        >>> round(SCALES["icd203"].cases((0.325, 0.675), "likely")), round(SCALES["icd203"].cases((0.05, 0.60, 0.35)))
        (41, 45)
        """
        likeliest = max(row)
        low, high = {name: ends for name, *ends in self.bands}[word or self.term(likeliest)]
        return max(12 * likeliest * (1 - likeliest) / (high - low) ** 2 - 1, _LEAST_CASES)


_ICD203 = (
    ("remote", 0.01, 0.05),
    ("very-unlikely", 0.05, 0.20),
    ("unlikely", 0.20, 0.45),
    ("even", 0.45, 0.55),
    ("likely", 0.55, 0.80),
    ("very-likely", 0.80, 0.95),
    ("almost-certain", 0.95, 0.99),
)
_PHIA = (
    ("remote-chance", 0.0, 0.05),
    ("highly-unlikely", 0.10, 0.20),
    ("unlikely", 0.25, 0.35),
    ("realistic-possibility", 0.40, 0.50),
    ("likely", 0.55, 0.75),
    ("highly-likely", 0.80, 0.90),
    ("almost-certain", 0.95, 1.0),
)
_KENT = (
    ("almost-certainly-not", 0.02, 0.12),
    ("probably-not", 0.20, 0.40),
    ("even", 0.40, 0.60),
    ("probable", 0.63, 0.87),
    ("almost-certain", 0.87, 0.99),
)

SCALES = {name: Scale(name, bands) for name, bands in (("icd203", _ICD203), ("phia", _PHIA), ("kent", _KENT))}
