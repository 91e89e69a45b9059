"""Names as numbers: each distinct text of a growing column is kept once.

Here belongs numbering alone. What the names mean belongs to ``services.frames``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyarrow import types

__all__ = ["Index"]


class Index:
    """Distinct names in the order in which they came; "" stands for none."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._places = {name: place for place, name in enumerate(names)}

    def __len__(self) -> int:
        """Return how many names there are."""
        return len(self._places)

    def names(self, *, after: int = 0) -> list[str]:
        """Return the names, those of numbers from ``after`` on."""
        return list(self._places)[after:]

    def codes(self, column: Any) -> NDArray[np.unsignedinteger]:
        """Return the numbers of an Arrow column of text, in as few bytes as hold them; new names are taken in."""
        coded = column if types.is_dictionary(column.type) else column.dictionary_encode()
        texts = [*coded.dictionary.to_pylist(), ""]
        indices = coded.indices.fill_null(len(texts) - 1) if coded.null_count else coded.indices
        told = indices.to_numpy(zero_copy_only=False).astype(np.intp)
        numbers = {}
        for code in np.flatnonzero(np.bincount(told, minlength=len(texts))).tolist():
            numbers[code] = self._places.setdefault(texts[code], len(self._places))
        places = np.zeros(len(texts), dtype=np.min_scalar_type(max(len(self._places) - 1, 0)))
        places[list(numbers)] = list(numbers.values())
        codes: NDArray[np.unsignedinteger] = places.take(told)
        return codes
