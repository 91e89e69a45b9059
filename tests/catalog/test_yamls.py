"""Reading one text: hostile ones end in faults, never in a crash, and places are where an editor counts them."""

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iwscore.catalog.sheets import Sheet
from iwscore.catalog.yamls import MOST_BYTES, read_text

BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 30))
HOSTILE = {
    "100 KB of brackets": (b"[" * 100_000, "IW106", (1, 34)),
    "100 KB of braces": (b"{a: " * 25_000, "IW106", (1, 130)),
    "deep blocks": ("".join(" " * n + "-\n" for n in range(60)).encode(), "IW106", (34, 34)),
    "deep keys": (b"? " * 50_000, "IW106", (1, 67)),
    "an alias bomb": (BOMB.encode(), "IW107", (1, 5)),
    "too many values": (b"[" + b"a," * 100_001 + b"]", "IW102", (1, 200_000)),
    "over 4 MiB": (b"a: " + b"x" * MOST_BYTES, "IW102", (1, 1)),
    "UTF-16": ("a: é".encode("utf-16"), "IW103", (1, 1)),
    "UTF-16 without a mark": ("a: b".encode("utf-16-le"), "IW104", (1, 2)),
    "Latin-1": ("a: b\nü: c".encode("latin-1"), "IW103", (2, 1)),
    "a byte after a mark": (b"\xef\xbb\xbfab\xff", "IW103", (1, 3)),
    "binary": (bytes(range(256)), "IW103", (3, 115)),
    "a bell": (b"a: b\r\nc: \x07", "IW104", (2, 4)),
    "a line end of YAML 1.1": ("a: b\u2028c".encode(), "IW104", (1, 5)),
    "a mark inside": ("a: \ufeffb".encode(), "IW104", (1, 4)),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_text_is_a_fault_at_its_place(name: str) -> None:
    content, code, spot = HOSTILE[name]
    began = time.process_time()
    fault = read_text(content, "a.yaml").faults[0]
    assert (fault.code, (fault.line, fault.column)) == (code, spot)
    assert time.process_time() - began < 10


def test_the_largest_scalar_allowed_is_read() -> None:
    sheet = read_text(b"a: " + b"x" * (MOST_BYTES - 3), "a.yaml")
    assert sheet.faults == []
    assert len(str(sheet.at("a"))) == MOST_BYTES - 3


def test_every_alias_of_a_bomb_is_named_and_none_followed() -> None:
    sheet = read_text(BOMB.encode(), "a.yaml")
    assert [fault.value for fault in sheet.faults].count("*a3") == 2
    assert sheet.at("a4") == [None, None]


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a: NO\r\nb: 010\r\n", {"a": "NO", "b": 10}),
        ("\ufeffa: 1e3", {"a": 1000.0}),
        ("%YAML 1.2\n---\na: '1'", {"a": "1"}),
        ('a: "tab\\there"', {"a": "tab\there"}),
        ("a: >-\n  one\n  two\n", {"a": "one two"}),
        ("<<: {a: 1}", {"<<": {"a": 1}}),
        ("[a, {b: c}]", ["a", {"b": "c"}]),
    ],
)
def test_a_text_means_what_yaml_1_2_says(text: str, tree: object) -> None:
    sheet = read_text(text.encode(), "a.yaml")
    assert sheet.faults == []
    assert sheet.tree == tree


def test_keys_and_values_have_places(sheet: Callable[[str], Sheet]) -> None:
    made = sheet("a:\n  - b: 1\n    ü: [x, Й, z]\n")
    assert made.keys == {("a",): (1, 1), ("a", 0, "b"): (2, 5), ("a", 0, "ü"): (3, 5)}
    assert made.values[("a", 0)] == (2, 5)
    assert made.values[("a", 0, "ü", 2)] == (3, 15)


def test_of_a_repeated_key_the_first_value_is_kept(sheet: Callable[[str], Sheet]) -> None:
    made = sheet("a: {b: 1}\na: {b: 2, c: 3}\n")
    assert made.tree == {"a": {"b": 1}}
    assert [fault.code for fault in made.faults] == ["IW111"]
    assert made.spot(("a", "b")) == (1, 8)


@given(st.one_of(st.binary(max_size=80), st.text("ab:-?[]{}&*!|>'\"%#,\n \t~1.", max_size=60).map(str.encode)))
def test_no_text_gets_past_without_a_tree_or_a_fault(content: bytes) -> None:
    sheet = read_text(content, "a.yaml")
    assert sheet.tree is not None or sheet.faults
