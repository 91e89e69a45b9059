"""A log up to a ceiling, worked out plainly: the whole log is settled first, and then rows are left out."""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np

from iwscore.domain.columns import Columns
from iwscore.domain.observations import MARKINGS, NEVER, Names
from iwscore.services.frames import columns_of
from iwscore.store.logs import Log
from tests.services.streams import BEGIN, Stream, catalogs
from tests.store.drafting import DAY, Clock, opened

EVERY = ("", *MARKINGS)  # blank is amber


def shown(marking: str, ceiling: str) -> bool:
    return MARKINGS.index(marking or "amber") <= MARKINGS.index(ceiling)


def up_to(log: Log, ceiling: str) -> Columns:
    """Return the columns of what a ceiling may see; names that only others have are not among them."""
    seen = log.observations()
    whole = columns_of(seen)
    rows = np.flatnonzero([shown(marking, ceiling) for marking in seen.texts["marking"].tolist()])
    taken = whole.take(rows)
    return replace(
        taken,
        subject=spelt(taken.subject),
        indicator=spelt(taken.indicator),
        level=spelt(taken.level),
        source=spelt(taken.source),
        origin=spelt(taken.origin),
    )


def spelt(names: Names) -> Names:
    held = sorted({names[row] for row in range(len(names.codes))})
    return Names(np.array([held.index(names[row]) for row in range(len(names.codes))], dtype=np.int32), tuple(held))


def digest_of(log: Log, ceiling: str) -> str:
    """Return the digest of what a ceiling may see, from the words that describe it."""
    entries = [one for one in log.entries(limit=100_000) if one.kind == "catalog" or shown(one.marking, ceiling)]
    running = b"".join(bytes.fromhex(one.id) + one.known_from.to_bytes(8, "big") for one in entries)
    seen = log.observations()
    until = dict(zip([key.decode() for key in seen.id.tolist()], columns_of(seen).stands_until.tolist(), strict=True))
    for gone in log.entries(limit=100_000):
        if gone.kind == "retraction" and gone.target not in until:
            until[f"outcome {gone.target}"] = min(until.get(f"outcome {gone.target}", NEVER), gone.known_from)
    total = 0
    for one in entries:
        ended = until.get(f"outcome {one.id}" if one.kind == "outcome" else one.id, NEVER)
        if one.kind != "retraction" and ended != NEVER:
            total += int(hashlib.sha256(bytes.fromhex(one.id) + ended.to_bytes(8, "big")).hexdigest(), 16)
    both = hashlib.sha256(running).digest() + (total % 2**256).to_bytes(32, "big")
    return hashlib.sha256(both).hexdigest()


def marked(seed: int, url: str, folder: Path) -> Iterator[tuple[Stream, Log, Clock]]:
    """Yield a stream whose entries are marked by chance, with its log, which is closed behind it."""
    made, clock = catalogs(seed, folder), Clock(BEGIN + 5 * DAY)
    subjects = sorted({name for one in made[0].problems.values() for name in one.subjects or ("north", "south")})
    with opened(url, clock) as log:
        yield Stream(seed, log, clock, made, subjects, markings=EVERY), log, clock
