"""Parts: whole or not at all, this job's or none, one process at a time."""

import hashlib
import re
from pathlib import Path

import pytest

from iwscore.errors import Unreachable
from iwscore.store.parts import Parts, digest_of_file, locked, refusing_disk, replace_whole, write_whole

JOB, OTHER = b'{"job": 1}', b'{"job": 2}'


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    """A folder with a job begun in it."""
    made = Parts.beside(tmp_path / "out.parquet")
    made.folder.mkdir()
    made.begin(JOB)
    return made


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_whole_and_leaves_nothing_aside(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert names(tmp_path) == ["file"]
    assert digest_of_file(path) == hashlib.sha256(b"two").hexdigest()


def test_a_file_takes_the_place_of_another_in_one_step(tmp_path: Path) -> None:
    (tmp_path / "aside").write_bytes(b"new")
    (tmp_path / "path").write_bytes(b"old")
    with (tmp_path / "path").open("rb") as reader:
        replace_whole(tmp_path / "aside", tmp_path / "path")
        assert reader.read() == b"old"
    assert names(tmp_path) == ["path"]
    assert (tmp_path / "path").read_bytes() == b"new"


def test_parts_lie_beside_the_output(parts: Parts) -> None:
    assert parts.folder.name == "out.parquet.parts"
    assert parts.whole.parent == parts.folder
    assert parts.job() == JOB
    assert Parts(parts.folder / "none").job() is None


def test_sound_parts_are_found_by_number(parts: Parts) -> None:
    kept = {number: parts.put(number, f"part {number}".encode(), JOB) for number in (3, 0, 1_000_000)}
    assert parts.done(JOB) == kept
    assert kept[3].read_bytes() == b"part 3"


@pytest.mark.parametrize("spoilt", [b"", b"part", b"tarp 0"])
def test_a_part_that_is_not_as_it_was_written_is_removed(parts: Parts, spoilt: bytes) -> None:
    path = parts.put(0, b"part 0", JOB)
    path.write_bytes(spoilt)
    assert parts.done(JOB) == {}
    assert not path.exists()


def test_a_part_of_another_job_is_never_taken(parts: Parts) -> None:
    parts.put(0, b"part 0", OTHER)
    assert parts.done(JOB) == {}


def test_what_was_left_half_written_is_no_part(parts: Parts) -> None:
    path = parts.put(0, b"part 0", JOB)
    path.rename(path.with_name(f".{path.name}.new"))
    assert parts.done(JOB) == {}
    parts.clear()
    assert not parts.folder.exists()


def test_a_new_job_begins_with_nothing(parts: Parts) -> None:
    parts.put(0, b"part 0", JOB)
    parts.begin(OTHER)
    assert (parts.job(), names(parts.folder)) == (OTHER, ["job.json"])


def test_the_folder_stays_only_with_a_job_in_it(tmp_path: Path) -> None:
    parts = Parts.beside(tmp_path / "out.parquet")
    with locked(parts):
        assert parts.folder.exists()
    assert not parts.folder.exists()
    with locked(parts):
        parts.begin(JOB)
    assert parts.job() == JOB
    with pytest.raises(LookupError), locked(parts):
        raise LookupError
    assert parts.job() == JOB
    with locked(parts):
        parts.clear()
    assert not parts.folder.exists()


def test_a_held_folder_is_refused_and_let_go_with_its_holder(parts: Parts) -> None:
    said = rf"^IW452 output is being written \({re.escape(str(parts.folder))}\); one process at a time may write it\. "
    with locked(parts):
        for _ in range(2):
            with pytest.raises(Unreachable, match=said), locked(parts):
                pass
    with locked(parts):
        pass


def test_a_lock_that_went_with_its_folder_is_no_lock(parts: Parts) -> None:
    """Who held it removed the folder, and somebody else has made it anew: both would think it theirs."""
    with locked(parts):
        parts.clear()
        with locked(parts):
            parts.begin(OTHER)
            with pytest.raises(Unreachable), locked(parts):
                pass
    assert parts.job() == OTHER


def test_what_the_disk_refuses_is_told(tmp_path: Path) -> None:
    path = tmp_path / "none" / "out.parquet"
    said = rf"^IW402 cannot write \({re.escape(str(path))}\); .*\. No such file or directory\.$"
    with pytest.raises(Unreachable, match=said), refusing_disk(path):
        write_whole(path, b"")
    with pytest.raises(Unreachable, match=r"\. the library's words\.$"), refusing_disk(path):
        raise OSError("the library's words")
