"""Caches: where they are, who may write to them, and what a disk that refuses does."""

import io
from pathlib import Path

import numpy as np
import pytest

from iwscore.store.caches import Cache, Shelf, Writer, cache_of
from iwscore.store.pieces import NAMED, Piece, Spoilt
from tests.store.test_pieces import COLUMNS


def piece(first: int) -> Piece:
    return Piece(first, first + 3, 1, "", dict.fromkeys(NAMED, ("", "x")), COLUMNS | {"skipped": np.array([first + 1])})


@pytest.fixture
def cache(tmp_path: Path) -> Cache:
    return Cache(tmp_path / "deep" / "down" / "log.columns")


def put(cache: Cache, *pieces: Piece, anew: bool = False) -> str:
    """Put pieces behind what is there; return what was refused."""
    with cache.reading() as shelf, cache.appending(shelf, anew=anew) as writer:
        for one in pieces:
            writer.add(one)
    return writer.refused


def firsts(cache: Cache) -> list[int]:
    with cache.reading() as shelf:
        assert shelf.sound
        return [shelf.piece(page).first for page in shelf.pages]


def test_a_cache_lies_beside_the_file_or_in_the_folder_by_name(tmp_path: Path) -> None:
    file = tmp_path / "iwscore.db"
    assert cache_of(file, None, "log") is None  # no such file
    file.touch()
    beside, apart, other = cache_of(file, None, "log"), cache_of(file, tmp_path, "log"), cache_of(None, tmp_path, "b")
    assert beside is not None
    assert beside.path == tmp_path / "iwscore.db-columns"
    assert apart is not None
    assert other is not None
    assert apart.path.parent == other.path.parent == tmp_path
    assert apart.path != other.path
    assert cache_of(None, None, "log") is None


def test_pieces_are_put_behind_one_another(cache: Cache) -> None:
    assert firsts(cache) == []
    assert put(cache, piece(1), piece(5)) == ""
    assert put(cache, piece(9)) == ""
    assert firsts(cache) == [1, 5, 9]
    assert cache.path.stat().st_mode & 0o77 == 0
    assert put(cache, piece(1), anew=True) == ""
    assert firsts(cache) == [1]
    assert (cache.drop(), cache.drop()) == (True, False)


def test_a_file_that_is_replaced_is_read_to_its_end_by_who_has_it(cache: Cache) -> None:
    put(cache, piece(1), piece(5))
    with cache.reading() as shelf:
        put(cache, piece(1), anew=True)
        assert [shelf.piece(page).first for page in shelf.pages] == [1, 5]


def test_one_writes_at_a_time(cache: Cache) -> None:
    with cache.reading() as shelf, cache.appending(shelf, anew=False) as writer:
        assert put(cache, piece(1)) == ""
        assert put(cache, piece(1), anew=True) == ""
        writer.add(piece(1))
    assert firsts(cache) == [1]


def test_what_changed_meanwhile_is_left_alone(cache: Cache) -> None:
    put(cache, piece(1))
    with cache.reading() as shelf:
        put(cache, piece(5))
        with cache.appending(shelf, anew=False) as writer:
            writer.add(piece(5))
    assert firsts(cache) == [1, 5]


def test_a_piece_that_does_not_follow_is_not_sound(cache: Cache) -> None:
    put(cache, piece(1), piece(9))
    with cache.reading() as shelf:
        assert (len(shelf.pages), shelf.sound) == (1, False)


def test_a_file_cut_after_it_was_opened_is_spoilt(cache: Cache) -> None:
    put(cache, piece(1))
    with cache.reading() as shelf:
        cache.path.write_bytes(b"")
        with pytest.raises(Spoilt):
            shelf.piece(shelf.pages[0])


class Full(io.FileIO):
    """A file on a disk with room for so many bytes; of large writes it takes a part only."""

    room = 700

    def write(self, content):
        if not self.room:
            raise OSError(28, "No space left on device")
        taken = min(len(content), self.room, 100)
        self.room -= taken
        return super().write(content[:taken])


def test_a_disk_without_room_ends_the_writing_and_leaves_what_is_whole(tmp_path: Path) -> None:
    path = tmp_path / "log.columns"
    with Full(path, "w+") as file:
        file.room = 100_000
        writer = Writer(file, Shelf(file))
        writer.add(piece(1))
        size = path.stat().st_size
        file.room = size // 2
        for first in (5, 9):
            writer.add(piece(first))
    assert writer.refused == "No space left on device"
    assert path.stat().st_size == size
    assert firsts(Cache(path)) == [1]


@pytest.mark.parametrize("place", ["file/log.columns", "folder"])
def test_where_there_can_be_no_file_it_is_said(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "folder").mkdir()
    cache = Cache(tmp_path / place)
    assert firsts(cache) == []
    assert put(cache, piece(1)) in ("Not a directory", "Is a directory", "File exists")


def test_a_link_to_nowhere_is_dropped(tmp_path: Path, cache: Cache) -> None:
    cache.path.parent.mkdir(parents=True)
    cache.path.symlink_to(tmp_path / "nowhere")
    assert (cache.drop(), cache.path.is_symlink(), cache.drop()) == (True, False, False)
