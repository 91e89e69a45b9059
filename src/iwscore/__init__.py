"""iwscore: an indicators-and-warnings scoring engine.

A catalog of indicators and graded reports in, scenario likelihoods out, for any pair of clocks.
"""

__version__ = "0.1.0"
