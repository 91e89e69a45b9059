"""Reading of the small texts of documents and rows: times, durations, words of probability.

What the texts belong to is read in `catalogs` and `reports`.
"""

import json
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

UNITS = {
    "min": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}

PUBLISHED = json.loads((Path(__file__).parents[1] / "vectors" / "published.json").read_text(encoding="utf-8"))
BANDS: dict[str, dict[str, list[float]]] = {scale: PUBLISHED[scale]["words"] for scale in ("icd203", "phia", "kent")}


def instant(text: str, *, end_of_day: bool = False) -> datetime:
    """The UTC instant a text names; a bare date is its first instant, or its last one."""
    if len(text) == len("2022-10-04"):
        clock = time.max if end_of_day else time.min
        return datetime.combine(datetime.fromisoformat(text).date(), clock, tzinfo=UTC)
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset")
    return moment.astimezone(UTC)


def duration(text: str) -> timedelta | None:
    """The length a text such as `36h` names; None for `never`."""
    if text == "never":
        return None
    number = text.rstrip("mindhw")
    return float(number) * UNITS[text[len(number) :]]


def probability(text: str | float, scale: str) -> float:
    """The number a word of the scale stands for (the middle of its band); a number is itself."""
    if isinstance(text, str):
        low, high = BANDS[scale][text]
        return (low + high) / 2
    return float(text)


def term(likelihood: float, scale: str) -> str:
    """The word of the scale whose band holds the likelihood, or whose band is nearest to it."""
    distances = {}
    for word, (low, high) in BANDS[scale].items():
        if low <= likelihood < high:
            return word
        distances[word] = max(low - likelihood, likelihood - high)
    return min(distances, key=lambda word: distances[word])
