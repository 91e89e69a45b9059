"""Piecing: entries in pieces of their own size, names numbered on from those before."""

from collections.abc import Iterator

import pytest

from iwscore.store import piecing, segments
from iwscore.store.databases import database_at
from iwscore.store.drafts import Draft
from iwscore.store.entries import Head
from iwscore.store.pieces import NAMED, Piece
from iwscore.store.piecing import read_pieces
from tests.store.drafting import NOON, opened, record, some, sound


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piecing, "ENTRIES", 4)
    monkeypatch.setattr(segments, "SIZE", 2)


def pieces(
    url: str, after: int, last: int, told: list[tuple[int, int]] | None = None, **names: list[str]
) -> list[Piece]:
    def made() -> Iterator[Piece]:
        database = database_at(url)
        known = {name: names.get(name, []) for name in NAMED}
        with database.reading() as connection:
            yield from read_pieces(
                database, connection, after=after, last=last, names=known,
                progress=None if told is None else lambda *done: told.append(done),
            )  # fmt: skip
        database.dispose()

    return list(made())


def test_pieces_follow_one_another_and_say_what_they_were_made_of(url: str) -> None:
    with opened(url) as log:
        heads: list[Head] = [log.append(some(count), author=f"w{count}", reason="r").head for count in (3, 4, 2)]
    told: list[tuple[int, int]] = []
    made = pieces(url, 0, 9, told)
    assert [(piece.first, piece.last, piece.batch, len(piece)) for piece in made] == [
        (1, 4, 2, 4),
        (5, 8, 3, 4),
        (9, 9, 3, 1),
    ]
    assert [piece.digest for piece in made] == [heads[1].digest, heads[2].digest, heads[2].digest]
    assert (told[-1], pieces(url, 9, 9)) == ((9, 9), [])
    assert [(piece.first, piece.last) for piece in pieces(url, 2, 3)] == [(3, 3)]


def test_what_is_alike_is_kept_once_and_numbers_take_little_room(sqlite_url: str) -> None:
    with opened(sqlite_url) as log:
        record(log, sound(), sound(source="b"), sound(level="", value=2.5))
    (piece,) = pieces(sqlite_url, 0, 3, source=["b"])
    columns = piece.columns
    assert (piece.names["source"], piece.names["grade"]) == (("osint",), ("B2",))
    assert (columns["source"].tolist(), columns["source"].dtype.str) == ([1, 0, 1], "|u1")
    assert (len(columns["known_from"]), columns["known_from"][0], len(columns["value"])) == (1, NOON, 3)


def test_reports_alone_are_rows(sqlite_url: str) -> None:
    with opened(sqlite_url) as log:
        outcome, report = record(log, Draft(kind="outcome", subject="nowhere", content="{}"), sound())
        record(log, Draft(kind="retraction", target=outcome), Draft(kind="retraction", target=report))
    (piece,) = pieces(sqlite_url, 0, 4)
    assert (piece.columns["skipped"].tolist(), len(piece)) == ([1, 3], 2)
    assert (piece.columns["linked"].tolist(), piece.columns["target"].tolist()) == ([4], [2])
    assert piece.names["subject"] == ("belarus", "")
