"""Reading of rows: what each says, which of a chain stands as known then, what its grade is worth.

Which of the standing reports is heard is decided in `voices`.
"""

from dataclasses import dataclass
from datetime import datetime

from tests.oracle.catalogs import Register, Sign
from tests.oracle.texts import instant

Row = dict[str, str]


@dataclass(frozen=True)
class Known:
    """Three knowledge clocks, equal but in the steps of a change: reports, amendments, register."""

    reports: datetime
    amendments: datetime
    register: datetime


@dataclass(frozen=True)
class Report:
    """An observation or correction: one source's word, and where it stands in its chain."""

    external_id: str
    kind: str
    depth: int
    subject: str
    indicator: str
    level: str | None  # None where the catalog does not know it
    source: str
    origin: str | None  # the end of the chain; None where the catalog does not know it
    grade: str
    observed_at: datetime
    known_from: datetime

    @property
    def placed(self) -> bool:
        """Whether the catalog knows all the report names."""
        return self.level is not None and self.origin is not None


@dataclass(frozen=True)
class Chain:
    """An observation with its corrections, and the times from which retractions withdraw it."""

    members: list[Report]
    withdrawn_from: list[datetime]

    def standing(self, known: Known) -> Report | None:
        """The member that stands as known then, if any."""
        if any(moment <= known.amendments for moment in self.withdrawn_from):
            return None
        members = [
            member
            for member in self.members
            if member.known_from <= (known.reports if member.kind == "observation" else known.amendments)
        ]
        return max(members, key=place, default=None)

    def ever_stands(self, member: Report) -> bool:
        """Whether there is a knowledge time at which the member stands."""
        enders = [later.known_from for later in self.members if place(later) > place(member)]
        return all(moment > member.known_from for moment in enders + self.withdrawn_from)


def place(member: Report) -> tuple[int, datetime, str]:
    """The order of the members of a chain."""
    return member.depth, member.known_from, member.external_id


def knowledge_time(row: Row) -> datetime:
    """From when a row counts as known."""
    text = row.get("known_from") or row.get("reported_at") or row["observed_at"]
    return instant(text, end_of_day=True)


def read_level(row: Row, sign: Sign | None) -> str | None:
    """The level a row names, or its value falls on; None where the catalog does not know it."""
    if sign is None:
        return None
    if row.get("value"):
        if sign.cuts is None:
            return None
        return sign.levels[sum(cut <= float(row["value"]) for cut in sign.cuts)]
    level = row["level"]
    return level if level == "unknown" or level in sign.levels else None


def read_chains(rows: list[Row], signs: dict[str, Sign], register: Register, only: str | None) -> list[Chain]:
    """Every chain of the rows, each row once; `only` is the subject that a blank one means."""
    once = {tuple(sorted((key, text) for key, text in row.items() if text)): row for row in rows}
    by_name = {row["external_id"]: row for row in once.values() if row.get("external_id")}
    members: dict[str, list[Report]] = {}
    withdrawn: dict[str, list[datetime]] = {}
    for number, row in enumerate(once.values()):
        root, depth = row, 0
        while root.get("target"):
            root, depth = by_name[root["target"]], depth + 1
        chain = root.get("external_id") or f"row {number}"
        if row.get("kind") == "retraction":
            withdrawn.setdefault(chain, []).append(knowledge_time(row))
            continue
        report = Report(
            external_id=row.get("external_id", ""),
            kind=row.get("kind") or "observation",
            depth=depth,
            subject=row.get("subject") or only or "",
            indicator=row["indicator"],
            level=read_level(row, signs.get(row["indicator"])),
            source=row["source"],
            origin=register.end_of_chain(row["source"], row.get("origin", "")),
            grade=row["grade"],
            observed_at=instant(row["observed_at"]),
            known_from=knowledge_time(row),
        )
        members.setdefault(chain, []).append(report)
    return [Chain(reports, withdrawn.get(chain, [])) for chain, reports in members.items()]


def trust(report: Report, register: Register, known_at: datetime) -> float:
    """What a placed report's grade is worth, as the register is known then."""
    digit = report.grade[-1]
    own = report.grade[0] if len(report.grade) == 2 else register.letter(report.source, report.observed_at)
    letter = register.regrade(report.source, known_at) or own
    if letter is None or report.origin is None:
        raise ValueError(f"report {report.external_id} has no letter or no origin")
    worth = register.trust(letter, digit)
    if report.source == report.origin:
        return worth
    cap = register.regrade(report.origin, known_at) or register.letter(report.origin, report.observed_at)
    return worth if cap is None else min(worth, register.trust(cap, digit))
