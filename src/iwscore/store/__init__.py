"""Observations in: files of rows become the columns that every question reads.

Here belongs what touches stored observations. What a row means belongs to ``domain``, who speaks to ``core``.
Importing this package loads no reader; the first file does.
"""

from iwscore.store.reading import read_observations

__all__ = ["read_observations"]
