"""Identities: the content makes the id and the order, and each row is there once."""

import hashlib
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.domain.observations import COLUMNS, Observations
from tests.store.sheets import FULL, SOUND, as_commas, sound

Read = Callable[..., Observations]


def test_an_id_is_the_digest_of_the_row_as_it_was_understood(read: Read) -> None:
    """A correction may name an id, so its recipe is fixed for good."""
    noon, known = "1664884800000000", "1665036000500000"
    measured = {**FULL, "level": "", "value": "1500.250"}
    cells = [noon, "troops", "", "1500.25", "osint", "B2", "belarus", "ministry", "1665014399999999", "r-1"]
    cells += [FULL["note"], FULL["url"], "green", "observation", "", FULL["reason"], known]
    digest = hashlib.blake2b("\0".join(cells).encode(), digest_size=16).hexdigest()
    assert read(as_commas([measured])).id.tolist() == [digest.encode()]


@pytest.mark.parametrize("name", [*COLUMNS, "known_from"])
def test_every_column_is_part_of_the_id(read: Read, name: str) -> None:
    base = {**FULL, "known_from": "", "reported_at": ""}
    other = {
        "observed_at": {"observed_at": "2022-10-04T12:00:00.000001Z"},
        "value": {"level": "", "value": "1"},
        "grade": {"grade": "B3"},
        "reported_at": {"reported_at": "2022-10-05"},
        "known_from": {"known_from": "2022-10-05"},
        "marking": {"marking": "red"},
        "kind": {"kind": "correction", "target": "t"},
        "target": {"kind": "correction", "target": "u"},
    }.get(name, {name: "other"})
    target = [sound(external_id="t"), sound(external_id="u", note="u")]
    ids = set(read(as_commas(target)).id.tolist())
    first = base | ({"kind": "correction", "target": "t"} if name == "target" else {})
    before, after = (set(read(as_commas([*target, row])).id.tolist()) - ids for row in (first, base | other))
    assert len(before) == len(after) == 1
    assert before != after


@pytest.mark.parametrize("name", ["id", "recorded_at", "author"])
def test_what_the_log_adds_is_no_part_of_the_id(read: Read, name: str) -> None:
    assert read(as_commas([FULL])).id.tolist() == read(as_commas([{**FULL, name: "2023-01-01"}])).id.tolist()


def test_a_time_is_the_instant_it_names(read: Read) -> None:
    rows = [
        sound(observed_at=text) for text in ("2022-10-04T14:00:00+02:00", "2022-10-04 12:00Z", "2022-10-04T12:00:00.0z")
    ]
    assert read(as_commas([*rows, SOUND])).row.tolist() == [2]


def test_text_cannot_slip_from_one_column_into_the_next(read: Read) -> None:
    rows = [sound(note="a", url="b"), sound(note="ab"), sound(url="ab"), sound(note="b", url="a")]
    assert len(read(as_commas(rows))) == 4


@given(st.lists(st.sampled_from(["2022-10-04", "2022-10-05", "2022-10-06"]), min_size=1, max_size=12))
def test_rows_stand_by_knowledge_time_and_then_by_id(read: Read, days: list[str]) -> None:
    rows = [sound(observed_at="2022-10-04", reported_at=day, note=str(n % 5)) for n, day in enumerate(days)]
    observations = read(as_commas(rows))
    keys = list(zip(observations.known_from.tolist(), observations.id.tolist(), strict=True))
    assert keys == sorted(set(keys))
    assert len(keys) == len({(row["reported_at"], row["note"]) for row in rows})


def test_of_equal_rows_the_first_is_named(read: Read) -> None:
    assert read(as_commas([sound(note="x"), SOUND, sound(note="x"), SOUND])).row.tolist() in ([2, 3], [3, 2])
