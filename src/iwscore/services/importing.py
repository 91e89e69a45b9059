"""Import: files of observations into the log, as one batch or not at all.

Here belongs the verb. Judging belongs to ``services.intakes``. A dry run goes the same way and stops before writing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass, replace

from iwscore.errors import DraftFaults, Fault
from iwscore.services.intakes import Intake, Reject, Terms
from iwscore.services.signatures import require_signature
from iwscore.store.entries import Receipt
from iwscore.store.overlaps import ahead
from iwscore.store.portions import Portion
from iwscore.store.spools import Spool, spooling

__all__ = ["MOST_FAULTS", "Imported", "Terms", "import_portions"]

MOST_FAULTS = 1000  # kept to be shown; the file of rejects has them all
Told = Callable[[str, float], None]


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import has done: rows added, on file already and rejected, and the batch, None where none was written.

    ``faults`` are the first of them; ``further`` counts the others. ``stopped`` says that nothing was written because
    of them.
    """

    added: int
    repeated: int
    rejected: int
    batch: int | None
    recorded_at: int | None
    head: str
    faults: tuple[Fault, ...]
    further: int
    stopped: bool


class _Complaints:
    """The first faults, and how many there are."""

    def __init__(self, also: Callable[[Iterable[Reject]], None] | None) -> None:
        self.kept: list[Fault] = []
        self.count = 0
        self._also = also
        self._loose: set[Fault] = set()

    def refuse(self, rejects: Iterable[Reject], loose: Iterable[Fault]) -> None:
        """Take in rows at fault and faults of whole files; those come with every portion, and are kept once."""
        rows = list(rejects)
        fresh = [fault for fault in loose if fault not in self._loose]
        self._loose.update(fresh)
        for fault in [*fresh, *(fault for row in rows for fault in row.faults)]:
            self.count += 1
            if len(self.kept) < MOST_FAULTS:
                self.kept.append(fault)
        if self._also:
            self._also(rows)


def import_portions(
    terms: Terms,
    portions: Iterable[Portion],
    *,
    reason: str,
    skip: bool = False,
    dry: bool = False,
    rejects: Callable[[Iterable[Reject]], None] | None = None,
    told: Told = lambda what, done: None,
) -> Imported:
    """Record the rows of all portions as one batch; with ``skip`` without those at fault, else only if none is.

    What the author has on file is left out, so the same files again add nothing. ``rejects`` is given every row at
    fault; ``told`` hears what is being done and how much of it (0 to 1).

    Raises
    ------
    DraftFaults
        If author or reason cannot be kept; or if another writer has come between judging and writing, and a row
        cannot be taken any more.
    """
    require_signature(terms.author, reason, command="import")
    complaints = _Complaints(rejects)
    with spooling() as spool:
        intake = Intake(terms, spool, complaints.refuse)
        with closing(ahead(portions)) as coming:
            for portion in coming:
                intake.take(portion)
                told("Judging", portion.done)
                if portion.final:
                    break
        intake.finish()
        stopped = intake.broken or bool(complaints.count and not skip)
        receipt = None
        if not (stopped or dry) and len(spool):
            receipt = _write(terms, spool, intake, reason, told)
    added = receipt.entries if receipt else 0 if stopped else len(spool)
    return Imported(
        added=added,
        repeated=intake.repeated + (receipt.repeated if receipt else 0),
        rejected=intake.rejected,
        batch=receipt.batch if receipt else None,
        recorded_at=receipt.recorded_at if receipt else None,
        head=(receipt.head if receipt else terms.log.head()).digest,
        faults=tuple(complaints.kept),
        further=complaints.count - len(complaints.kept),
        stopped=stopped,
    )


def _write(terms: Terms, spool: Spool, intake: Intake, reason: str, told: Told) -> Receipt:
    done = 0

    def count(rows: int) -> None:
        nonlocal done
        done += rows
        told("Writing", done / len(spool))

    try:
        return terms.log.append(
            spool.drafts(),
            author=terms.author,
            reason=reason,
            historical=terms.historical,
            once=True,
            catalog=terms.catalog,
            progress=count,
        )
    except DraftFaults as refused:
        raise DraftFaults(_placed(fault, spool, intake.files) for fault in refused.faults) from None


def _placed(fault: Fault, spool: Spool, files: list[str]) -> Fault:
    """Return a fault of a draft as one of the row it came from."""
    if not fault.line:
        return fault
    file, row = spool.place(fault.line - 1)
    return replace(fault, file=files[file], line=row)
