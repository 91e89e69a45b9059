"""Record, correct, retract, outcome: single entries into the log.

Here belongs what is written and by which rules. Judging cells belongs to ``services.statements``, what an entry would
change to ``services.previews``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from iwscore.domain.catalogs import Catalog
from iwscore.domain.markings import DEFAULT_MARKING, place_of, reach_of
from iwscore.domain.observations import Observations
from iwscore.domain.times import from_micros, print_instant, to_micros
from iwscore.errors import DraftFaults, QuestionError, nearest
from iwscore.services.chains import chain_of, refuse_withdrawn
from iwscore.services.previews import Preview, make_preview
from iwscore.services.questions import ask
from iwscore.services.signatures import require_signature
from iwscore.services.statements import STATED, Statement, make_statement
from iwscore.services.views import View
from iwscore.store.drafts import Draft, Drafts
from iwscore.store.entries import Entry
from iwscore.store.log_wordings import draft_fault
from iwscore.store.logs import Log
from iwscore.store.receipts import Request

__all__ = [
    "Desk",
    "Prepared",
    "Recorded",
    "prepare_correction",
    "prepare_outcome",
    "prepare_record",
    "prepare_retraction",
    "write",
]

_MINUTE = 60_000_000
_COMMANDS = {"observation": "record", "correction": "correct", "retraction": "retract", "outcome": "outcome"}


@dataclass(frozen=True, slots=True)
class Desk:
    """Where entries are written: the log, the catalog they are judged by, who writes, and up to which ceiling.

    What is marked above the ceiling is to the writer as if it were not there.
    """

    log: Log
    catalog: Catalog
    author: str
    ceiling: str = "red"

    @property
    def view(self) -> View:
        """What of the log the writer may see."""
        return View(self.log, self.ceiling)

    @property
    def at(self) -> datetime:
        """The present, up to the minute: what previews are asked about."""
        return from_micros(-(-self.log.clock() // _MINUTE) * _MINUTE)


@dataclass(frozen=True, slots=True)
class Prepared:
    """An entry that can be written, and what it would change.

    ``target`` is the entry it is about, ``again`` the one on file that says just this: nothing is then written.
    """

    statement: Statement
    preview: Preview
    target: str = ""
    again: str = ""

    @property
    def command(self) -> str:
        """The command that writes such an entry."""
        return _COMMANDS[self.statement.kind]


@dataclass(frozen=True, slots=True)
class Recorded:
    """What was written; an entry that was on file already is named, and nothing is added."""

    added: int
    repeated: int
    id: str
    batch: int | None
    recorded_at: int | None
    head: str


def prepare_record(desk: Desk, cells: Mapping[str, str]) -> Prepared:
    """Return an observation made of these cells, judged, with what it would change.

    Raises
    ------
    RowFaults
        If a cell is at fault.
    QuestionError
        If it is marked above the writer's ceiling.
    """
    statement = make_statement(desk.catalog, cells, now=desk.log.clock(), command="record")
    _refuse_above(desk, statement.text("marking"))
    again = _on_file(desk, statement)
    return Prepared(statement, make_preview(desk.catalog, desk.view.observations(), statement, desk.at), again=again)


def prepare_correction(desk: Desk, name: str, cells: Mapping[str, str], *, reason: str) -> Prepared:
    """Return a correction of the entry of that name: what stands of it, with these cells in their place.

    Raises
    ------
    QuestionError
        If there is no such entry, or it is withdrawn, or the correction is marked above the writer's ceiling.
    RowFaults
        If a cell is at fault.
    """
    seen = desk.view.observations()
    entry = _standing(desk, seen, name)
    held = _cells(entry) | dict(cells)
    if "level" in cells and "value" not in cells:
        held.pop("value", None)
    if "value" in cells and "level" not in cells:
        held.pop("level", None)
    about = {"kind": "correction", "target": entry.id, "reason": reason}
    statement = make_statement(desk.catalog, held, now=desk.log.clock(), command="correct", about=about)
    _refuse_above(desk, statement.text("marking"))
    again = _on_file(desk, statement)
    return Prepared(statement, make_preview(desk.catalog, seen, statement, desk.at), entry.id, again)


def prepare_retraction(desk: Desk, name: str, *, reason: str, marking: str = "") -> Prepared:
    """Return what withdraws the entry of that name, with all its corrections; an outcome too can be withdrawn.

    Without a marking it has the default, or the writer's ceiling where that is lower.

    Raises
    ------
    QuestionError
        If there is no such entry, or it is withdrawn already, or the marking is above the writer's ceiling.
    """
    marking = _marking(desk, marking)
    entry = desk.view.find(name, desk.author)
    if entry.kind == "outcome":
        if entry.id not in {held.id for held in desk.view.outcomes()}:
            raise QuestionError("IW538", "entry is withdrawn", name, "it must stand", "There is nothing to do.")
        statement = _draft(Draft(kind="retraction", target=entry.id, reason=reason, marking=marking))
        return Prepared(statement, Preview((), ()), entry.id)
    seen = desk.view.observations()
    entry = _standing(desk, seen, name)
    statement = _draft(Draft(kind="retraction", target=entry.id, reason=reason, marking=marking))
    return Prepared(statement, make_preview(desk.catalog, seen, statement, desk.at), entry.id)


def prepare_outcome(
    desk: Desk, problem: str, scenario: str, *, subject: str | None, at: datetime, marking: str = ""
) -> Prepared:
    """Return that this scenario of this problem came true for the subject, as was settled at ``at``.

    Without a marking it has the default, or the writer's ceiling where that is lower.

    Raises
    ------
    QuestionError
        If problem, subject or scenario is unknown, the time lies ahead, another outcome stands for that time, or the
        marking is above the writer's ceiling.
    """
    marking = _marking(desk, marking)
    found, subject = ask(desk.catalog, desk.view.observations(), problem, subject)
    if scenario not in found.scenario_ids:
        raise QuestionError(
            "IW527", "unknown scenario", scenario, f"must be one of {problem}", nearest(scenario, found.scenario_ids)
        )
    if to_micros(at) > desk.log.clock():
        raise QuestionError(
            "IW528", "outcome lies in the future", print_instant(at), "must have come about", "Give an earlier --at."
        )
    content = json.dumps({"at": print_instant(at), "problem": problem, "scenario": scenario}, sort_keys=True)
    said = Draft(kind="outcome", observed_at=to_micros(at), subject=subject, content=content, marking=marking)
    again = ""
    for held in desk.view.outcomes():
        about = json.loads(held.content)
        if (about["problem"], held.subject, held.observed_at) == (problem, subject, said.observed_at):
            if about["scenario"] == scenario:
                again = held.id
                break
            raise QuestionError(
                "IW539", "another outcome stands", f"{held.id}: {about['scenario']}", "there can be one for a time",
                f"Withdraw it first: iwscore retract {held.id}.",
            )  # fmt: skip
    return Prepared(_draft(said), Preview((), ()), again=again)


def write(desk: Desk, prepared: Prepared, *, reason: str, request: Request | None = None) -> Recorded:
    """Record a prepared entry; what goes by its name and says the same is on file, and not recorded again.

    A ``request`` that was made before is answered as it was then.

    Raises
    ------
    DraftFaults
        If the log does not take it, as where its external_id stands for something else.
    """
    require_signature(desk.author, reason, command=prepared.command)
    draft = prepared.statement.draft
    once = bool(prepared.statement.text("external_id"))
    if prepared.again:
        return Recorded(0, 1, prepared.again, None, None, desk.log.head().digest)
    receipt = desk.log.append(
        draft, author=desk.author, reason=reason, once=once, catalog=desk.catalog, request=request
    )
    if receipt.first is None:
        return Recorded(0, receipt.repeated, "", None, None, receipt.head.digest)
    (entry,) = desk.log.entries(after=receipt.first - 1, limit=1)
    return Recorded(1, 0, entry.id, receipt.batch, receipt.recorded_at, receipt.head.digest)


def _on_file(desk: Desk, statement: Statement) -> str:
    """Return the id of what the author has on file under the statement's external_id, "" where there is nothing.

    Raises
    ------
    DraftFaults
        If that says something else.
    """
    name = statement.text("external_id")
    if not name:
        return ""
    matches = desk.log.match(statement.draft, author=desk.author)
    if matches.conflicting.any():
        fault = draft_fault(-1, "external_id", "IW420", name)
        raise DraftFaults([replace(fault, file=_COMMANDS[statement.kind])])
    held = desk.log.entries(external_ids=[name]) if matches.repeated.any() else []
    return next((entry.id for entry in held if entry.author == desk.author), "")


def _marking(desk: Desk, marking: str) -> str:
    """Return the marking of an entry that need not be given one; "" is the default.

    Raises
    ------
    QuestionError
        IW543 where it is above the writer's ceiling.
    """
    if not marking and reach_of(desk.ceiling) < place_of(DEFAULT_MARKING):
        return desk.ceiling
    _refuse_above(desk, marking)
    return marking


def _refuse_above(desk: Desk, marking: str) -> None:
    """Refuse to write what the writer could not read."""
    if place_of(marking) > reach_of(desk.ceiling):
        raise QuestionError(
            "IW543", "marking is above the ceiling", marking, f"must be at most {desk.ceiling}", "Mark it lower."
        )


def _draft(draft: Draft) -> Statement:
    return Statement(Drafts.of([draft]))


def _standing(desk: Desk, seen: Observations, name: str) -> Entry:
    """Return the entry that stands for the named one: itself, or its last correction."""
    entry = desk.view.find(name, desk.author)
    if entry.kind not in ("observation", "correction", "retraction"):
        raise QuestionError(
            "IW526", "entry cannot be corrected", f"{name}: {entry.kind}", "must be a report", "Name a report."
        )
    chain = chain_of(seen, entry)
    refuse_withdrawn(chain, name)
    (found,) = desk.log.entries(ids=[seen.id[chain.standing].decode()])
    return found


def _cells(entry: Entry) -> dict[str, str]:
    """Return what an entry says, in the columns of a statement; its external_id stays its own."""
    cells = {name: getattr(entry, name) for name in STATED if name != "external_id"}
    times = {name: print_instant(from_micros(cells[name])) for name in ("observed_at", "reported_at") if cells[name]}
    value = {"value": repr(entry.value)} if entry.value is not None else {}
    kept = {name: cell for name, cell in cells.items() if isinstance(cell, str) and cell}
    return kept | times | value
