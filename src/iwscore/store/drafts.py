"""Drafts: what somebody wants recorded, as columns, before the log has stamped it.

Here belong the bundle, the single draft and the way from judged rows of a file. What the log refuses belongs to
``store.refusing``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from iwscore.domain.models import Model
from iwscore.domain.observations import NEVER, Names
from iwscore.store.entries import ENTRY_KINDS, RETRACTION, TEXTS

if TYPE_CHECKING:
    from iwscore.store.rows import Rows

__all__ = ["DRAFT_TEXTS", "Draft", "Drafts", "draft_rows"]

DRAFT_TEXTS = (*TEXTS, "reason", "content", "target")
_OF_A_FILE = (*TEXTS, "reason")


class Draft(Model):
    """One entry not yet stamped; a text "" and a number None are not given. Times are microseconds."""

    kind: Literal["observation", "correction", "retraction", "outcome", "catalog"]
    observed_at: int | None = None
    reported_at: int | None = None
    value: float | None = None
    subject: str = ""
    indicator: str = ""
    level: str = ""
    source: str = ""
    grade: str = ""
    origin: str = ""
    external_id: str = ""
    note: str = ""
    url: str = ""
    marking: str = ""
    target: str = ""
    reason: str = ""
    content: str = ""

    @property
    def fingerprint(self) -> str:
        """The digest of all it says, 32 hexadecimal digits."""
        said = json.dumps(self.model_dump(mode="json"), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
        return hashlib.blake2b(said.encode(), digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True, eq=False)
class Drafts:
    """N entries not yet stamped.

    Attributes
    ----------
    kind
        Place in ``ENTRY_KINDS``. Shape (N,).
    observed_at, reported_at
        Microseconds since 1970, ``NEVER`` where there is none. Shape (N,).
    value
        NaN where there is none. Shape (N,).
    texts
        Columns of ``DRAFT_TEXTS``, "" where nothing is given; one that is left out is blank. ``target`` is the id of
        an entry in the log, or the fingerprint of an entry of the same author, in the log or in this batch.
    fingerprint
        32 hexadecimal digits: equal ones are one statement. Shape (N,).
    """

    kind: NDArray[np.int8]
    observed_at: NDArray[np.int64]
    reported_at: NDArray[np.int64]
    value: NDArray[np.float64]
    texts: Mapping[str, Names]
    fingerprint: NDArray[np.bytes_]

    def __len__(self) -> int:
        """Return N."""
        return len(self.kind)

    @classmethod
    def of(cls, drafts: Sequence[Draft]) -> Drafts:
        """Return single drafts as columns."""
        return cls(
            kind=np.array([ENTRY_KINDS.index(draft.kind) for draft in drafts], dtype=np.int8),
            observed_at=_times([draft.observed_at for draft in drafts]),
            reported_at=_times([draft.reported_at for draft in drafts]),
            value=np.array([np.nan if d.value is None else d.value for d in drafts], dtype=np.float64),
            texts={name: _names([getattr(draft, name) for draft in drafts]) for name in DRAFT_TEXTS},
            fingerprint=np.array([draft.fingerprint.encode() for draft in drafts], dtype="S32"),
        )

    def part(self, where: NDArray[np.int64] | NDArray[np.bool_] | slice) -> Drafts:
        """Return some of the drafts."""
        return Drafts(
            self.kind[where],
            self.observed_at[where],
            self.reported_at[where],
            self.value[where],
            {name: Names(names.codes[where], names.names) for name, names in self.texts.items()},
            self.fingerprint[where],
        )

    def text(self, name: str) -> Names:
        """Return a column of text, blank where it was left out."""
        return self.texts.get(name) or Names(np.zeros(len(self), dtype=np.int32), ("",))


def draft_rows(
    rows: Rows,
    where: NDArray[np.int64],
    fingerprint: NDArray[np.bytes_],
    target: Sequence[str] | None = None,
) -> Drafts:
    """Return the rows of a file at ``where`` as drafts, in that order; ``target`` is what they are about, resolved.

    A retraction has no ``observed_at``: it counts from when it is known.
    """
    kind = rows.kind[where]
    texts = {name: Names(rows.cells[name].codes[where], tuple(rows.cells[name].texts)) for name in _OF_A_FILE}
    return Drafts(
        kind=kind,
        observed_at=np.where(kind == RETRACTION, NEVER, rows.clocks.observed_at[where]),
        reported_at=rows.clocks.reported_at[where],
        value=rows.value[where],
        texts=texts if target is None else {**texts, "target": _names(target)},
        fingerprint=fingerprint,
    )


def _times(times: Sequence[int | None]) -> NDArray[np.int64]:
    return np.array([NEVER if time is None else time for time in times], dtype=np.int64)


def _names(texts: Sequence[str]) -> Names:
    index = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    return Names(np.array([index[text] for text in texts], dtype=np.int32), tuple(index))
