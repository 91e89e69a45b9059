"""The words of every fault that a draft or a log can have.

Here belong codes and texts. Finding faults belongs to ``store.refusing`` (drafts) and ``store.verifying`` (the log).
A draft's fault names its place among the drafts of its batch, counted from 1; a log's names the row of a table.
"""

from __future__ import annotations

from collections.abc import Mapping

from iwscore.errors import Fault
from iwscore.store.wordings import shown

__all__ = ["DRAFT_WORDINGS", "LOG_WORDINGS", "draft_fault", "log_fault"]

DRAFT_WORDINGS: dict[str, tuple[str, str, str]] = {
    # code: what is, what must be, what to do
    "IW420": (
        "external_id is on file with other content",
        "one author uses it once",
        "Correct that entry, or use another external_id.",
    ),
    "IW421": ("target is not in the log", "it must be there before", "Correct the target."),
    "IW422": (
        "target cannot be corrected or withdrawn",
        "it must be an observation, a correction or, to be withdrawn, an outcome",
        "Record the observation anew.",
    ),
    "IW423": ("observed_at lies in the future", "it must not lie after {stamp}", "Correct the time."),
    "IW424": (
        "reported_at is missing",
        "history counts as known from it",
        "Fill in when the source said so.",
    ),
    "IW425": ("reported_at lies in the future", "it must not lie after {stamp}", "Correct the time."),
    "IW426": (
        "reported_at lies before observed_at",
        "nothing is known before it is so",
        "Correct one of the two times.",
    ),
    "IW427": ("{name} is blank", "every batch says who and why", "Give the {name}."),
    "IW428": ("text cannot be kept", "it must be Unicode without NUL", "Remove the character."),
}
LOG_WORDINGS: dict[str, tuple[str, str, str]] = {
    "IW440": ("entry was altered", "it must be what batch {batch} was closed over", "{remedy}"),
    "IW441": ("entry is missing", "batch {batch} has entries {first} to {last}", "{remedy}"),
    "IW442": ("entry was inserted", "every entry must belong to a batch", "{remedy}"),
    "IW443": ("entry was moved", "it was recorded as entry {was}", "{remedy}"),
    "IW444": (
        "batch is not what was recorded",
        "its digest must follow from the batch before it, its entries and its header",
        "{remedy}",
    ),
    "IW445": ("batch is missing", "batches are numbered without gaps", "{remedy}"),
    "IW446": (
        "tail was cut",
        "the chain must pass through {head}; it ends with batch {batch}, entry {entry}",
        "Look for another log, or restore a dump that holds this head.",
    ),
    "IW447": ("catalog's text {state}", "it must be what the digest was taken of", "{remedy}"),
    "IW448": ("trigger is missing", "it refuses changes to the log", "Find out who dropped it, and why."),
    "IW449": ("segment differs", "it must say what the entries from {first} on say", "{remedy}"),
    "IW450": ("id leads elsewhere", "each must lead to its entry", "{remedy}"),
    "IW458": (
        "cache of columns differs",
        "it must say what the entries up to {last} say",
        "Find out who changed it, and make it anew by iwscore log cache --rebuild.",
    ),
}
_NONE: Mapping[str, object] = {}
_REMEDY = "Find out who changed it, and compare with a dump."


def draft_fault(place: int, field: str, code: str, value: str | None = None, **words: object) -> Fault:
    """Return what is wrong with the draft at that place, counted from 0; -1 for the batch as a whole."""
    what, must, remedy = (text.format(**words) for text in DRAFT_WORDINGS[code])
    said = None if value is None else shown(value)
    return Fault("drafts", place + 1, 0, code, what, said, must, remedy, field=field)


def log_fault(
    log: str, table: str, row: int, code: str, value: str | None, words: Mapping[str, object] = _NONE
) -> Fault:
    """Return what is wrong with a row of a table of the log; row 0 for the table as a whole."""
    what, must, remedy = (text.format(**{"remedy": _REMEDY, **words}) for text in LOG_WORDINGS[code])
    return Fault(log, row, 0, code, what, value, must, remedy, field=table)
