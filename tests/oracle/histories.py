"""Random rows: reports that repeat, contradict, relay, come late, are corrected and withdrawn.

The catalogs they speak of are made in `worlds`.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from random import Random

from tests.oracle.catalogs import Document, Register
from tests.oracle.reports import Row, knowledge_time
from tests.oracle.texts import instant

OFFSETS = [timedelta(), timedelta(hours=2), timedelta(hours=-5, minutes=-30)]


@dataclass(frozen=True)
class Cast:
    """What the rows may speak of, and when."""

    indicators: list[Document]
    sources: list[Document]
    subjects: list[str]
    blank_subject: bool
    start: datetime
    days: int


def history(rng: Random, cast: Cast) -> list[Row]:
    """The rows of a file, in random order; a few stand there twice."""
    pool = [cast.start + timedelta(minutes=5 * rng.randrange(288 * cast.days)) for _ in range(20)]
    roots = [observation(rng, cast, pool) for _ in range(rng.randint(40, 100))]
    for row in roots:
        if rng.random() < 0.06:
            misplace(rng, cast, row)
    name(rng, roots, "report")
    rows = roots + amendments(rng, cast, pool, [row for row in roots if row.get("external_id")])
    rows += [dict(rng.choice(rows)) for _ in range(3)]
    rng.shuffle(rows)
    return rows


def name(rng: Random, rows: list[Row], prefix: str) -> None:
    """Give most rows an external id."""
    for number, row in enumerate(rows):
        if rng.random() < 0.9:
            row["external_id"] = f"{prefix}-{number:03}"


def observation(rng: Random, cast: Cast, pool: list[datetime]) -> Row:
    """One report; few subjects, signs and sources, so that reports meet."""
    any_time = cast.start + timedelta(minutes=5 * rng.randrange(288 * cast.days))
    observed = rng.choice(pool) if rng.random() < 0.4 else any_time
    sign = rng.choice(cast.indicators[: rng.choice([2, len(cast.indicators)])])
    source = rng.choice(cast.sources[: rng.choice([3, len(cast.sources)])])
    row = {
        "observed_at": written(rng, observed),
        "indicator": sign["id"],
        "source": source["id"],
        "note": rng.choice(["", "", "seen twice"]),
        "marking": rng.choice(["", "clear", "amber"]),
        **saying(rng, sign),
        **knowledge(rng, observed),
    }
    if not (cast.blank_subject and rng.random() < 0.5):
        row["subject"] = rng.choice(cast.subjects)
    if rng.random() < 0.3:
        row["origin"] = rng.choice(cast.sources)["id"]
    digit = rng.choice("1112223456")
    register = Register(cast.sources, None)
    lone = register.letter(source["id"], instant(row["observed_at"])) and rng.random() < 0.4
    row["grade"] = digit if lone else rng.choice("AABBBCCCDEFG") + digit
    return row


def saying(rng: Random, sign: Document) -> Row:
    """A level or a value of a sign; now and then `unknown`."""
    levels = sign.get("levels", ["absent", "present"])
    if "measure" in sign and rng.random() < 0.6:
        cut = rng.choice(sign["measure"]["cuts"])
        return {"value": str(rng.choice([0, cut, cut - 0.25, 1000 * rng.random(), 3000]))}
    return {"level": "unknown" if rng.random() < 0.05 else rng.choice(levels)}


def written(rng: Random, moment: datetime) -> str:
    """A time as a bare date (then its first instant is meant), or with some offset."""
    if rng.random() < 0.1:
        return moment.date().isoformat()
    if rng.random() < 0.5:
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return moment.astimezone(timezone(rng.choice(OFFSETS))).isoformat()


def knowledge(rng: Random, observed: datetime) -> Row:
    """When a report was given and from when it counts as known: at once, soon, or late."""
    row: Row = {}
    for column, chance in {"reported_at": 0.4, "known_from": 0.2}.items():
        if rng.random() < chance:
            late = observed + timedelta(minutes=rng.choice([0, 5, 60, 1440, 4000, 15000]))
            row[column] = late.date().isoformat() if rng.random() < 0.2 else written_exactly(rng, late)
    return row


def written_exactly(rng: Random, moment: datetime) -> str:
    """A time with some offset."""
    return moment.astimezone(timezone(rng.choice(OFFSETS))).isoformat()


def misplace(rng: Random, cast: Cast, row: Row) -> None:
    """Make a row name something that no catalog of ours knows."""
    unmeasured = [one["id"] for one in cast.indicators if "measure" not in one]
    kind = rng.choice(["indicator", "level", "source", "origin", "value"])
    if kind == "value" and unmeasured:
        row.update(indicator=rng.choice(unmeasured), value="12.5")
        row.pop("level", None)
    elif kind in {"level", "value"}:
        row["level"] = "no-such-level"
        row.pop("value", None)
    else:
        row[kind] = f"no-such-{kind}"
    if "unknown" in row.get("level", ""):
        row["level"] = "no-such-level"


def amendments(rng: Random, cast: Cast, pool: list[datetime], roots: list[Row]) -> list[Row]:
    """Corrections of reports and of corrections, and retractions of any of them."""
    corrections: list[Row] = []
    for number in range(rng.randint(2, 7)):
        target = rng.choice(roots + corrections)
        made = observation(rng, cast, pool) if rng.random() < 0.3 else dict(target)
        made.pop("known_from", None)
        changed = next(one for one in cast.indicators if one["id"] == made["indicator"]) if known(cast, made) else None
        if changed and rng.random() < 0.8:
            made.pop("level", None)
            made.pop("value", None)
            made.update(saying(rng, changed))
        made.update(kind="correction", target=target["external_id"], reason="mistaken")
        made["external_id"] = f"correction-{number:03}"
        earliest = max(instant(made["observed_at"]), knowledge_time(target) - timedelta(hours=2))
        made["reported_at"] = after(rng, earliest)
        corrections.append(made)
    retractions = []
    for number in range(rng.randint(0, 3)):
        target = rng.choice(roots + corrections)
        moment = after(rng, knowledge_time(target))
        retractions.append(
            {
                "kind": "retraction",
                "target": target["external_id"],
                "external_id": f"retraction-{number:03}",
                "observed_at": moment,
                "reason": "withdrawn",
            }
        )
    return corrections + retractions


def known(cast: Cast, row: Row) -> bool:
    """Whether the catalog knows the sign a row names."""
    return any(one["id"] == row["indicator"] for one in cast.indicators)


def after(rng: Random, moment: datetime) -> str:
    """A time of its own, some while after another."""
    late = moment + timedelta(minutes=rng.choice([3, 90, 1500, 9000]), seconds=rng.randrange(3600))
    return late.astimezone(UTC).isoformat()
