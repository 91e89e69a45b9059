"""Signatures: who records something and why, judged before anything is shown or written.

Here belongs asking early, as a dry run must. What a signature must hold belongs to ``store.refusing``.
"""

from __future__ import annotations

from dataclasses import replace

from iwscore.errors import DraftFaults
from iwscore.store.refusing import signature_faults

__all__ = ["require_signature"]


def require_signature(author: str, reason: str, *, command: str) -> None:
    """Refuse an author or a reason that no batch can carry.

    Raises
    ------
    DraftFaults
        If one of them is blank or cannot be kept; it is placed by ``command``.
    """
    faults = [replace(fault, file=command) for fault in signature_faults(author, reason)]
    if faults:
        raise DraftFaults(faults)
