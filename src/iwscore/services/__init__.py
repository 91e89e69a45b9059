"""The verbs: score, trend, explain. A catalog and observations in, answers out; the clock is an argument."""

from iwscore.services.explaining import explain
from iwscore.services.scoring import score
from iwscore.services.trends import trend

__all__ = ["explain", "score", "trend"]
